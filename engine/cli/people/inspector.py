"""``ssj user sheet`` and ``ssj user hand-over``: an inspector's work, and all of it given to somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.authentication import as_person, viewing
from engine.cli.exits import REFUSED
from engine.cli.next_actions import refusal_text
from engine.cli.options import as_json, request_id_option
from engine.cli.output import print_json, tabbed
from engine.cli.session import answered, application_of, caller, source_of
from engine.language import say
from engine.lifecycle.expressions.expression import Expression

if TYPE_CHECKING:
    from engine.app.commands.application import CommandResult
    from engine.app.queries.cases import TaskView
    from engine.kernel.refusal import Refusal


@click.command("sheet")
@click.argument("person", metavar="ID")
@click.option("--year", type=click.IntRange(2000, 2200), default=None, help="哪一年（默认今年）")
@viewing
@as_json
@click.pass_context
def sheet(ctx: click.Context, person: str, year: int | None, viewer: str, json_output: bool) -> None:
    """一个检查人员的全部：待办、当年参加的检查、执法证、培训、请假委托。

    例：ssj user sheet insp-07 --year 2024
    """
    from engine.app.queries.people.inspectors import inspector_sheet

    found = answered(inspector_sheet(source_of(ctx), viewer, person, year))
    if json_output:
        print_json(found.as_json())
        return
    actor, data = found.person.actor, found.entry.data if found.entry is not None else {}
    click.echo(tabbed(say("姓名"), actor.name, say("股室"), actor.section or "-"))
    click.echo(tabbed(say("执法证有效期至"), data.get("cert_valid_to", "-")))
    click.echo(tabbed(say("培训日期"), data.get("trained_on", "-")))
    for one in found.leave:
        click.echo(tabbed(say("委托"), f"{one.first}–{one.last}", one.delegate, one.reason))
    click.echo(str(say("待办 {count} 件", count=len(found.tasks))))
    for task in found.tasks:
        due = task.task.due_on.isoformat() if task.task.due_on else "-"
        click.echo(tabbed("  " + task.task.case, task.task.case_title, task.task.title, due))
    click.echo(str(say("{year} 年参加 {count} 件", year=found.year, count=len(found.cases))))
    for case in found.cases:
        click.echo(tabbed("  " + case.id, case.title, case.state))
    if found.hidden:
        click.echo(str(say("另有 {count} 件属其他股室，没有列出。", count=found.hidden)), err=True)


@click.command("hand-over")
@click.argument("leaving", metavar="FROM")
@click.argument("successor", metavar="TO")
@click.option("--reason", required=True, help="理由，如调离")
@click.option(
    "--set",
    "typed",
    multiple=True,
    metavar="NAME=VALUE",
    help="更换申请一栏的答案：栏名或标题=值；可写多次",
)
@as_person("以谁的身份办理")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只判断，不保存")
@as_json
@click.pass_context
def hand_over(
    ctx: click.Context,
    leaving: str,
    successor: str,
    reason: str,
    typed: tuple[str, ...],
    person: str,
    request_id: str | None,
    dry_run: bool,
    json_output: bool,
) -> None:
    """把一个人名下的待办一次全部转给另一个人（转办）；不能转的逐件说明，其余照转，可以再办一次。

    抽取确定的检查人员不由人指定接替，按同一随机次序的下一名接替：写了 --set 的，逐件提出更换申请，由有权的另一人批准，可以一次批准；
    自己申请的自己不能批准。

    例：ssj user hand-over insp-07 insp-08 --reason 调离 --set 提出方=检查人员本人 --set 原因=调离或借调 --set 事实和理由=调离 --as insp-07

    例：ssj task advance approve_change --where state=changing --set 意见=同意 --as chief

    例：ssj user hand-over insp-07 insp-08 --reason 调离 --as chief
    """
    from engine.app.queries.bulk import BulkReport
    from engine.app.queries.cases import show_case
    from engine.app.queries.people.inspectors import tasks_held
    from engine.cli.cases.answers.set_answers import completed
    from engine.kernel.refusal import Refusal

    application = application_of(ctx)
    caller(person, dry_run=dry_run)
    held = answered(tasks_held(source_of(ctx), person, leaving))

    def hand(case: str, request: str | None) -> CommandResult | Refusal:
        found = (
            replacement_of(answered(show_case(application, person, case, as_person=person)), leaving)
            if typed
            else None
        )
        if found is None:
            return application.reassign(
                case, person, successor, reason=reason, request_id=request, dry_run=dry_run
            )
        step, question = found
        answers = completed(application, person, case, step, {question: leaving}, typed)
        return application.advance(case, step, person, answers, request_id=request, dry_run=dry_run)

    report = BulkReport.of(held, hand, request_id)
    if json_output:
        print_json([item.as_json() for item in report.items])
    else:
        for item in report.items:
            click.echo(tabbed(item.case, say("已转") if item.done else say("未转"), item.title))
            if isinstance(item.outcome, Refusal):
                click.echo(refusal_text(item.outcome), err=True)
    click.echo(str(report.summary), err=True)
    if not report.all_done:
        ctx.exit(REFUSED)


def replacement_of(view: TaskView, leaving: str) -> tuple[str, str] | None:
    """Return the step that may be taken now and asks for whoever was drawn next in the place of `leaving`, and its question that names who leaves.

    None where the process has no such step, it is not to be had in this state, or `leaving` was not drawn for the case.
    """
    if not any(leaving in people for people in view.case.parties.values()):
        return None
    named = {
        path[1:3]
        for step in view.process.workflow.transitions
        for effect in step.then
        if effect.kind == "replace" and isinstance(effect.arguments["person"], Expression)
        for path in effect.arguments["person"].names()
        if path[0] == "forms" and len(path) == 3
    }
    for step, found in view.process.manual_steps(view.case.state).items():
        for form, question in sorted(named):
            if found[0].form == form:
                return step, question
    return None
