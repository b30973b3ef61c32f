"""``ssj audit``: whether the histories can be trusted, and roots to hand to somebody outside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.exits import ENVIRONMENT, REFUSED, CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, print_json, store_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.audit.finding import AuditFinding
    from engine.app.audit.verify_seals import Outside
    from engine.app.ports.records import Seal
    from engine.app.ports.store import Transaction


@click.group("audit")
def group() -> None:
    """审计链：核验历史是否完整、是否被改动；封存，把根交到单位以外。"""


@group.command("verify")
@click.argument("case", required=False, metavar="[CASE]")
@click.option(
    "--published",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="与单位以外保存的封存文件比对（audit root --export 所写，或公示网站的 seals.json）",
)
@as_json
@click.pass_context
def verify(ctx: click.Context, case: str | None, published: Path | None, json_output: bool) -> None:
    """核验全部历史，或一件案件（一条历史）；指出哪条历史从哪一条、哪一天起不可信。

    链条、案件现状、编号、历次封存逐一核对。能改整个数据库的人可以把链条和封存都重做一遍，
    但改不了已经交出去的根：用 --published 比对。

    退出码：0 完整；1 发现问题。
    """
    from engine.app.audit.verify_all import verify
    from engine.app.audit.verify_seals import verify_outside

    outside = _outside(published)
    with store_of(ctx).read() as transaction:
        if case is None:
            streams = sum(1 for _ in transaction.events.streams())
            events = transaction.events.count()
            found: list[AuditFinding] = list(verify(transaction))
        else:
            streams, events, found = _one(transaction, case)
        if outside is not None:
            found += [f for f in verify_outside(transaction, outside) if case in (None, f.stream)]
    if json_output:
        print_json(
            {
                "streams": streams,
                "events": events,
                "findings": [
                    {"stream": f.stream, "seq": f.seq, "day": f.day, "message": str(f.message)} for f in found
                ],
            }
        )
    else:
        for finding in found:
            click.echo(str(finding))
    if found:
        # "-" sorts before every day: no day is known there.
        first = min((finding.day for finding in found if finding.day != "-"), default="-")
        click.echo(
            str(say("发现 {count} 处问题，最早的从 {day} 起不可信", count=len(found), day=first)), err=True
        )
        raise click.exceptions.Exit(REFUSED)
    click.echo(
        str(say("核验历史 {streams} 条、记录 {events} 条，完整无误", streams=streams, events=events)),
        err=True,
    )


@group.command("seal")
@click.pass_context
def seal(ctx: click.Context) -> None:
    """现在封存一次：把全部历史、公示和抽取日志算成一个根，记入封存链。

    守护进程每天自动封存；没有开守护进程的，用计划任务每天运行本命令。
    """
    from engine.app.audit.seals import seal as seal_now

    made = seal_now(application_of(ctx))
    if made is None:
        click.echo(str(say("上次封存以来没有变动，不必再封。")), err=True)
        return
    click.echo(_line(made))


@group.command("root")
@click.option("--day", default=None, metavar="YYYY-MM-DD", help="哪一天的根（当天没有的，取此前最近一次）")
@click.option(
    "--export",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="连同所含各条写成文件，交单位以外保存",
)
@as_json
@click.pass_context
def root(ctx: click.Context, day: str | None, file: Path | None, json_output: bool) -> None:
    """显示封存的根：日期、根、所含条数、该次封存在链上的哈希，以制表符分隔。

    把这一行交给公证、上级或报刊，以后任何改写都对不上。

    例：ssj audit root --export seal.json
    """
    from engine.app.audit.verify_seals import export

    with store_of(ctx).read() as transaction:
        found = _seal(transaction, day)
        if file is not None:
            import json

            text = json.dumps(export(transaction, found), ensure_ascii=False, indent=1)
            try:
                file.write_text(text + "\n", encoding="utf-8")
            except OSError as problem:
                raise CommandError(
                    say("写不进“{file}”：{problem}", file=file, problem=problem), ENVIRONMENT
                ) from None
    if json_output:
        print_json(found.as_json())
    else:
        click.echo(_line(found))


@group.command("proof")
@click.argument("case", metavar="CASE")
@click.option("--day", default=None, metavar="YYYY-MM-DD", help="用哪一天的根（默认最近一次）")
@click.pass_context
def proof(ctx: click.Context, case: str, day: str | None) -> None:
    """输出一件案件（一条历史）包含在根里的证明，JSON；任何人可用 ssj audit check 或自己的程序核对。"""
    from engine.app.audit.seals import sealed_tree_of

    with store_of(ctx).read() as transaction:
        found = _seal(transaction, day)
        ledger = sealed_tree_of(transaction, found.entry)
    head = ledger.of(case)
    if head is None:
        raise CommandError(
            say(
                "{day} 的封存里没有“{case}”；它可能在那以后才开始，先运行 ssj audit seal",
                day=found.day,
                case=case,
            )
        )
    print_json(
        {
            "format": "shuangsuiji-proof/1",
            "name": head.name,
            "entries": head.seq,
            "hash": head.hash,
            "steps": [{"side": "left" if s.left else "right", "hash": s.hash} for s in ledger.proof(case)],
            "seal": found.as_json(),
        }
    )


@group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", "known", default=None, metavar="HEX", help="从别处得来的根；不写则用文件里的")
def check(file: Path, known: str | None) -> None:
    """核对 ssj audit proof 的证明，不需要部署：从叶子一步步算到根，与已知的根比较。"""
    import json

    from engine.app.audit.seals import Leaf
    from engine.kernel.merkle_tree import ProofStep, root_of_proof

    try:
        body: dict[str, Any] = json.loads(file.read_bytes())
        head = Leaf(str(body["name"]), int(body["entries"]), str(body["hash"]))
        steps = [
            ProofStep({"left": True, "right": False}[one["side"]], str(one["hash"])) for one in body["steps"]
        ]
        made = root_of_proof(head.leaf, steps)
        held = str(known or body["seal"]["root"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CommandError(say("“{file}”不是 ssj audit proof 写的证明", file=file)) from None
    if made != held.lower():
        raise CommandError(say("证明不成立：算出的根是 {made}，应为 {held}", made=made, held=held))
    click.echo(f"{head.name}\t{head.seq}\t{made}")
    click.echo(
        str(say("证明成立：“{name}”的前 {count} 条在这个根里。", name=head.name, count=head.seq)), err=True
    )


def _one(transaction: Transaction, case: str) -> tuple[int, int, list[AuditFinding]]:
    from engine.app.audit.verify import verify_stream
    from engine.app.audit.verify_seals import verify_seals

    found = list(verify_stream(transaction, case)) or [
        f for f in verify_seals(transaction) if f.stream == case
    ]
    if found:
        return 1, 0, found
    last = transaction.events.last(case)
    if last is None:
        raise CommandError(say("没有案件或历史“{case}”；用 ssj case list 查看", case=case))
    return 1, last.seq, found


def _outside(file: Path | None) -> Outside | None:
    if file is None:
        return None
    from engine.app.audit.verify_seals import SealFileError, read_outside

    try:
        return read_outside(file.read_bytes())
    except SealFileError as problem:
        raise CommandError(problem.message) from None


def _seal(transaction: Transaction, day: str | None) -> Seal:
    """Return the last seal, or the last one made until a day."""
    from datetime import date

    from engine.app.audit.seals import seals

    if day is not None:
        try:
            day = date.fromisoformat(day).isoformat()
        except ValueError:
            raise click.UsageError(str(say("日期应写成 2024-06-30，实为“{seen}”", seen=day))) from None
    found = None
    for one in seals(transaction):
        if day is None or one.day <= day:
            found = one
    if found is None:
        raise CommandError(say("还没有封存过；用 ssj audit seal，或开着 ssj serve 每天自动封存"))
    return found


def _line(found: Seal) -> str:
    return f"{found.day}\t{found.root}\t{found.leaves}\t{found.hash}"
