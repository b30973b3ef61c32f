"""``ssj firm``: one firm, one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.exchange.firms import FirmFile, RegisterEntry


@click.group("firm")
def group() -> None:
    """一企一档：按名称、代码、电话查找，历年的检查和处置，改名、换代码、合并。

    例：ssj firm search 示例
    """


@group.command("search")
@click.argument("text")
@viewing
@listing
@click.pass_context
def search(ctx: click.Context, text: str, viewer: str, output: str | None) -> None:
    """按名称、代码（曾用的也算）或电话查找企业；全角、空格和看不见的字符不影响。"""
    from engine.app.queries.exchange.firms import search_firms

    found = answered(search_firms(source_of(ctx), viewer, text))
    columns: list[Column[RegisterEntry]] = [
        Column(say("统一社会信用代码"), lambda one: one.id),
        Column(say("企业名称"), lambda one: one.name),
        Column(say("片区"), lambda one: one.data.get("district", "-")),
        Column(say("状态"), lambda one: one.data.get("status", "-")),
    ]
    print_listing(
        found,
        columns,
        output,
        as_json=lambda one: {"code": one.id, "name": one.name, "section": one.section},
        empty=say("没有找到；请核对名称或代码。"),
    )


@group.command("show")
@click.argument("code")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, code: str, viewer: str, json_output: bool) -> None:
    """一个企业历年的全部：检查、后续处置、补录的台账；写曾用代码也可以。"""
    from engine.app.queries.exchange.firms import show_firm

    found = answered(show_firm(source_of(ctx), viewer, code))
    if json_output:
        print_json(found.as_json())
        return
    _print(found)


def _print(found: FirmFile) -> None:
    click.echo(tabbed(say("统一社会信用代码"), found.code))
    click.echo(tabbed(say("企业名称"), found.name))
    if found.former:
        click.echo(str(say("曾用\t{former}", former=list(found.former))))
    for one in found.cases:
        parts = [say("{title} {items}", title=title, items=list(words)) for title, words in one.found]
        what = say("{items}", items=parts) if parts else "-"
        days = f"{one.opened_on}–{one.closed_on or ''}"
        click.echo(tabbed(days, one.workflow, one.case, one.state, what))
    for visit in found.ledger:
        data = visit.data
        mark = say("补录")
        click.echo(
            tabbed(
                data.get("ledger_day", "-"),
                mark,
                visit.id,
                data.get("result", "-"),
                data.get("handling", "-"),
            )
        )
    if not found.cases and not found.ledger:
        click.echo(str(say("没有检查记录。")), err=True)
    if found.hidden:
        click.echo(str(say("另有 {count} 件属其他股室，没有列出。", count=found.hidden)), err=True)


@group.command("change")
@click.argument("code")
@click.option("--name", default=None, help="新名称")
@click.option("--code", "new_code", default=None, help="新的统一社会信用代码；名录里已有的，两条并为一条")
@click.option("--was", "seen_name", default=None, help="看到的现名称；已被他人改过的，不办")
@click.option("--reason", required=True, help="理由，如登记机关的变更通知")
@as_person("以谁的身份办理")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只判断，不保存")
@click.pass_context
def change(
    ctx: click.Context,
    code: str,
    name: str | None,
    new_code: str | None,
    seen_name: str | None,
    reason: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """企业改名、换代码或合并：旧名称和旧代码留在档里，查旧的也找得到；在办的件照旧。

    例：ssj firm change 91990102MA6UF99T6T --name 新名称有限公司 --reason 变更登记通知书 --as registrar
    """
    from engine.app.commands.exchange.firms import change_firm

    by = caller(person, request_id=request_id, dry_run=dry_run)
    found = answered(
        change_firm(
            application_of(ctx),
            by,
            "objects",
            code,
            reason,
            name=name,
            new_code=new_code,
            seen_name=seen_name,
        )
    )
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
    click.echo(tabbed(found.code, found.name))
    if found.old_code:
        # Somebody else may have changed it a moment ago: what is replaced is shown.
        was = say("原为\t{code}\t{name}", code=found.old_code, name=found.old_name)
        click.echo(str(was), err=True)
