"""``ssj draw anchor``: proofs from outside the house that the log of a draw was not rewritten."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.authentication import as_person
from engine.cli.draws.lookup import unknown_draw
from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, print_json, store_of
from engine.language import say


@click.command("anchor")
@click.argument("batch")
@click.option("--number", type=int, default=None, help="第几次抽取（默认最近一次）")
@click.option(
    "--export",
    "out",
    default=None,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写出日志头，供发邮件、交公证或申请时间戳。",
)
@click.option(
    "--import",
    "proof",
    default=None,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="导入凭据：RFC 3161 时间戳（.tsr），或写有日志头的回函、公证文字。",
)
@click.option("--by", default=None, metavar="NAME", help="凭据由谁出具，如公证处、时间戳机构。")
@click.option(
    "--ca",
    default=None,
    metavar="PEM",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="时间戳机构的根证书；给出才核验签名。",
)
@as_person("以谁的身份导入", required=False)
@as_json
@click.pass_context
def anchor(
    ctx: click.Context,
    batch: str,
    number: int | None,
    out: Path | None,
    proof: Path | None,
    by: str | None,
    ca: Path | None,
    person: str | None,
    json_output: bool,
) -> None:
    """日志的外部凭据：写出日志头交给单位以外的人，再把他们的凭据收进来；都不写则列出已有的。

    \b
    例：ssj draw anchor batch-1 --export head.txt
        ssj draw anchor batch-1 --import head.tsr --by 时间戳机构 --as drawer
    """
    if out is not None and proof is not None:
        raise CommandError(say("--export 和 --import 一次只用一个"), USAGE)
    if proof is not None:
        _take_in(ctx, batch, number, proof, by, ca, person)
    elif out is not None:
        _hand_out(ctx, batch, number, out)
    else:
        _list(ctx, batch, number, json_output)


def _hand_out(ctx: click.Context, batch: str, number: int | None, out: Path) -> None:
    from engine.app.draws.anchors import anchor_text
    from engine.app.draws.records import record_of

    with store_of(ctx).read() as transaction:
        row = transaction.records.draw(batch, number)
    if row is None:
        raise unknown_draw(batch)
    # Bytes, so that no system changes the line ends a time stamp is of.
    out.write_bytes(anchor_text(record_of(row)).encode())
    click.echo(str(out))
    click.echo(
        str(
            say(
                "把该文件原样发给监督单位、公证处或见证人，请其回函写明其中的 head；或申请时间戳：\n"
                "  openssl ts -query -data {file} -sha256 -cert -out {file}.tsq\n"
                "  把 {file}.tsq 交时间戳机构（Content-Type: application/timestamp-query），收回 {file}.tsr\n"
                "  ssj draw anchor {batch} --import {file}.tsr --by 机构名称 --as 经办人",
                file=out,
                batch=batch,
            )
        ),
        err=True,
    )


def _take_in(
    ctx: click.Context,
    batch: str,
    number: int | None,
    proof: Path,
    by: str | None,
    ca: Path | None,
    person: str | None,
) -> None:
    from engine.app.draws.anchors import add_anchor
    from engine.app.people.directory import find_actor
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.draw.refused import DrawRefused

    if not by or not person:
        raise CommandError(say("导入凭据请写明 --by（谁出具）和 --as（谁导入）"), USAGE)
    application = application_of(ctx)
    with application.store.write() as transaction:
        if find_actor(transaction, person) is None:
            raise CommandError(
                say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=person), REFUSED
            )
        uow = UnitOfWork(application, transaction, application.clock.now())
        # Held, so that nobody adds to the log at the same moment.
        uow.case(batch)
        row = transaction.records.draw(batch, number)
        if row is None:
            raise unknown_draw(batch)
        try:
            found = add_anchor(
                uow,
                row,
                proof.read_bytes(),
                name=proof.name,
                by=by,
                actor=person,
                certificates=ca.read_bytes() if ca else None,
            )
        except DrawRefused as refused:
            raise CommandError(refused, REFUSED) from None
    click.echo(f"{found.lines}\t{found.head}\t{found.form}\t{found.by}\t{found.at or '-'}")
    if found.form == "rfc3161" and not found.checked:
        click.echo(str(say("提示：没有给 --ca，只核对了时间戳所盖的内容，没有核验签名")), err=True)
    if found.form == "text":
        click.echo(str(say("提示：文字凭据的签名、印章由持有人自行核对")), err=True)


def _list(ctx: click.Context, batch: str, number: int | None, json_output: bool) -> None:
    from dataclasses import asdict

    from engine.app.draws.anchors import anchors_of
    from engine.app.draws.records import record_of

    with store_of(ctx).read() as transaction:
        row = transaction.records.draw(batch, number)
        if row is None:
            raise unknown_draw(batch)
        found = anchors_of(transaction, record_of(row), batch)
    if json_output:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.lines}\t{one.head}\t{one.form}\t{one.by}\t{one.at or '-'}")
    if not found:
        click.echo(str(say("还没有外部凭据；用 --export 写出日志头交给单位以外的人。")), err=True)
