"""``ssj archive due|bin|restore|destroy``: files after their time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import viewing
from engine.cli.options import acting
from engine.cli.output import Column, listing, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, confirm, source_of
from engine.language import say

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.commands.papers.retention import RetentionRecord
    from engine.app.queries.papers.retention import KeptUntil

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("due")
@click.option("--by", "day", default=None, type=_DAY, metavar="DATE", help="到哪一天为止（默认今天）")
@click.option("--all", "every", is_flag=True, help="列出全部已办结的案件")
@viewing
@listing
@click.pass_context
def due(ctx: click.Context, day: datetime | None, every: bool, viewer: str, output: str | None) -> None:
    """列出保管将到期、已到期和在回收站的案卷：编号、保管到哪天、从哪天起算、状态。"""
    from engine.app.queries.papers.retention import list_retention

    found = answered(list_retention(source_of(ctx), viewer, day.date() if day else None, every=every))
    columns: list[Column[KeptUntil]] = [
        Column(say("编号"), lambda one: one.case),
        Column(say("保管到"), lambda one: one.until.isoformat() if one.until else "-"),
        Column(say("起算"), lambda one: one.since.isoformat() if one.since else "-"),
        Column(say("状态"), lambda one: one.state.value),
        Column(say("名称"), lambda one: one.title),
    ]
    print_listing(found, columns, output, as_json=_plain, empty=say("没有将到期的案卷。"))


@click.command("bin")
@click.argument("case")
@click.option("--reason", required=True, help="理由")
@acting
@click.pass_context
def bin_(
    ctx: click.Context,
    case: str,
    reason: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """把到期的案卷放进回收站；没有办结的、没有到期的不放。"""
    from engine.app.commands.papers.retention import bin_file

    who = caller(person, request_id=request_id, dry_run=dry_run)
    _print(answered(bin_file(application_of(ctx), who, case, reason)))


@click.command("restore")
@click.argument("case")
@click.option("--reason", required=True, help="理由")
@acting
@click.pass_context
def restore(
    ctx: click.Context,
    case: str,
    reason: str,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """从回收站取回案卷。"""
    from engine.app.commands.papers.retention import restore_file

    who = caller(person, request_id=request_id, dry_run=dry_run)
    _print(answered(restore_file(application_of(ctx), who, case, reason)))


@click.command("destroy")
@click.argument("case")
@click.option("--reason", required=True, help="理由")
@click.option("--yes", is_flag=True, help="不再询问")
@acting
@click.pass_context
def destroy(
    ctx: click.Context,
    case: str,
    reason: str,
    yes: bool,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """销毁回收站里一件案卷的证据（附件的字节）；编号、摘要和销毁的记录永久留存。"""
    from engine.app.commands.papers.retention import destroy_file

    if not dry_run:
        confirm(say("将销毁“{case}”的证据，不能恢复。", case=case), yes)
    who = caller(person, request_id=request_id, dry_run=dry_run)
    _print(answered(destroy_file(application_of(ctx), who, case, reason)))


def _print(record: RetentionRecord) -> None:
    click.echo(tabbed(record.case, record.state.value, len(record.destroyed)))


def _plain(one: KeptUntil) -> dict[str, Any]:
    return {
        "case": one.case,
        "title": one.title,
        "state": one.state.value,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "notice": one.notice.isoformat() if one.notice else None,
    }
