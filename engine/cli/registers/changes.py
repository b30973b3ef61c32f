"""``ssj register history | undo | diff | duplicates | claim``: what changed in a register, and by whom."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import as_json
from engine.cli.registers.kinds import KINDS, permitted
from engine.cli.session import application_of, confirm, print_json, store_of
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.registers.changes import Entered

#: What an entry of the history is called.
WORDS = {
    "imported": say("导入"),
    "labelled": say("标注"),
    "entered": say("录入"),
    "frozen": say("冻结"),
    "claimed": say("认领"),
    "released": say("退回认领"),
    "undone": say("撤销导入"),
}
MOST_LISTED = 50


@click.command("history")
@click.argument("kind", type=KINDS)
@click.argument("entry_id", metavar="[ID]", required=False)
@as_json
@click.pass_context
def show_history(ctx: click.Context, kind: str, entry_id: str | None, json_output: bool) -> None:
    """列出名录（或其中一条）的全部变动：何时、由谁、改了什么。"""
    from engine.app.registers.changes import history_of

    with store_of(ctx).read() as transaction:
        found = list(history_of(transaction, kind, entry_id))
    if json_output:
        print_json(
            [
                {"seq": e.seq, "at": e.at.isoformat(), "by": e.by, "kind": e.kind, **dict(e.body)}
                for e in found
            ]
        )
        return
    for entered in found:
        click.echo(_line(entered))
        for name, (old, new) in entered.columns.items():
            click.echo(f"\t{name}\t{_plain(old)} → {_plain(new)}")
    if not found:
        click.echo(str(say("没有变动记录。")), err=True)


@click.command("undo")
@click.argument("kind", type=KINDS)
@as_person("以谁的身份撤销")
@click.option("--yes", is_flag=True, help="不再询问")
@click.option("--dry-run", is_flag=True, help="只看会撤销什么，不保存")
@click.pass_context
def undo(ctx: click.Context, kind: str, person: str, yes: bool, dry_run: bool) -> None:
    """撤销名录的最近一次导入：新增的移出，改动的复原，移出的放回。

    导入以后又被改动的条目不会被悄悄覆盖：有一条就全部不撤销。
    """
    from engine.app.registers.changes import undo_import

    application = application_of(ctx)
    permitted(application, kind, person)
    outcome = undo_import(application, kind, person, dry_run=True)
    if isinstance(outcome, Message):
        raise CommandError(outcome, REFUSED)
    shown = say(
        "撤销第 {seq} 次变动（{source}）：移出 {removed} 条，复原 {restored} 条",
        seq=outcome.seq,
        source=outcome.source,
        removed=outcome.removed,
        restored=outcome.restored,
    )
    if dry_run:
        click.echo(str(shown))
        click.echo(str(say("仅试算，未保存。")), err=True)
        return
    confirm(say("{what}。继续？", what=shown), yes)
    outcome = undo_import(application, kind, person)
    if isinstance(outcome, Message):
        raise CommandError(outcome, REFUSED)
    click.echo(str(shown))


@click.command("diff")
@click.argument("kind", type=KINDS)
@click.option("--snapshot", default=None, metavar="ID", help="与哪一份冻结副本比（默认最近一份）")
@as_json
@click.pass_context
def show_diff(ctx: click.Context, kind: str, snapshot: str | None, json_output: bool) -> None:
    """名录与冻结副本相比：新增、移出、改动了哪些条目和栏目。"""
    from engine.register.compare import diff, row_of

    with store_of(ctx).read() as transaction:
        taken = transaction.registers.snapshots(kind)
        present = {entry.id: row_of(entry) for entry in transaction.registers.all(kind)}
    chosen = next((s for s in reversed(taken) if snapshot in (None, s.id)), None)
    if chosen is None:
        raise CommandError(say("没有冻结副本；用 ssj register snapshot {kind} 查看", kind=kind))
    rows = [json.loads(line) for line in chosen.content.decode().splitlines()]
    old = {row["id"]: {"name": row["name"], "section": row["section"], **row["data"]} for row in rows}
    found = diff(old, present)
    if json_output:
        print_json(
            {
                "snapshot": chosen.id,
                "added": list(found.added),
                "removed": list(found.removed),
                "changed": {one.id: {n: list(v) for n, v in one.columns.items()} for one in found.changed},
                "same": found.same,
            }
        )
        return
    click.echo(
        str(
            say(
                "与 {snapshot} 相比：新增 {added}，移出 {removed}，改动 {changed}，未变 {same}",
                snapshot=chosen.id,
                added=len(found.added),
                removed=len(found.removed),
                changed=len(found.changed),
                same=found.same,
            )
        )
    )
    for mark, ids in (("+", found.added), ("-", found.removed)):
        for entry_id in ids[:MOST_LISTED]:
            name = (present if mark == "+" else old)[entry_id]["name"]
            click.echo(f"{mark}\t{entry_id}\t{name}")
    for one in found.changed[:MOST_LISTED]:
        for column, (before, after) in one.columns.items():
            click.echo(f"~\t{one.id}\t{one.name}\t{column}\t{_plain(before)} → {_plain(after)}")
    rest = sum(max(len(part) - MOST_LISTED, 0) for part in (found.added, found.removed, found.changed))
    if rest:
        click.echo(str(say("另有 {count} 项；用 --json 查看全部", count=rest)), err=True)


@click.command("duplicates")
@click.argument("kind", type=KINDS)
@as_json
@click.pass_context
def duplicates(ctx: click.Context, kind: str, json_output: bool) -> None:
    """列出可能是同一个的条目：名称相同、同址近名、证件号相同。只提示，不改动。"""
    from engine.register.check import CheckedEntry
    from engine.register.compare import near_duplicates

    with store_of(ctx).read() as transaction:
        entries = [
            CheckedEntry(e.kind, e.id, e.name, e.section, e.data) for e in transaction.registers.all(kind)
        ]
    found = near_duplicates(entries)
    if json_output:
        print_json([{"ids": list(g.ids), "names": list(g.names), "reason": g.reason.value} for g in found])
        return
    for group in found:
        click.echo(str(group))
    if not found:
        click.echo(str(say("没有发现可能重复的条目。")), err=True)


@click.command("claim")
@click.argument("kind", type=click.Choice(("objects", "items")))
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--section", required=True, help="由哪个股室认领")
@click.option("--release", is_flag=True, help="退回认领")
@as_person("以谁的身份认领")
@click.option("--dry-run", is_flag=True, help="只看会改哪些，不保存")
@click.pass_context
def claim(
    ctx: click.Context,
    kind: str,
    ids: tuple[str, ...],
    section: str,
    release: bool,
    person: str,
    dry_run: bool,
) -> None:
    """认领：股室把检查对象或抽查事项认到自己名下；--release 退回。

    例：ssj register claim items LD-01 LD-02 --section labour_inspection --as chief-labour_inspection
    """
    from engine.app.definitions.current import bureau_of
    from engine.app.people.access import why_not_keep
    from engine.app.registers.changes import claim as claim_entries

    application = application_of(ctx)
    with application.store.read() as transaction:
        bureau = bureau_of(application.definitions, transaction)
        keeper = why_not_keep(transaction, bureau, kind, person) is None
    if bureau is not None and section not in bureau.sections:
        raise CommandError(
            say("没有股室“{section}”；可用：{known}", section=section, known=sorted(bureau.sections)), REFUSED
        )
    outcome = claim_entries(
        application, kind, ids, section, person, release=release, keeper=keeper, dry_run=dry_run
    )
    if isinstance(outcome, list):
        raise CommandError("\n".join(map(str, outcome)), REFUSED)
    for entry_id in outcome.changed:
        click.echo(entry_id)
    click.echo(
        str(say("改 {changed} 条，{same} 条本已如此", changed=len(outcome.changed), same=len(outcome.same))),
        err=True,
    )
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)


def _line(entered: Entered) -> str:
    from zoneinfo import ZoneInfo

    at = entered.at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")
    body = entered.body
    told = [str(body[name]) for name in ("source", "name", "section", "snapshot") if body.get(name)]
    for name, title in (("added", say("新增")), ("changed", say("改动")), ("removed", say("移出"))):
        if isinstance(body.get(name), int):
            told.append(f"{title} {body[name]}")
    told += [f"+{label}" for label in body.get("add") or ()]
    told += [f"-{label}" for label in body.get("remove") or ()]
    return f"{entered.seq}\t{at}\t{entered.by}\t{WORDS.get(entered.kind, entered.kind)}\t{' '.join(told)}"


def _plain(value: Any) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
