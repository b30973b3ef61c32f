"""``ssj register``: importing, listing, labelling and freezing the registers."""

from __future__ import annotations

from typing import Any

import click

from engine.cli.authentication import as_person
from engine.cli.exits import CommandError
from engine.cli.options import as_json
from engine.cli.registers import changes as register_changes
from engine.cli.registers.expiring import expiring
from engine.cli.registers.import_file import import_file
from engine.cli.registers.kinds import KINDS, permitted
from engine.cli.session import application_of, print_json, store_of
from engine.language import say


@click.group("register")
def group() -> None:
    """一单两库和人员：导入、列出、查看、标注、冻结。

    KIND：objects 检查对象，inspectors 执法检查人员，items 抽查事项，experts 专家，people 工作人员。

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
@as_json
@click.pass_context
def list_entries(
    ctx: click.Context, kind: str, section: str | None, label: str | None, json_output: bool
) -> None:
    """列出一个名录：编号、名称、股室、状态、标签。"""
    with store_of(ctx).read() as transaction:
        found = [
            entry
            for entry in transaction.registers.all(kind)
            if section in (None, entry.section) and (label is None or label in entry.data.get("labels", ()))
        ]
    if json_output:
        print_json([{"id": e.id, "name": e.name, "section": e.section, "data": dict(e.data)} for e in found])
        return
    for entry in found:
        labels = ",".join(entry.data.get("labels", ()))
        status = entry.data.get("status", "-")
        click.echo(f"{entry.id}\t{entry.name}\t{entry.section or '-'}\t{status}\t{labels}")
    if not found:
        click.echo(str(say("没有符合条件的条目。")), err=True)


@group.command("show")
@click.argument("kind", type=KINDS)
@click.argument("entry_id", metavar="ID")
@as_json
@click.pass_context
def show(ctx: click.Context, kind: str, entry_id: str, json_output: bool) -> None:
    """查看名录中的一条。"""
    from engine.register.profile import built_in

    with store_of(ctx).read() as transaction:
        entry = transaction.registers.get(kind, entry_id)
    if entry is None:
        raise _unknown(kind, [entry_id])
    if json_output:
        print_json({"id": entry.id, "name": entry.name, "section": entry.section, "data": dict(entry.data)})
        return
    columns = built_in(kind).columns
    row = {"id": entry.id, "name": entry.name, "section": entry.section, **entry.data}
    for name, value in row.items():
        title = columns[name].title if name in columns else name
        click.echo(f"{title}\t{_shown(value, columns[name].choices if name in columns else {})}")


@group.command("label")
@click.argument("kind", type=KINDS)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--add", multiple=True, metavar="LABEL", help="加上的标签；可写多次")
@click.option("--remove", multiple=True, metavar="LABEL", help="去掉的标签；可写多次")
@as_person("以谁的身份标注")
@click.option("--dry-run", is_flag=True, help="只看会改哪些，不保存")
@click.pass_context
def label(
    ctx: click.Context,
    kind: str,
    ids: tuple[str, ...],
    add: tuple[str, ...],
    remove: tuple[str, ...],
    person: str,
    dry_run: bool,
) -> None:
    """给名录条目加上或去掉标签。

    例：ssj register label objects 9199… 9199… --add 建筑业 --as registrar
    """
    from engine.app.registers.maintenance import label as label_entries
    from engine.register.profile import built_in

    add, remove = (tuple(filter(None, map(str.strip, words))) for words in (add, remove))
    if not add and not remove:
        raise click.UsageError(str(say("请用 --add 或 --remove 写明标签")))
    if both := sorted(set(add) & set(remove)):
        raise click.UsageError(str(say("同一标签不能既加又去：{labels}", labels=both)))
    if "labels" not in built_in(kind).columns:
        raise click.UsageError(str(say("{title}没有标签", title=built_in(kind).title)))
    application = application_of(ctx)
    permitted(application, kind, person)
    outcome = label_entries(application, kind, ids, add, remove, person, dry_run=dry_run)
    if outcome.unknown:
        raise _unknown(kind, outcome.unknown)
    for entry_id in outcome.changed:
        click.echo(entry_id)
    click.echo(
        str(say("改 {changed} 条，{same} 条本已如此", changed=len(outcome.changed), same=len(outcome.same))),
        err=True,
    )
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)


@group.command("snapshot")
@click.argument("kind", type=KINDS)
@click.option("--take", is_flag=True, help="现在冻结一份（须有 --as）")
@as_person("以谁的身份冻结", required=False)
@click.option("--dry-run", is_flag=True, help="只算摘要，不保存")
@as_json
@click.pass_context
def snapshot(
    ctx: click.Context, kind: str, take: bool, person: str | None, dry_run: bool, json_output: bool
) -> None:
    """列出一个名录的冻结副本及其摘要；--take 冻结一份。抽取承诺时会自动冻结。"""
    from engine.app.registers.maintenance import take_snapshot

    if take:
        if person is None:
            raise click.UsageError(str(say("冻结名录须用 --as 写明由谁办理")))
        application = application_of(ctx)
        permitted(application, kind, person)
        found = [take_snapshot(application, kind, person, dry_run=dry_run)]
        if dry_run:
            click.echo(str(say("仅试算，未保存。")), err=True)
    else:
        with store_of(ctx).read() as transaction:
            found = transaction.registers.snapshots(kind)
    if json_output:
        print_json(
            [
                {
                    "id": s.id,
                    "taken_at": s.taken_at.isoformat(),
                    "rows": s.rows,
                    "sha256": s.sha256,
                    "sm3": s.sm3,
                    "by": s.by,
                }
                for s in found
            ]
        )
        return
    for s in found:
        click.echo(f"{s.id}\t{s.taken_at.isoformat()}\t{s.rows}\t{s.sha256}\t{s.sm3}\t{s.by}")
    if not found:
        click.echo(str(say("还没有冻结的副本。")), err=True)


def _unknown(kind: str, ids: Any) -> CommandError:
    return CommandError(
        say("名录“{kind}”中没有：{ids}；用 ssj register list {kind} 查看", kind=kind, ids=list(ids))
    )


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
