"""``ssj user``: the people of the bureau and the roles they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import as_json
from engine.cli.people import user_access
from engine.cli.registers.kinds import permitted
from engine.cli.session import application_of, print_json, store_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.people.persons import Person
    from engine.app.ports.records import RegisterEntry
    from engine.lifecycle.model.bureau import Bureau


@click.group("user")
def group() -> None:
    """人员与角色：列出、登记、查看。角色由本局设置（bureau.yaml）规定。

    例：ssj user add head --name 局长 --section office --role bureau_head --as system
    """


@group.command("list")
@click.option("--role", default=None, help="只列有此角色的")
@click.option("--section", default=None, help="只列一个股室的")
@as_json
@click.pass_context
def list_people(ctx: click.Context, role: str | None, section: str | None, json_output: bool) -> None:
    """列出全部人员（工作人员和执法检查人员）及其角色。"""
    from engine.app.people.persons import everybody

    with store_of(ctx).read() as transaction:
        found = [
            person
            for person in everybody(transaction)
            if (role is None or role in person.actor.roles) and section in (None, person.actor.section)
        ]
    if json_output:
        print_json([_row(person) for person in found])
        return
    for person in found:
        actor = person.actor
        left = "" if person.active else str(say("（离岗）"))
        roles = ",".join(sorted(actor.roles))
        click.echo(f"{actor.id}\t{actor.name}{left}\t{actor.section or '-'}\t{roles or '-'}")
    if not found:
        click.echo(str(say("没有符合条件的人员。")), err=True)


@group.command("show")
@click.argument("person", metavar="ID")
@as_json
@click.pass_context
def show(ctx: click.Context, person: str, json_output: bool) -> None:
    """查看一个人：股室、角色、在哪些名录里、现有多少待办。"""
    from engine.app.definitions.current import bureau_of
    from engine.app.people.directory import actor_keys
    from engine.app.people.persons import person_of

    application = application_of(ctx)
    with application.store.read() as transaction:
        found = person_of(transaction, person)
        bureau = bureau_of(application.definitions, transaction)
        tasks = (
            len({t.case for t in transaction.tasks.of_keys(actor_keys(found.actor), limit=10_000)})
            if found
            else 0
        )
    if found is None:
        raise CommandError(say("名录中没有“{person}”这个人；用 ssj user list 查看", person=person))
    if json_output:
        print_json({**_row(found), "tasks": tasks})
        return
    actor = found.actor
    sections = bureau.sections if bureau else {}
    roles = {role.id: role.title for role in bureau.roles.values()} if bureau else {}
    held = [say("{code}（{title}）", code=role, title=roles.get(role, role)) for role in sorted(actor.roles)]
    click.echo(str(say("编号\t{id}", id=actor.id)))
    click.echo(str(say("姓名\t{name}", name=actor.name)))
    click.echo(str(say("股室\t{section}", section=sections.get(actor.section or "", actor.section or "-"))))
    click.echo(str(say("角色\t{roles}", roles=held or "-")))
    click.echo(str(say("名录\t{registers}", registers=list(found.registers))))
    click.echo(str(say("状态\t{status}", status=say("在岗") if found.active else say("离岗"))))
    click.echo(str(say("待办\t{count}", count=tasks)))


@group.command("add")
@click.argument("person_id", metavar="ID")
@click.option("--name", required=True, help="姓名")
@click.option("--section", default=None, help="股室（代码或名称）")
@click.option("--role", "roles", multiple=True, help="角色（代码或名称）；可写多次")
@click.option("--title", default=None, help="职务")
@click.option("--phone", default=None, help="联系电话")
@click.option("--email", default=None, help="电子邮箱")
@as_person("以谁的身份登记；尚无任何人员时用 system")
@click.option("--dry-run", is_flag=True, help="只检查，不保存")
@click.pass_context
def add(ctx: click.Context, /, person_id: str, person: str, dry_run: bool, **said: Any) -> None:
    """登记一名工作人员。已登记的用 ssj register import people 改动。"""
    from engine.app.people.access import PEOPLE, locks_everybody_out
    from engine.app.registers.maintenance import put_one

    application = application_of(ctx)
    bureau = permitted(application, PEOPLE, person)
    entry = _entry({"id": person_id, **said, "roles": "；".join(said["roles"])}, bureau)
    with application.store.read() as transaction:
        known = transaction.registers.all(PEOPLE)
    if any(one.id == entry.id for one in known):
        raise CommandError(
            say("“{id}”已经登记；改动请用 ssj register import people，查看用 ssj user show {id}", id=entry.id)
        )
    if (refusal := locks_everybody_out([*known, entry], bureau)) is not None:
        raise CommandError(refusal, REFUSED)
    if not dry_run:
        put_one(application, entry, person)
    click.echo(f"{entry.id}\t{entry.name}\t{entry.section or '-'}\t{','.join(entry.data['roles']) or '-'}")
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)


def _entry(said: dict[str, Any], bureau: Bureau | None) -> RegisterEntry:
    """Return the entry, each value read as the register's own file would be; ends the command with all problems."""
    from engine.app.people.access import PEOPLE, codes_of
    from engine.app.ports.records import RegisterEntry
    from engine.register.profile import built_in
    from engine.register.values import Context, reader_for

    profile = built_in(PEOPLE)
    values: dict[str, Any] = {"status": "active", "roles": []}
    problems = []
    for name, text in said.items():
        if not text or not text.strip():
            continue
        column = profile.columns[name]
        context = Context(profile.words, codes_of(bureau) or {}, column.title)
        value, wrong = reader_for(column, context)(text.strip())
        if wrong is None:
            values[name] = value
            continue
        expected, hint = wrong
        problems.append(
            say("{title}填的是“{seen}”：{expected}", title=column.title, seen=text, expected=expected)
        )
        if hint is not None:
            problems.append(say("  提示：{hint}", hint=hint))
    if not values.get("name") and not problems:
        problems.append(say("姓名必须填写"))
    if problems:
        raise CommandError("\n".join(map(str, problems)), REFUSED)
    return RegisterEntry(PEOPLE, values.pop("id"), values.pop("name"), values.pop("section", None), values)


group.add_command(user_access.password)
group.add_command(user_access.token)


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
