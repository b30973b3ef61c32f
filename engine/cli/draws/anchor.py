"""``ssj draw anchor``: proofs from outside the bureau that the log of a draw was not rewritten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person, viewer_of
from engine.cli.exits import USAGE, CommandError
from engine.cli.new_file import require_new, write_new
from engine.cli.output import Column, listing, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.draws import Anchor


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
    help="导入签名方对日志头的签名（JSON）；旧协议 ssj-draw/1 的抽取导入 RFC 3161 时间戳（.tsr）或回函、公证文字。",
)
@click.option("--by", default=None, metavar="NAME", help="凭据由谁出具，如公证处、时间戳机构。")
@click.option(
    "--ca",
    default=None,
    metavar="PEM",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="时间戳机构的根证书；给出才核验签名。",
)
@click.option("--request-id", default=None, help="请求编号：同一编号只生效一次")
@as_person("以谁的身份导入或查看（或环境变量 SSJ_AS）", required=False)
@listing
@click.pass_context
def anchor(
    ctx: click.Context,
    batch: str,
    number: int | None,
    out: Path | None,
    proof: Path | None,
    by: str | None,
    ca: Path | None,
    request_id: str | None,
    person: str | None,
    output: str | None,
) -> None:
    """日志的外部凭据：写出日志头交给单位以外的人，再把他们的凭据收进来；都不写则列出已有的。

    \b
    例：ssj draw anchor batch-1 --export head.txt
        ssj draw anchor batch-1 --import head.tsr --by 时间戳机构 --as drawer
    """
    if out is not None and proof is not None:
        raise CommandError(say("--export 和 --import 一次只用一个"), USAGE)
    if proof is not None:
        _import(ctx, batch, number, proof, by, ca, person, request_id)
        return
    # Named, the person has been authenticated already.
    viewer = person if person is not None else viewer_of(ctx, None)
    if out is not None:
        _export(ctx, viewer, batch, number, out)
    else:
        _list(ctx, viewer, batch, number, output)


def _export(ctx: click.Context, viewer: str, batch: str, number: int | None, out: Path) -> None:
    from engine.app.queries.draws import anchor_request

    require_new(out)
    text = answered(anchor_request(source_of(ctx), viewer, batch, number))
    # Bytes, so that no system changes the line ends a time stamp is of.
    write_new(out, text.encode())
    click.echo(str(out))
    if text.startswith("{"):
        click.echo(
            str(
                say(
                    "把该文件交承诺书所列的签名方，在开奖日之前由其在自己的电脑上签名，收回签名文件：\n"
                    "  ssj draw sign-head {file} --party 签名方名称 --key 密钥文件 --previous 上次的签名 > signed.json\n"
                    "  ssj draw anchor {batch} --import signed.json --as 经办人",
                    file=out,
                    batch=batch,
                )
            ),
            err=True,
        )
        return
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


def _import(
    ctx: click.Context,
    batch: str,
    number: int | None,
    proof: Path,
    by: str | None,
    ca: Path | None,
    person: str | None,
    request_id: str | None,
) -> None:
    from engine.app.commands.draws import import_anchor
    from engine.files.reading import read_file
    from engine.kernel.budget import ANCHOR, CERTIFICATES

    content = read_file(proof, ANCHOR)
    # A signature names its party; whoever gave another proof has to be named.
    if not person or not (by or content.lstrip()[:1] == b"{"):
        raise CommandError(say("导入凭据请写明 --by（谁出具）和 --as（谁导入）"), USAGE)
    found = answered(
        import_anchor(
            application_of(ctx),
            caller(person, request_id=request_id),
            batch,
            content,
            name=proof.name,
            by=by or "",
            number=number,
            certificates=read_file(ca, CERTIFICATES) if ca else None,
        )
    )
    click.echo(_line(found))
    if found.form == "rfc3161" and not found.checked:
        click.echo(str(say("提示：没有给 --ca，只核对了时间戳所盖的内容，没有核验签名")), err=True)
    if found.form == "text":
        click.echo(str(say("提示：文字凭据的签名、印章由持有人自行核对")), err=True)


def _list(ctx: click.Context, viewer: str, batch: str, number: int | None, output: str | None) -> None:
    from engine.app.queries.draws import list_anchors

    found = answered(list_anchors(source_of(ctx), viewer, batch, number))
    columns: list[Column[Anchor]] = [
        Column(say("行数"), lambda one: one.lines),
        Column(say("日志头"), lambda one: one.head),
        Column(say("形式"), lambda one: one.form),
        Column(say("出具人"), lambda one: one.by),
        Column(say("时刻"), lambda one: one.at or "-"),
    ]
    empty = say("还没有外部凭据；用 --export 写出日志头交给单位以外的人。")
    print_listing(found, columns, output, as_json=lambda one: one.as_json(), empty=empty)


def _line(one: Anchor) -> str:
    return tabbed(one.lines, one.head, one.form, one.by, one.at or "-")
