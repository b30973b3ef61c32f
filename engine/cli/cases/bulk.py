"""One case or many: ``--where`` for the commands that can be done with a whole list of tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.next_actions import refusal_text
from engine.cli.options import as_json
from engine.cli.output import print_json, tabbed
from engine.cli.session import answered, report_answer
from engine.kernel.refusal import Refusal
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands.application import Application, CommandResult

F = TypeVar("F", bound=Callable[..., Any])


def many(command: F) -> F:
    """Add ``--where`` and, for its report, ``--json``."""
    help_text = "批量：名=值，用逗号隔开（workflow state section assignee title case overdue due_before）"
    return click.option("--where", default=None, metavar="FILTER", help=help_text)(as_json(command))


def one_or_many(
    application: Application,
    person: str,
    case: str | None,
    where: str | None,
    act: Callable[[str, str | None], CommandResult | Refusal],
    json_output: bool,
    *,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """Do something with one case, or with every task `where` means; say what came of each."""
    if (case is None) == (where is None):
        raise CommandError(say("请写一个案件编号，或用 --where 写明哪些待办，二者取一"), USAGE)
    if case is not None:
        report_answer(act(case, request_id), dry_run)
        return
    from engine.app.queries.bulk import BulkReport, TaskFilter, select_tasks

    wanted = TaskFilter.read(where or "")
    if isinstance(wanted, list):
        raise CommandError("\n".join(str(message) for message in wanted), USAGE)
    report = BulkReport.of(answered(select_tasks(application, person, wanted)), act, request_id)
    if json_output:
        print_json([item.as_json() for item in report.items])
    else:
        for item in report.items:
            mark = say("已办") if item.done else say("未办")
            click.echo(tabbed(item.case, mark, item.title))
            if isinstance(item.outcome, Refusal):
                click.echo(refusal_text(item.outcome), err=True)
    if dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
    click.echo(str(report.summary), err=True)
    if not report.all_done:
        raise SystemExit(REFUSED)
