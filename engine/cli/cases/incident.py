"""``ssj incident``: what went wrong and waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.exits import CommandError
from engine.cli.next_actions import next_text, refusal_text
from engine.cli.options import as_json, request_id_option
from engine.cli.output import Column, listing, print_json, print_listing
from engine.cli.session import answered, application_of, caller, local_second, source_of
from engine.kernel.refusal import Refusal
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.incidents import Incident

#: So many are listed at most.
MAX_INCIDENTS = 100_000


@click.group("incident")
def group() -> None:
    """异常：无法执行的时限、没有送达的消息；查看、重试、关闭。

    例：ssj incident list
    """


@group.command("list")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, MAX_INCIDENTS))
@viewing
@listing
@click.pass_context
def list_incidents(ctx: click.Context, limit: int, viewer: str, output: str | None) -> None:
    """列出异常，最早的在前：编号、失败次数、错误。"""
    from engine.app.queries import incidents

    found = answered(incidents.list_incidents(source_of(ctx), viewer, limit))
    columns: list[Column[Incident]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("失败次数"), lambda one: one.times),
        Column(say("错误"), lambda one: " ".join(one.error.splitlines())),
    ]
    empty = say("没有异常。") if not found.hidden else say("没有可以查看的异常。")
    print_listing(found.rows, columns, output, as_json=_plain, empty=empty)
    if found.hidden:
        click.echo(str(say("另有 {count} 项异常属于其他股室，没有列出。", count=found.hidden)), err=True)


@group.command("show")
@click.argument("incident_id", metavar="ID")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, incident_id: str, viewer: str, json_output: bool) -> None:
    """说明一项异常：什么失败了、几次、怎么办。"""
    from engine.app.queries.incidents import show_incident

    found = answered(show_incident(source_of(ctx), viewer, incident_id))
    if json_output:
        print_json(_plain(found))
        return
    click.echo(str(found.what))
    since = local_second(found.since)
    click.echo(str(say("自 {since} 起，已失败 {times} 次", since=since, times=found.times)))
    click.echo(str(say("错误：{error}", error=found.error)))
    click.echo(str(say("怎么办：{advice}", advice=next_text(found.next))))


@group.command("retry")
@click.argument("incident_ids", metavar="ID...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="重试全部异常")
@as_person("以谁的身份办理")
@request_id_option
@click.pass_context
def retry(
    ctx: click.Context, incident_ids: tuple[str, ...], everything: bool, person: str, request_id: str | None
) -> None:
    """再试一次；由守护进程在下一轮执行，再失败仍列为异常。"""
    from engine.app.commands import incidents

    if everything == bool(incident_ids):
        raise click.UsageError(str(say("请写明异常编号，或用 --all 重试全部（二者取一）")))
    application = application_of(ctx)
    if everything:
        count = answered(incidents.retry_all(application, caller(person, request_id=request_id)))
        click.echo(str(say("{count} 项将在守护进程的下一轮重试", count=count)), err=True)
        return
    outcomes = [
        # Several incidents are several commands: each has an id of its own made of the one that was given.
        incidents.retry(application, caller(person, request_id=request_id and f"{request_id}:{one}"), one)
        for one in incident_ids
    ]
    problems = [refusal_text(outcome) for outcome in outcomes if isinstance(outcome, Refusal)]
    if done := len(incident_ids) - len(problems):
        click.echo(str(say("{count} 项将在守护进程的下一轮重试", count=done)), err=True)
    if problems:
        raise CommandError("\n".join(problems))


@group.command("dismiss")
@click.argument("incident_id", metavar="ID")
@click.option("--reason", required=True, help="理由，记入审计")
@as_person("以谁的身份办理")
@request_id_option
@click.pass_context
def dismiss(ctx: click.Context, incident_id: str, reason: str, person: str, request_id: str | None) -> None:
    """关闭一项异常，不再重试；仍在计时的时限不能关闭。"""
    from engine.app.commands import incidents

    answered(
        incidents.dismiss(application_of(ctx), caller(person, request_id=request_id), incident_id, reason)
    )
    click.echo(str(say("已关闭异常 {id}", id=incident_id)), err=True)


def _plain(found: Incident) -> dict[str, Any]:
    return {**found.as_json(), "advice": str(next_text(found.next))}
