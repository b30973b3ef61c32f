"""``ssj task``: what is to be done, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import viewing
from engine.cli.cases import task_list
from engine.cli.cases.bulk import many, one_or_many
from engine.cli.cases.task_verbs import COMMANDS
from engine.cli.exits import USAGE, CommandError
from engine.cli.options import acting, as_json
from engine.cli.output import print_json
from engine.cli.session import answered, application_of, read_answers_file, report_answer, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.history.requests import CommandResult
    from engine.kernel.refusal import Refusal


@click.group("task")
def group() -> None:
    """待办：列出、日历、本周事项、查看、领取、办理、签署、转办、退回、撤回、催办、延期、挂起、作废。

    例：ssj task list --as insp-01
    """


group.add_command(task_list.list_tasks)
group.add_command(task_list.calendar)
group.add_command(task_list.week)
for _command in COMMANDS:
    group.add_command(_command)


@group.command("show")
@click.argument("case")
@viewing
@as_json
@click.pass_context
def show(ctx: click.Context, case: str, viewer: str, json_output: bool) -> None:
    """说明一件待办：能办什么、要填哪些栏、还差什么条件。"""
    from engine.app.queries.cases import show_case

    found = answered(show_case(source_of(ctx), viewer, case, as_person=viewer))
    if json_output:
        print_json(found.as_json())
    else:
        click.echo(found.as_text())


@group.command("advance")
@click.argument("case", required=False)
@click.argument("transition", required=False)
@click.option("--form", "form", default=None, metavar="FILE", help="表单内容（YAML 或 JSON；- 为标准输入）")
@click.option("--reason", default=None, help="理由")
@many
@acting
@click.pass_context
def advance(
    ctx: click.Context,
    /,
    case: str | None,
    transition: str | None,
    form: str | None,
    reason: str | None,
    person: str,
    where: str | None,
    json_output: bool,
    **how: Any,
) -> None:
    """办理或签署一步；加 --where 则批量办理。

    例：ssj task advance inspection-17 finish_visit --as insp-01 --form visit.yaml
    例：ssj task advance publish_result --where state=to_publish --as insp-01 --dry-run
    """
    if where is not None and transition is None:
        case, transition = None, case
    if transition is None:
        raise CommandError(say("须写明案件和步骤：ssj task advance CASE TRANSITION"), USAGE)
    step, answers = transition, read_answers_file(form)
    application = application_of(ctx)

    def act(about: str, request_id: str | None) -> CommandResult | Refusal:
        return application.advance(
            about, step, person, answers, reason=reason, request_id=request_id, dry_run=how["dry_run"]
        )

    one_or_many(application, person, case, where, act, json_output, **how)


@group.command("claim")
@click.argument("case", required=False)
@many
@acting
@click.pass_context
def claim(
    ctx: click.Context, /, case: str | None, person: str, where: str | None, json_output: bool, **how: Any
) -> None:
    """领取多人可办的待办。"""
    application = application_of(ctx)

    def act(about: str, request_id: str | None) -> CommandResult | Refusal:
        return application.claim(about, person, request_id=request_id, dry_run=how["dry_run"])

    one_or_many(application, person, case, where, act, json_output, **how)


@group.command("reassign")
@click.argument("case", required=False)
@click.option("--to", required=True, metavar="ID", help="转给谁")
@click.option("--reason", default=None, help="理由")
@many
@acting
@click.pass_context
def reassign(
    ctx: click.Context,
    /,
    case: str | None,
    to: str,
    reason: str | None,
    person: str,
    where: str | None,
    json_output: bool,
    **how: Any,
) -> None:
    """转办给另一人。"""
    application = application_of(ctx)

    def act(about: str, request_id: str | None) -> CommandResult | Refusal:
        return application.reassign(
            about, person, to, reason=reason or "", request_id=request_id, dry_run=how["dry_run"]
        )

    one_or_many(application, person, case, where, act, json_output, **how)


@group.command("extend")
@click.argument("case", required=False)
@click.argument("count", required=False)
@click.option("--clock", default=None, help="哪个时限")
@click.option("--reason", default=None, help="理由")
@many
@acting
@click.pass_context
def extend(
    ctx: click.Context,
    /,
    case: str | None,
    count: str | None,
    clock: str | None,
    reason: str | None,
    person: str,
    where: str | None,
    json_output: bool,
    **how: Any,
) -> None:
    """延长正在计时的时限（按其自身的单位）；须经批准的，先提出申请。"""
    if where is not None and count is None:
        case, count = None, case
    try:
        units = int(count or "")
    except ValueError:
        raise CommandError(say("延长多少应为整数，实为“{seen}”", seen=count or "-"), USAGE) from None
    application = application_of(ctx)

    def act(about: str, request_id: str | None) -> CommandResult | Refusal:
        return application.extend(
            about,
            person,
            units,
            reason=reason or "",
            clock=clock,
            request_id=request_id,
            dry_run=how["dry_run"],
        )

    one_or_many(application, person, case, where, act, json_output, **how)


@group.command("urge")
@click.argument("case", required=False)
@click.option("--reason", default=None, help="要说的话")
@many
@acting
@click.pass_context
def urge(
    ctx: click.Context,
    /,
    case: str | None,
    reason: str | None,
    person: str,
    where: str | None,
    json_output: bool,
    **how: Any,
) -> None:
    """催办：向现在该办的人发催办消息，并记次数。"""
    application = application_of(ctx)

    def act(about: str, request_id: str | None) -> CommandResult | Refusal:
        return application.urge(about, person, reason=reason, request_id=request_id, dry_run=how["dry_run"])

    one_or_many(application, person, case, where, act, json_output, **how)


@group.command("suspend")
@click.argument("case")
@click.option("--reason", default=None, help="理由")
@acting
@click.pass_context
def suspend(ctx: click.Context, /, case: str, reason: str | None, person: str, **how: Any) -> None:
    """挂起案件。"""
    report_answer(application_of(ctx).suspend(case, person, reason=reason or "", **how), how["dry_run"])


@group.command("resume")
@click.argument("case")
@click.option("--reason", default=None, help="理由")
@acting
@click.pass_context
def resume(ctx: click.Context, /, case: str, reason: str | None, person: str, **how: Any) -> None:
    """恢复已挂起的案件。"""
    report_answer(application_of(ctx).resume(case, person, reason=reason, **how), how["dry_run"])
