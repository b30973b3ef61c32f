"""``ssj register``: importing, listing, labelling and freezing the registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewer_of, viewing
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.registers import changes as register_changes
from engine.cli.registers.expiring import expiring
from engine.cli.registers.import_file import import_file
from engine.cli.registers.kinds import KINDS
from engine.cli.session import answered, application_of, caller, source_of
from engine.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.app.commands.registers import SnapshotSummary
    from engine.app.queries.registers import RegisterEntry


@click.group("register")
def group() -> None:
    """一单两库和人员：导入、列出、查看、标注、冻结。

    KIND：objects 检查对象，inspectors 执法检查人员，items 抽查事项，experts 专家，people 工作人员，visits 补录的检查台账。

    例：ssj register import objects objects.csv --as registrar
    """


group.add_command(import_file)
group.add_command(register_changes.show_history)
group.add_command(register_changes.undo)
group.add_command(register_changes.show_diff)
group.add_command(register_changes.duplicates)
group.add_command(register_changes.claim)
group.add_command(expiring)


@group.command("list")
@click.argument("kind", type=KINDS)
@click.option("--section", default=None, help="只列一个股室的")
@click.option("--label", default=None, help="只列有此标签的")
@viewing
@listing
@click.pass_context
def list_entries(
    ctx: click.Context,
    kind: str,
    section: str | None,
    label: str | None,
    viewer: str,
    output: str | None,
) -> None:
    """列出一个名录：编号、名称、股室、状态、标签。"""
    from engine.app.queries import registers

    found = answered(registers.list_entries(source_of(ctx), viewer, kind, section=section, label=label))
    columns: list[Column[RegisterEntry]] = [
        Column(say("编号"), lambda entry: entry.id),
        Column(say("名称"), lambda entry: entry.name),
        Column(say("股室"), lambda entry: entry.section or "-"),
        Column(say("状态"), lambda entry: entry.data.get("status", "-")),
        Column(say("标签"), lambda entry: ",".join(entry.data.get("labels", ()))),
    ]
    print_listing(
        found, columns, output, as_json=lambda entry: entry.as_json(), empty=say("没有符合条件的条目。")
    )
    if output == "json":
        _say_masked(found)


@group.command("show")
@click.argument("kind", type=KINDS)
@click.argument("entry_id", metavar="ID")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, kind: str, entry_id: str, viewer: str, json_output: bool) -> None:
    """查看名录中的一条。"""
    from engine.app.queries.registers import show_entry
    from engine.register.profile import built_in

    entry = answered(show_entry(source_of(ctx), viewer, kind, entry_id))
    _say_masked([entry])
    if json_output:
        print_json(entry.as_json())
        return
    columns = built_in(kind).columns
    row = {"id": entry.id, "name": entry.name, "section": entry.section, **entry.data}
    for name, value in row.items():
        title = columns[name].title if name in columns else name
        click.echo(tabbed(title, _shown(value, columns[name].choices if name in columns else {})))


@group.command("label")
@click.argument("kind", type=KINDS)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--add", multiple=True, metavar="LABEL", help="加上的标签；可写多次")
@click.option("--remove", multiple=True, metavar="LABEL", help="去掉的标签；可写多次")
@as_person("以谁的身份标注")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只看会改哪些，不保存")
@click.pass_context
def label(
    ctx: click.Context,
    kind: str,
    ids: tuple[str, ...],
    add: tuple[str, ...],
    remove: tuple[str, ...],
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """给名录条目加上或去掉标签。

    例：ssj register label objects 9199… 9199… --add 建筑业 --as registrar
    """
    from engine.app.commands.registers import label_entries
    from engine.register.profile import built_in

    add, remove = (tuple(filter(None, map(str.strip, words))) for words in (add, remove))
    if not add and not remove:
        raise click.UsageError(str(say("请用 --add 或 --remove 写明标签")))
    if both := sorted(set(add) & set(remove)):
        raise click.UsageError(str(say("同一标签不能既加又去：{labels}", labels=both)))
    if "labels" not in built_in(kind).columns:
        raise click.UsageError(str(say("{title}没有标签", title=built_in(kind).title)))
    by = caller(person, request_id=request_id, dry_run=dry_run)
    outcome = answered(label_entries(application_of(ctx), by, kind, ids, add, remove))
    register_changes.report_changed(outcome.changed, outcome.same, dry_run)


@group.command("snapshot")
@click.argument("kind", type=KINDS)
@click.option("--take", is_flag=True, help="现在冻结一份（须有 --as）")
@as_person("以谁的身份冻结或查看", required=False)
@request_id_option
@click.option("--dry-run", is_flag=True, help="只算摘要，不保存")
@listing
@click.pass_context
def snapshot(
    ctx: click.Context,
    kind: str,
    take: bool,
    person: str | None,
    request_id: str | None,
    dry_run: bool,
    output: str | None,
) -> None:
    """列出一个名录的冻结副本及其摘要；--take 冻结一份。抽取承诺时会自动冻结。"""
    from engine.app.queries.registers import list_snapshots

    found: Sequence[SnapshotSummary]
    if take:
        from engine.app.commands.registers import take_snapshot

        if person is None:
            raise click.UsageError(str(say("冻结名录须用 --as 写明由谁办理")))
        by = caller(person, request_id=request_id, dry_run=dry_run)
        found = [answered(take_snapshot(application_of(ctx), by, kind))]
        if dry_run:
            click.echo(str(say("仅试算，未保存。")), err=True)
    else:
        found = answered(list_snapshots(source_of(ctx), viewer_of(ctx, person), kind))
    columns: list[Column[SnapshotSummary]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("冻结时间"), lambda one: one.taken_at.isoformat()),
        Column(say("条数"), lambda one: one.rows),
        Column(say("SHA-256"), lambda one: one.sha256),
        Column(say("SM3"), lambda one: one.sm3),
        Column(say("办理人"), lambda one: one.by),
    ]
    print_listing(found, columns, output, as_json=lambda one: one.as_json(), empty=say("还没有冻结的副本。"))


def _say_masked(entries: Sequence[RegisterEntry]) -> None:
    """Say which columns are left out of some entries, where there are any."""
    from engine.app.queries.registers import MaskedEntry
    from engine.register.profile import built_in

    masked = [(one.kind, key) for one in entries if isinstance(one, MaskedEntry) for key in one.masked]
    if not masked:
        return
    titles = []
    for kind, key in dict.fromkeys(masked):
        column = built_in(kind).columns.get(key)
        titles.append(column.title if column else key)
    message = say("标为 *** 的栏目（{titles}）只给本股室、本人、名录管理人员和督导人员看。", titles=titles)
    click.echo(str(message), err=True)


def _shown(value: Any, choices: Any) -> str:
    if isinstance(value, bool):
        return str(say("是") if value else say("否"))
    if isinstance(value, dict):
        return " ".join(f"{name}={item}" for name, item in value.items() if item is not None)
    if isinstance(value, list):
        return str(say("{items}", items=[_shown(item, choices) for item in value]))
    if value in choices:
        return str(choices[value][0])
    return "-" if value is None else str(value)
