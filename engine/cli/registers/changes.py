"""``ssj register history | undo | diff | duplicates | claim``: what changed in a register, and who changed it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, alone_mark, listing, print_json, print_listing, tabbed
from engine.cli.registers.kinds import KINDS
from engine.cli.session import answered, application_of, caller, confirm, source_of, zone_of
from engine.kernel.instants import local_minute
from engine.language import Message, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.app.queries.register_changes import Undone
    from engine.app.queries.registers import Entered
    from engine.register.compare import NearDuplicate

#: What an entry of the history is called.
WORDS = {
    "imported": say("导入"),
    "labelled": say("标注"),
    "entered": say("录入"),
    "frozen": say("冻结"),
    "claimed": say("认领"),
    "released": say("退回认领"),
    "undone": say("撤销变动"),
    "firm-changed": say("企业变更"),
}
_HIDDEN = {"include": say("含隐藏的行列"), "leave-out": say("不含隐藏的行列")}
MAX_LISTED = 50


@click.command("history")
@click.argument("kind", type=KINDS)
@click.argument("entry_id", metavar="[ID]", required=False)
@viewing
@listing
@click.pass_context
def show_history(
    ctx: click.Context, kind: str, entry_id: str | None, viewer: str, output: str | None
) -> None:
    """列出名录（或其中一条）的全部变动：何时、由谁、改了什么。"""
    from engine.app.queries.registers import register_history

    found = answered(register_history(source_of(ctx), viewer, kind, entry_id))
    columns: list[Column[Entered]] = [
        Column(say("序号"), lambda entered: entered.seq),
        Column(say("时间"), _local_time),
        Column(say("办理人"), lambda entered: entered.by),
        Column(say("变动"), _kind),
        Column(say("内容"), _content),
        Column(say("栏目"), lambda entered: "; ".join(_columns(entered))),
    ]
    print_listing(
        found,
        columns,
        output,
        as_json=lambda e: {
            "seq": e.seq,
            "at": e.at.isoformat(),
            "by": e.by,
            "kind": e.kind,
            **dict(e.body),
        },
        empty=say("没有变动记录。"),
        line=_line,
    )


@click.command("undo")
@click.argument("kind", type=KINDS)
@as_person("以谁的身份撤销")
@click.option("--yes", is_flag=True, help="不再询问")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只看会撤销什么，不保存")
@click.pass_context
def undo(
    ctx: click.Context, kind: str, person: str, yes: bool, request_id: str | None, dry_run: bool
) -> None:
    """撤销名录的最近一次导入（或企业改名、换代码、合并）：新增的移出，改动的复原，移出的放回。

    导入以后又被改动的条目不会被悄悄覆盖：有一条就全部不撤销。
    """
    from engine.app.commands.registers import ImportSeq, undo_import
    from engine.app.queries.register_changes import preview_undo
    from engine.kernel.refusal import Refusal

    application = application_of(ctx)
    by = caller(person, request_id=request_id, dry_run=dry_run)
    if request_id or dry_run:
        # A request that was carried out already answers as it did then, and asks nothing.
        tried = undo_import(application, caller(person, request_id=request_id, dry_run=True), kind)
    else:
        tried = preview_undo(application, person, kind)
    if isinstance(tried, Refusal):
        # The command refuses it in the same way, and keeps the refused attempt. Nothing was agreed to.
        answered(undo_import(application, by, kind, ImportSeq(0)))
    tried = answered(tried)
    what = _undone(tried)
    if dry_run:
        click.echo(str(what))
        click.echo(str(say("仅试算，未保存。")), err=True)
        return
    if tried.repeated:
        click.echo(str(say("该请求此前已办理，未重复办理。")), err=True)
    else:
        confirm(say("{what}。继续？", what=what), yes)
        answered(undo_import(application, by, kind, ImportSeq(tried.seq)))
    click.echo(str(what))


@click.command("diff")
@click.argument("kind", type=KINDS)
@click.option("--snapshot", default=None, metavar="ID", help="与哪一份冻结副本比（默认最近一份）")
@viewing
@as_json
@click.pass_context
def show_diff(ctx: click.Context, kind: str, snapshot: str | None, viewer: str, json_output: bool) -> None:
    """名录与冻结副本相比：新增、移出、改动了哪些条目和栏目。"""
    from engine.app.queries.registers import compare_with_snapshot

    compared = answered(compare_with_snapshot(source_of(ctx), viewer, kind, snapshot))
    found = compared.found
    if json_output:
        print_json(
            {
                "snapshot": compared.snapshot,
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
                snapshot=compared.snapshot,
                added=len(found.added),
                removed=len(found.removed),
                changed=len(found.changed),
                same=found.same,
            )
        )
    )
    for mark, ids in (("+", found.added), ("-", found.removed)):
        for entry_id in ids[:MAX_LISTED]:
            click.echo(tabbed(mark, entry_id, compared.names[entry_id]))
    for one in found.changed[:MAX_LISTED]:
        for column, (before, after) in one.columns.items():
            click.echo(tabbed("~", one.id, one.name, column, f"{_plain(before)} → {_plain(after)}"))
    rest = sum(max(len(part) - MAX_LISTED, 0) for part in (found.added, found.removed, found.changed))
    if rest:
        click.echo(str(say("另有 {count} 项；用 --json 查看全部", count=rest)), err=True)


@click.command("duplicates")
@click.argument("kind", type=KINDS)
@viewing
@listing
@click.pass_context
def duplicates(ctx: click.Context, kind: str, viewer: str, output: str | None) -> None:
    """列出可能是同一个的条目：名称相同、同址近名、证件号相同。只提示，不改动。"""
    from engine.app.queries.registers import list_duplicates

    found = answered(list_duplicates(source_of(ctx), viewer, kind))
    columns: list[Column[NearDuplicate]] = [
        Column(say("编号"), lambda group: ",".join(group.ids)),
        Column(say("名称"), lambda group: ",".join(group.names)),
        Column(say("说明"), str),
    ]
    print_listing(
        found,
        columns,
        output,
        as_json=lambda g: {"ids": list(g.ids), "names": list(g.names), "reason": g.reason.value},
        empty=say("没有发现可能重复的条目。"),
        line=str,
    )


@click.command("claim")
@click.argument("kind", type=click.Choice(("objects", "items")))
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--section", required=True, help="由哪个股室认领")
@click.option("--release", is_flag=True, help="退回认领")
@as_person("以谁的身份认领")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只看会改哪些，不保存")
@click.pass_context
def claim(
    ctx: click.Context,
    kind: str,
    ids: tuple[str, ...],
    section: str,
    release: bool,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """认领：股室把检查对象或抽查事项认到自己名下；--release 退回。

    例：ssj register claim items LD-01 LD-02 --section labour_inspection --as chief-labour_inspection
    """
    from engine.app.commands.registers import claim_entries

    by = caller(person, request_id=request_id, dry_run=dry_run)
    outcome = answered(claim_entries(application_of(ctx), by, kind, ids, section, release=release))
    report_changed(outcome.changed, outcome.same, dry_run)


def report_changed(changed: Sequence[str], same: Sequence[str], dry_run: bool) -> None:
    """Print the ids that were changed, and how many were so already."""
    for entry_id in changed:
        click.echo(entry_id)
    click.echo(str(say("改 {changed} 条，{same} 条本已如此", changed=len(changed), same=len(same))), err=True)
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)


def _undone(outcome: Undone) -> Message:
    if not outcome.is_import:
        return say(
            "撤销第 {seq} 次变动，不是导入，是企业变更（{source}）：移出 {removed} 条，复原 {restored} 条",
            seq=outcome.seq,
            source=outcome.source,
            removed=outcome.removed,
            restored=outcome.restored,
        )
    return say(
        "撤销第 {seq} 次变动（{source}）：移出 {removed} 条，复原 {restored} 条",
        seq=outcome.seq,
        source=outcome.source,
        removed=outcome.removed,
        restored=outcome.restored,
    )


def _local_time(entered: Entered) -> str:
    return local_minute(entered.at, zone_of())


def _columns(entered: Entered) -> list[str]:
    return [tabbed(name, f"{_plain(old)} → {_plain(new)}") for name, (old, new) in entered.columns.items()]


def _kind(entered: Entered) -> object:
    return alone_mark(WORDS.get(entered.kind, entered.kind), entered.body.get("single_handed") is True)


def _line(entered: Entered) -> str:
    kind = _kind(entered)
    head = tabbed(entered.seq, _local_time(entered), entered.by, kind, _content(entered))
    return "\n".join([head, *(f"\t{column}" for column in _columns(entered))])


def _content(entered: Entered) -> str:
    body = entered.body
    parts = [
        str(body[name]) for name in ("source", "name", "section", "snapshot", "reason") if body.get(name)
    ]
    for name, title in (("added", say("新增")), ("changed", say("改动")), ("removed", say("移出"))):
        if isinstance(body.get(name), int):
            parts.append(f"{title} {body[name]}")
    parts += [f"+{label}" for label in body.get("add") or ()]
    parts += [f"-{label}" for label in body.get("remove") or ()]
    parts += [
        str(say("确认 {id} 的“{column}”为“{value}”（{reason}）", **_words(one)))
        for one in body.get("confirmed") or ()
    ]
    if hidden := body.get("hidden"):
        parts.append(str(_HIDDEN[hidden["answer"]]))
    return " ".join(parts)


def _words(confirmed: dict[str, Any]) -> dict[str, str]:
    return {name: str(confirmed[name]) for name in ("id", "column", "value", "reason")}


def _plain(value: Any) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
