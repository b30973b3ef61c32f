"""``ssj inbox``: what a person was told, and that they have read it."""

from __future__ import annotations

import click

from engine.cli.authentication import as_person
from engine.cli.exits import CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, home_of, print_json, store_of
from engine.language import say


@click.group("inbox")
def group() -> None:
    """收件箱：查看发给本人的提醒、逾期、督办，确认已读。

    例：ssj inbox list --as insp-01
    """


@group.command("list")
@as_person("谁的收件箱")
@click.option("--all", "everything", is_flag=True, help="已读的也列出")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@as_json
@click.pass_context
def list_entries(ctx: click.Context, person: str, everything: bool, limit: int, json_output: bool) -> None:
    """列出未读的消息，最新的在前；紧急的另有标记。"""
    from zoneinfo import ZoneInfo

    from engine.app.commands.inbox import as_json as plain
    from engine.app.people.directory import find_actor
    from engine.deployment.open import ZONE

    with store_of(ctx).read() as transaction:
        if find_actor(transaction, person) is None:
            raise CommandError(
                say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=person)
            )
        found = transaction.inbox.of(person, unacked=not everything, limit=limit)
    if json_output:
        print_json([plain(entry) for entry in found])
        return
    for entry in found:
        at = entry.created_at.astimezone(ZoneInfo(ZONE))
        mark = str(say("【紧急】")) if entry.urgent else ""
        click.echo(f"{entry.id}\t{at:%Y-%m-%d %H:%M}\t{mark}{entry.text}")
    if not found:
        click.echo(str(say("没有未读消息。") if not everything else say("没有消息。")), err=True)
        if "inbox" not in home_of(ctx).channels:
            click.echo(
                str(
                    say(
                        "本部署没有启用收件箱；在 settings.yaml 的 channels 下写 inbox: {braces}", braces="{}"
                    )
                ),
                err=True,
            )


@group.command("ack")
@click.argument("ids", metavar="ID...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="全部确认")
@as_person("以谁的身份确认")
@click.pass_context
def ack(ctx: click.Context, ids: tuple[str, ...], everything: bool, person: str) -> None:
    """确认已读；确认时间留存。"""
    from engine.app.commands.inbox import acknowledge

    if everything == bool(ids):
        raise click.UsageError(str(say("请写明消息编号，或用 --all 全部确认（二者取一）")))
    marked, problems = acknowledge(application_of(ctx), person, None if everything else ids)
    click.echo(str(say("已确认 {count} 条", count=len(marked))), err=True)
    if problems:
        raise CommandError("\n".join(str(problem) for problem in problems))
