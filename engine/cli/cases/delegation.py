"""``ssj delegation``: who stands in for whom, from which day to which (委托)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, print_json, store_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.records import Delegation
    from engine.language import Message

_DAY = click.DateTime(["%Y-%m-%d"])
_RETRIED = click.option("--request-id", default=None, help="请求编号：同一编号只生效一次")
_DRY = click.option("--dry-run", is_flag=True, help="只判断，不保存")


@click.group("delegation")
def group() -> None:
    """委托：休假、借调期间由他人代办，到期自行终止。

    例：ssj delegation add insp-01 insp-02 --from 2026-08-03 --to 2026-08-14 --reason 年休假 --as insp-01
    """


@group.command("add")
@click.argument("principal")
@click.argument("delegate")
@click.option("--from", "first", type=_DAY, required=True, help="起日（含）")
@click.option("--to", "last", type=_DAY, required=True, help="止日（含）")
@click.option("--reason", required=True, help="理由")
@_RETRIED
@_DRY
@as_person("由谁登记")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    principal: str,
    delegate: str,
    first: datetime,
    last: datetime,
    reason: str,
    person: str,
    **how: Any,
) -> None:
    """登记一项委托：DELEGATE 在期内代 PRINCIPAL 办理。"""
    from engine.app.commands.delegate import delegate as register

    outcome = register(
        application_of(ctx), principal, delegate, first.date(), last.date(), by=person, reason=reason, **how
    )
    _report(outcome, how["dry_run"])


@group.command("end")
@click.argument("delegation")
@click.option("--reason", required=True, help="理由")
@_RETRIED
@_DRY
@as_person("由谁收回")
@click.pass_context
def end(ctx: click.Context, /, delegation: str, reason: str, person: str, **how: Any) -> None:
    """提前收回一项委托。"""
    from engine.app.commands.delegate import end as take_back

    _report(take_back(application_of(ctx), delegation, by=person, reason=reason, **how), how["dry_run"])


@group.command("list")
@click.option("--all", "everything", is_flag=True, help="连同已终止的")
@as_json
@click.pass_context
def list_delegations(ctx: click.Context, everything: bool, json_output: bool) -> None:
    """列出委托。"""
    from engine.app.people.delegation import delegations
    from engine.deployment.clocks import SystemClock

    now = SystemClock().now()
    with store_of(ctx).read() as transaction:
        found = [d for d in delegations(transaction) if everything or (not d.ended and d.ends > now)]
    if json_output:
        print_json([one.as_json() for one in found])
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo(str(say("没有委托。")), err=True)


def _line(one: Delegation) -> str:
    mark = f"\t{say('已收回')}" if one.ended else ""
    return f"{one.id}\t{one.principal}\t{one.delegate}\t{one.first}\t{one.last}\t{one.reason}{mark}"


def _report(outcome: Delegation | list[Message], dry_run: bool) -> None:
    if isinstance(outcome, list):
        raise CommandError("\n".join(f"  - {message}" for message in outcome), REFUSED)
    click.echo(_line(outcome))
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
