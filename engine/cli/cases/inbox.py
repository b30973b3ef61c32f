"""``ssj inbox``: what a person was sent, and that they have read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person
from engine.cli.exits import CommandError
from engine.cli.options import request_id_option
from engine.cli.output import Column, listing, print_listing
from engine.cli.session import answered, application_of, caller, home_of, source_of, zone_of
from engine.kernel.instants import local_minute
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.people.inbox import InboxEntry, MessageChoice


@click.group("inbox")
def group() -> None:
    """收件箱：查看发给本人的提醒、逾期、督办，确认已读。

    例：ssj inbox list --as insp-01
    """


@group.command("list")
@as_person("谁的收件箱")
@click.option("--all", "everything", is_flag=True, help="已读的也列出")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@listing
@click.pass_context
def list_entries(ctx: click.Context, person: str, everything: bool, limit: int, output: str | None) -> None:
    """列出未读的消息，最新的在前；紧急的另有标记。"""
    from engine.app.queries.people.inbox import list_inbox

    found = answered(list_inbox(source_of(ctx), person, person=person, everything=everything, limit=limit))
    zone = zone_of()
    columns: list[Column[InboxEntry]] = [
        Column(say("编号"), lambda entry: entry.id),
        Column(say("时间"), lambda entry: local_minute(entry.created_at, zone)),
        Column(say("内容"), lambda entry: f"{say('【紧急】') if entry.urgent else ''}{entry.text}"),
    ]
    print_listing(
        found,
        columns,
        output,
        as_json=_plain,
        empty=say("没有消息。") if everything else say("没有未读消息。"),
    )
    if not found and output != "json" and "inbox" not in home_of(ctx).channels:
        click.echo(
            str(say("本部署没有启用收件箱；在 settings.yaml 的 channels 下写 inbox: {braces}", braces="{}")),
            err=True,
        )


@group.command("ack")
@click.argument("ids", metavar="ID...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="全部确认")
@request_id_option
@as_person("以谁的身份确认")
@click.pass_context
def ack(
    ctx: click.Context, ids: tuple[str, ...], everything: bool, request_id: str | None, person: str
) -> None:
    """确认已读；确认时间留存。"""
    from engine.app.commands.inbox import acknowledge
    from engine.cli.next_actions import reason_text

    if everything == bool(ids):
        raise click.UsageError(str(say("请写明消息编号，或用 --all 全部确认（二者取一）")))
    by = caller(person, request_id=request_id)
    outcome = answered(acknowledge(application_of(ctx), by, person, None if everything else ids))
    click.echo(str(say("已确认 {count} 条", count=len(outcome.marked))), err=True)
    if outcome.problems:
        raise CommandError("\n".join(reason_text(problem) for problem in outcome.problems))


@group.command("kinds")
@as_person("谁的消息")
@listing
@click.pass_context
def kinds(ctx: click.Context, person: str, output: str | None) -> None:
    """列出可以选择的消息种类：全部、只要点名给本人的、不要。

    逾期、升级督办、催办和异常一律发送，不在其内。
    """
    from engine.app.queries.people.inbox import message_choices

    found = answered(message_choices(source_of(ctx), person, person=person))
    columns: list[Column[MessageChoice]] = [
        Column(say("种类"), lambda one: one.kind),
        Column(say("说明"), lambda one: str(one.title)),
        Column(say("选择"), lambda one: str(_CHOICES[one.choice])),
    ]
    print_listing(
        found,
        columns,
        output,
        as_json=lambda one: {"kind": one.kind, "choice": one.choice},
        empty=say("没有消息。"),
    )


@group.command("choose")
@click.argument("kind")
@click.argument("choice", type=click.Choice(["all", "mine", "none"]))
@request_id_option
@as_person("谁的消息")
@click.pass_context
def choose(ctx: click.Context, kind: str, choice: str, request_id: str | None, person: str) -> None:
    """选择一种消息收哪些：all 全部，mine 只要点名给本人的，none 不要。

    例：ssj inbox choose arrived mine --as insp-01
    """
    from engine.app.commands.inbox import choose_messages

    by = caller(person, request_id=request_id)
    outcome = answered(choose_messages(application_of(ctx), by, person, kind, choice))
    chosen = _CHOICES[outcome.choices[kind]]
    click.echo(str(say("“{kind}”：{choice}", kind=kind, choice=chosen)), err=True)


_CHOICES = {"all": say("全部"), "mine": say("只要点名给本人的"), "none": say("不要")}


def _plain(entry: InboxEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "case": entry.case,
        "about": entry.about,
        "title": entry.title,
        "text": entry.text,
        "urgent": entry.urgent,
        "created_at": entry.created_at.isoformat(),
        "acked_at": entry.acked_at.isoformat() if entry.acked_at else None,
    }
