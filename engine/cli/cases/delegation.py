"""``ssj delegation``: who acts for whom, from which day to which (委托)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import request_id_option
from engine.cli.output import Column, listing, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, source_of
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.queries.people.delegations import Delegation
    from engine.kernel.refusal import Refusal

_DAY = click.DateTime(["%Y-%m-%d"])
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
@request_id_option
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
    request_id: str | None,
    dry_run: bool,
) -> None:
    """登记一项委托：DELEGATE 在期内代 PRINCIPAL 办理。

    替他人登记的只提请，由委托人本人或另一位管理员确认（ssj proposal confirm）后再运行同一条命令。
    """
    from engine.app.commands.delegations import add_delegation

    by = caller(person, request_id=request_id, dry_run=dry_run)
    outcome = add_delegation(application_of(ctx), by, principal, delegate, first.date(), last.date(), reason)
    _report(outcome, dry_run)


@group.command("end")
@click.argument("delegation")
@click.option("--reason", required=True, help="理由")
@request_id_option
@_DRY
@as_person("由谁收回")
@click.pass_context
def end(
    ctx: click.Context,
    /,
    delegation: str,
    reason: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """提前收回一项委托。"""
    from engine.app.commands.delegations import end_delegation

    by = caller(person, request_id=request_id, dry_run=dry_run)
    _report(end_delegation(application_of(ctx), by, delegation, reason), dry_run)


@group.command("list")
@click.option("--all", "everything", is_flag=True, help="连同已终止的")
@viewing
@listing
@click.pass_context
def list_delegations(ctx: click.Context, everything: bool, viewer: str, output: str | None) -> None:
    """列出委托。"""
    from engine.app.queries.people import delegations

    found = answered(delegations.list_delegations(source_of(ctx), viewer, everything=everything))
    columns: list[Column[Delegation]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("委托人"), lambda one: one.principal),
        Column(say("受托人"), lambda one: one.delegate),
        Column(say("起日"), lambda one: one.first),
        Column(say("止日"), lambda one: one.last),
        Column(say("理由"), lambda one: one.reason),
        Column(say("状态"), lambda one: _marks(one) or "-"),
    ]
    print_listing(
        found, columns, output, as_json=lambda one: one.as_json(), empty=say("没有委托。"), line=_line
    )


def _line(one: Delegation) -> str:
    return tabbed(one.id, one.principal, one.delegate, one.first, one.last, one.reason, *_marks(one))


def _marks(one: Delegation) -> list[Message]:
    """Return that it was taken back, and that one person alone gave it for another."""
    return [
        *([say("已收回")] if one.ended else []),
        *([say("单人办理")] if one.single_handed else []),
    ]


def _report(outcome: Delegation | Refusal, dry_run: bool) -> None:
    from engine.kernel.refusal import Refusal

    if isinstance(outcome, Refusal):
        from engine.cli.next_actions import reason_text

        raise CommandError("\n".join(f"  - {reason_text(reason)}" for reason in outcome.reasons), REFUSED)
    click.echo(_line(outcome))
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
