"""``ssj incident``: what went wrong and waits for a person."""

from __future__ import annotations

import click

from engine.cli.authentication import as_person
from engine.cli.exits import CommandError
from engine.cli.options import as_json
from engine.cli.session import application_of, print_json, store_of
from engine.language import say


@click.group("incident")
def group() -> None:
    """异常：无法执行的时限、没有送达的消息；查看、重试、关闭。

    例：ssj incident list
    """


@group.command("list")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@as_json
@click.pass_context
def list_incidents(ctx: click.Context, limit: int, json_output: bool) -> None:
    """列出异常，最早的在前：编号、失败次数、错误。"""
    from engine.app.commands.incidents import incidents

    with store_of(ctx).read() as transaction:
        found = incidents(transaction, limit)[:limit]
    if json_output:
        print_json([incident.as_json() for incident in found])
        return
    for incident in found:
        click.echo(f"{incident.id}\t{incident.times}\t{incident.error}")
    if not found:
        click.echo(str(say("没有异常。")), err=True)


@group.command("show")
@click.argument("incident_id", metavar="ID")
@as_json
@click.pass_context
def show(ctx: click.Context, incident_id: str, json_output: bool) -> None:
    """说明一项异常：什么失败了、几次、怎么办。"""
    from engine.app.commands.incidents import incident
    from engine.app.execution.conflict_message import local_second
    from engine.deployment.open import ZONE

    with store_of(ctx).read() as transaction:
        found = incident(transaction, incident_id)
    if found is None:
        raise CommandError(say("没有异常“{id}”，也可能已有人处理；用 ssj incident list 查看", id=incident_id))
    if json_output:
        print_json(found.as_json())
        return
    from zoneinfo import ZoneInfo

    click.echo(str(found.what))
    click.echo(
        str(
            say(
                "自 {since} 起，已失败 {times} 次",
                since=local_second(found.since, ZoneInfo(ZONE)),
                times=found.times,
            )
        )
    )
    click.echo(str(say("错误：{error}", error=found.error)))
    click.echo(str(say("怎么办：{advice}", advice=found.advice)))


@group.command("retry")
@click.argument("incident_ids", metavar="ID...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="重试全部异常")
@as_person("以谁的身份办理")
@click.pass_context
def retry(ctx: click.Context, incident_ids: tuple[str, ...], everything: bool, person: str) -> None:
    """再试一次；由守护进程在下一轮执行，再失败仍列为异常。"""
    from engine.app.commands import incidents

    application = application_of(ctx)
    if everything == bool(incident_ids):
        raise click.UsageError(str(say("请写明异常编号，或用 --all 重试全部（二者取一）")))
    if everything:
        with application.store.read() as transaction:
            incident_ids = tuple(incident.id for incident in incidents.incidents(transaction, 100_000))
    problems = [p for one in incident_ids if (p := incidents.retry(application, one, person))]
    done = len(incident_ids) - len(problems)
    click.echo(str(say("{count} 项将在守护进程的下一轮重试", count=done)), err=True)
    if problems:
        raise CommandError("\n".join(str(problem) for problem in problems))


@group.command("dismiss")
@click.argument("incident_id", metavar="ID")
@click.option("--reason", required=True, help="理由，记入审计")
@as_person("以谁的身份办理")
@click.pass_context
def dismiss(ctx: click.Context, incident_id: str, reason: str, person: str) -> None:
    """关闭一项异常，不再重试；仍在计时的时限不能关闭。"""
    from engine.app.commands import incidents

    problem = incidents.dismiss(application_of(ctx), incident_id, person, reason)
    if problem is not None:
        raise CommandError(problem)
    click.echo(str(say("已关闭异常 {id}", id=incident_id)), err=True)
