"""``ssj user``: the people of the bureau and the roles they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.people import proposal, user_access
from engine.cli.people.inspector import hand_over, sheet
from engine.cli.registers.confirming import confirmations_from, confirming_entry
from engine.cli.session import answered, application_of, caller, source_of
from engine.kernel.plain_text import visible
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.people.persons import Person


@click.group("user")
def group() -> None:
    """人员与角色：列出、登记、查看。角色由本局设置（bureau.yaml）规定。

    例：ssj user add head --name 局长 --section office --role bureau_head --as system
    """


group.add_command(sheet)
group.add_command(hand_over)


@group.command("list")
@click.option("--role", default=None, help="只列有此角色的")
@click.option("--section", default=None, help="只列一个股室的")
@viewing
@listing
@click.pass_context
def list_people(
    ctx: click.Context, role: str | None, section: str | None, viewer: str, output: str | None
) -> None:
    """列出全部人员（工作人员和执法检查人员）及其角色。"""
    from engine.app.queries.people import persons as people

    found = answered(people.list_people(source_of(ctx), viewer, role=role, section=section))
    columns: list[Column[Person]] = [
        Column(say("编号"), lambda one: one.actor.id),
        Column(say("姓名"), lambda one: f"{one.actor.name}{'' if one.active else say('（离岗）')}"),
        Column(say("股室"), lambda one: one.actor.section or "-"),
        Column(say("角色"), lambda one: ",".join(sorted(one.actor.roles)) or "-"),
    ]
    print_listing(found, columns, output, as_json=_row, empty=say("没有符合条件的人员。"))


@group.command("show")
@click.argument("person", metavar="ID")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, person: str, viewer: str, json_output: bool) -> None:
    """查看一个人：股室、角色、在哪些名录里、现有多少待办。"""
    from engine.app.queries.people.persons import show_person

    view = answered(show_person(source_of(ctx), viewer, person))
    found = view.person
    if json_output:
        print_json({**_row(found), "tasks": view.tasks})
        return
    held = [say("{code}（{title}）", code=role, title=title) for role, title in view.roles]
    click.echo(str(say("编号\t{id}", id=found.actor.id)))
    click.echo(str(say("姓名\t{name}", name=visible(found.actor.name))))
    click.echo(str(say("股室\t{section}", section=view.section or "-")))
    click.echo(str(say("角色\t{roles}", roles=held or "-")))
    click.echo(str(say("名录\t{registers}", registers=list(found.registers))))
    click.echo(str(say("状态\t{status}", status=say("在岗") if found.active else say("离岗"))))
    click.echo(str(say("待办\t{count}", count=view.tasks)))


@group.command("add")
@click.argument("person_id", metavar="ID")
@click.option("--name", required=True, help="姓名")
@click.option("--section", default=None, help="股室（代码或名称）")
@click.option("--role", "roles", multiple=True, help="角色（代码或名称）；可写多次")
@click.option("--title", default=None, help="职务")
@click.option("--phone", default=None, help="联系电话")
@click.option("--email", default=None, help="电子邮箱")
@confirming_entry
@as_person("以谁的身份登记；尚无任何人员时用 system")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只检查，不保存")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    person_id: str,
    name: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
    confirm_values: tuple[str, ...],
    reason: str | None,
    **said: Any,
) -> None:
    """登记一名工作人员。已登记的用 ssj register import people 改动。"""
    from engine.app.commands.people import add_person

    by = caller(person, request_id=request_id, dry_run=dry_run)
    confirm = confirmations_from(confirm_values, reason, None)
    made = answered(add_person(application_of(ctx), by, person_id, name, confirm=confirm, **said))
    click.echo(tabbed(made.id, made.name, made.section or "-", ",".join(made.roles) or "-"))
    for one in made.confirmed:
        click.echo(visible(str(one.sentence())), err=True)
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)


group.add_command(user_access.password)
group.add_command(user_access.token)
group.add_command(user_access.sign_in)
group.add_command(user_access.recover)
group.add_command(proposal.administrators)


def _row(person: Person) -> dict[str, Any]:
    actor = person.actor
    return {
        "id": actor.id,
        "name": actor.name,
        "section": actor.section,
        "roles": sorted(actor.roles),
        "registers": list(person.registers),
        "active": person.active,
    }
