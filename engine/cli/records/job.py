"""``ssj job``: heavy work handed to workers, how far it has come, stopped, tried again."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.options import acting, as_json
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.session import answered, application_of, caller, home_of, local_second, source_of
from engine.deployment.jobs.kinds import KINDS
from engine.kernel.plain_text import visible
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.papers.jobs import JobRecord

#: Characters of a bar of progress.
_BAR = 20


@click.group("job")
def group() -> None:
    """作业：繁重的工作（一年的归档包）由办理进程逐件去做；一件做不了，其余照做。"""


@group.command("list")
@viewing
@listing
@click.pass_context
def list_jobs(ctx: click.Context, viewer: str, output: str | None) -> None:
    """列出作业：编号、种类、状态、进度、失败几件、谁交办的。"""
    from engine.app.queries.papers import jobs

    found = answered(jobs.list_jobs(source_of(ctx), viewer))
    columns: list[Column[JobRecord]] = [
        Column(say("编号"), lambda one: one.id),
        Column(say("种类"), lambda one: one.kind),
        Column(say("状态"), lambda one: one.state.value),
        Column(say("进度"), lambda one: f"{one.done}/{len(one.pieces)}"),
        Column(say("失败"), lambda one: str(len(one.failed) - (one.put_off is not None))),
        Column(say("交办人"), lambda one: one.made_by),
        Column(say("时间"), lambda one: local_second(one.made_at)),
    ]
    print_listing(found, columns, output, as_json=lambda one: one.as_json(), empty=say("还没有作业。"))


@group.command("show")
@click.argument("job")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, job: str, viewer: str, json_output: bool) -> None:
    """显示一项作业：进度，哪几件失败、为什么。"""
    from engine.app.queries.papers.jobs import show_job

    found = answered(show_job(source_of(ctx), viewer, job))
    if json_output:
        print_json(found.as_json())
        return
    whole = len(found.pieces)
    filled = _BAR * found.done // max(1, whole)
    bar = "█" * filled + "·" * (_BAR - filled)
    click.echo(tabbed(found.id, found.kind, found.state.value, f"{bar} {found.done}/{whole}"))
    for piece, why in found.failed.items():
        click.echo(tabbed(piece, visible(why)))


@group.command("cancel")
@click.argument("job")
@acting
@click.pass_context
def cancel(ctx: click.Context, job: str, person: str, request_id: str | None, dry_run: bool) -> None:
    """停止一项作业；正在做的一件做完为止，做好的留着。"""
    from engine.app.commands.papers.jobs import cancel_job

    who = caller(person, request_id=request_id, dry_run=dry_run)
    found = answered(cancel_job(application_of(ctx), who, job))
    click.echo(tabbed(found.id, found.state.value))


@group.command("retry")
@click.argument("job")
@acting
@click.pass_context
def retry(ctx: click.Context, job: str, person: str, request_id: str | None, dry_run: bool) -> None:
    """把一项作业失败的、或停止后没有做的，作为新作业再做一次。"""
    from engine.app.commands.papers.jobs import retry_job

    who = caller(person, request_id=request_id, dry_run=dry_run)
    found = answered(retry_job(application_of(ctx), who, job))
    click.echo(tabbed(found.id, found.state.value))


@group.command("work")
@click.option("--most", type=click.IntRange(1), default=None, help="至多做几件")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="只做这种作业；不写，各种都做")
@click.pass_context
def work(ctx: click.Context, most: int | None, kinds: tuple[str, ...]) -> None:
    """做作业，直到没有为止；可以同时开几个进程，在几台机器上（PostgreSQL）。守护进程自己也会做。"""
    from engine.deployment.jobs.handlers import do_jobs

    name = f"{socket.gethostname()}-{os.getpid()}"
    count = do_jobs(application_of(ctx, acts=False), home_of(ctx), name, most, kinds or KINDS)
    click.echo(str(say("做了 {count} 件", count=count)))
