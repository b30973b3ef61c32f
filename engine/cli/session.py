"""Opening a deployment for a command, acting persons, and reading files people hand in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.cli.console import is_terminal, note_that_it_acts
from engine.cli.exits import ENVIRONMENT, REFUSED, USAGE, CommandError
from engine.cli.output import tabbed
from engine.language import say

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from engine.app.commands import Caller
    from engine.app.commands.application import Application, CommandResult
    from engine.deployment.home import Home
    from engine.deployment.source import DeploymentSource
    from engine.kernel.refusal import Refusal

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_HOME = "ssj.home"
_SOURCE = "ssj.source"


def home_of(ctx: click.Context) -> Home:
    """Return the deployment named by ``--home`` or ``SSJ_HOME``; ends the command where there is none."""
    from engine.deployment.home import DeploymentMissingError, find_home

    # Asked for by ``--as`` and by the command itself: read once.
    if (known := ctx.meta.get(_HOME)) is None:
        try:
            settle_unfinished(ctx.find_root().obj)
            known = ctx.meta[_HOME] = find_home(ctx.find_root().obj)
        except DeploymentMissingError as problem:
            raise CommandError(problem.message, ENVIRONMENT) from None
    found: Home = known
    return found


def opened_home(ctx: click.Context) -> Home | None:
    """Return the deployment the command has found; None where it has not looked for one."""
    found: Home | None = ctx.meta.get(_HOME)
    return found


def settle_unfinished(named: str | None) -> None:
    """Finish or undo what was broken off in a deployment, and say so; ends the command where that cannot be done."""
    from engine.deployment.home import named_path
    from engine.files.journal import is_begun

    if not is_begun(path := named_path(named)):
        return
    from engine.operations.move_database import MoveError
    from engine.operations.unfinished import DeploymentUnfinishedError, settle

    try:
        for sentence in settle(path):
            click.echo(str(sentence), err=True)
    except (DeploymentUnfinishedError, MoveError) as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None


def source_of(ctx: click.Context) -> DeploymentSource:
    """Return where queries read; opened once for a command, and closed when it ends."""
    from engine.deployment.source import DeploymentSource

    if (known := ctx.meta.get(_SOURCE)) is None:
        known = ctx.meta[_SOURCE] = DeploymentSource(home_of(ctx))
        ctx.find_root().call_on_close(known.close)
    found: DeploymentSource = known
    return found


def close_source(ctx: click.Context) -> None:
    """Close where queries read, for a command that goes on to work on the files of the deployment."""
    if (known := ctx.meta.pop(_SOURCE, None)) is not None:
        known.close()


def zone_of() -> tzinfo:
    """Return the zone of the bureau, in which people read dates."""
    from zoneinfo import ZoneInfo

    from engine.deployment.open import ZONE

    return ZoneInfo(ZONE)


def local_second(at: datetime) -> str:
    """Return an instant to the second, as people of the bureau read it."""
    from engine.kernel.instants import local_second as second_in

    return second_in(at, zone_of())


def answered(outcome: T | Refusal) -> T:
    """Return what a command or a query answered; a refusal ends the command with exit code 1."""
    from engine.kernel.refusal import Refusal

    if isinstance(outcome, Refusal):
        from engine.cli.next_actions import refusal_text

        raise CommandError(refusal_text(outcome), REFUSED)
    return outcome


def caller(person: str, *, request_id: str | None = None, dry_run: bool = False) -> Caller:
    """Return who acts, for a command."""
    from engine.app.commands import Caller

    note_that_it_acts()
    return Caller(person, request_id, dry_run)


def ask_first(
    application: Application, by: Caller, use_case: str, target: str = "", *, about: str | None = None
) -> None:
    """End the command where `by` may not do it, before a file is read or a question is put; the attempt is kept."""
    from engine.app.commands.access import ask_first as ask

    if (refused := ask(application, by, use_case, target, about=about)) is not None:
        answered(refused)


def application_of(ctx: click.Context, *, acts: bool = True) -> Application:
    """Open the deployment with everything that acts; without `acts` only to prove who somebody is.

    Its store is closed when the command ends.
    """
    from engine.deployment.open import keep_definitions, open_application

    if acts:
        note_that_it_acts()
    application = open_application(home_of(ctx))
    ctx.find_root().call_on_close(application.store.close)
    if acts:
        # Called before the store is closed.
        ctx.find_root().call_on_close(lambda: keep_definitions(application))
    return application


def confirm(question: object, yes: bool) -> None:
    """Ask before something that is hard to undo; `yes` answers. Ends the command where nobody can be asked."""
    if yes:
        return
    if not is_terminal(sys.stdin):
        raise CommandError(say("{question}无人可问；确认后请加 --yes", question=question), USAGE)
    click.confirm(str(question), abort=True, err=True)


def read_answers_file(name: str | None) -> Mapping[str, Any] | None:
    """Return the answers in a YAML or JSON file (``-``: standard input). Ends the command if they cannot be read."""
    if name is None:
        return None
    from engine.files.reading import read_file, read_stream
    from engine.kernel.budget import TEXT

    if name == "-":
        from engine.cli.typed_line import check_uncut

        data = read_stream(sys.stdin.buffer, TEXT)
        check_uncut(data)
    else:
        path = Path(name)
        if not path.is_file():
            raise CommandError(say("没有文件“{file}”", file=name), USAGE)
        data = read_file(path, TEXT, name)
    from engine.yamltext.plain import read_plain

    found, problems = read_plain(data, name)
    if problems:
        raise CommandError("\n".join(problems), REFUSED)
    if not isinstance(found, Mapping):
        raise CommandError(say("{file}：应为“栏: 值”", file=name), REFUSED)
    return found


def report_answer(outcome: CommandResult | Refusal, dry_run: bool = False) -> None:
    """Say what came of a command; a refusal ends it with exit code 1."""
    from engine.kernel.refusal import Refusal

    if isinstance(outcome, Refusal):
        from engine.cli.next_actions import refusal_text

        raise CommandError(refusal_text(outcome), REFUSED)
    for warning in outcome.warnings:
        click.echo(str(say("提示：{warning}", warning=warning)), err=True)
    if outcome.repeated:
        click.echo(str(say("该请求此前已办理，未重复办理。")), err=True)
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
    click.echo(tabbed(outcome.case, outcome.state, outcome.title))
    if outcome.started:
        click.echo(str(say("并启动 {count} 件子案件", count=outcome.started)), err=True)
