"""``ssj task``: what is to be done, and doing it."""

from __future__ import annotations

from typing import Any

import click

from engine.cli.acting import as_person
from engine.cli.exits import Problem
from engine.cli.session import (
    acting,
    as_json,
    office_of,
    print_json,
    read_answers_file,
    report_answer,
    store_of,
)
from engine.language import say


@click.group("task")
def group() -> None:
    """待办：列出、查看、领取、办理、转办、延期、挂起。

    例：ssj task list --as insp-01
    """


@group.command("list")
@as_person("某人的待办", required=False)
@click.option("--section", default=None, help="某股室的待办")
@click.option("--overdue", is_flag=True, help="只列逾期的")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@as_json
@click.pass_context
def list_tasks(
    ctx: click.Context, person: str | None, section: str | None, overdue: bool, limit: int, json_output: bool
) -> None:
    """列出待办，最早到期的在前。"""
    from engine.deployment.clocks import SystemClock
    from engine.office.listing import duties, duties_of

    now = SystemClock().now()
    with store_of(ctx).read() as unit:
        if person is not None:
            found = duties_of(unit, person, now, limit)
            if found is None:
                raise Problem(
                    say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=person)
                )
            found = [d for d in found if (not overdue or d.late) and section in (None, d.task.section)]
        else:
            found = duties(unit, now, section=section, overdue=overdue, limit=limit)
    if json_output:
        print_json([duty.as_json() for duty in found])
        return
    lines = []
    for duty in found:
        task = duty.task
        due = task.due_on.isoformat() if task.due_on else "-"
        mark = str(say("（暂定）")) if task.provisional else ""
        late = str(say("【逾期】")) if duty.late else ""
        lines.append(f"{task.case}\t{task.title}\t{due}{mark}{late}\t{task.case_title}")
    if lines:
        click.echo("\n".join(lines))
    else:
        click.echo(str(say("没有待办。")), err=True)


@group.command("show")
@click.argument("case")
@as_person("以谁的身份看", required=False)
@as_json
@click.pass_context
def show(ctx: click.Context, case: str, person: str | None, json_output: bool) -> None:
    """说明一件待办：能办什么、要填哪些栏、还差什么条件。"""
    from engine.office.explaining import explain_task

    found = explain_task(office_of(ctx), case, person)
    if found is None:
        raise Problem(say("没有案件“{case}”；用 ssj case list 查看", case=case))
    if json_output:
        print_json(found.as_json())
    else:
        click.echo(found.as_text())


@group.command("advance")
@click.argument("case")
@click.argument("transition")
@click.option("--form", "form", default=None, metavar="FILE", help="表单内容（YAML 或 JSON；- 为标准输入）")
@click.option("--reason", default=None, help="理由")
@acting
@click.pass_context
def advance(
    ctx: click.Context,
    case: str,
    transition: str,
    form: str | None,
    reason: str | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """办理一步。

    例：ssj task advance inspection-17 finish_visit --as insp-01 --form visit.yaml
    """
    answers = read_answers_file(form)
    outcome = office_of(ctx).advance(
        case, transition, person, answers, reason=reason, request_id=request_id, dry_run=dry_run
    )
    report_answer(outcome, dry_run)


@group.command("claim")
@click.argument("case")
@acting
@click.pass_context
def claim(ctx: click.Context, /, case: str, person: str, **how: Any) -> None:
    """领取一件多人可办的待办。"""
    report_answer(office_of(ctx).claim(case, person, **how), how["dry_run"])


@group.command("reassign")
@click.argument("case")
@click.option("--to", required=True, metavar="ID", help="转给谁")
@click.option("--reason", default=None, help="理由")
@acting
@click.pass_context
def reassign(ctx: click.Context, /, case: str, to: str, reason: str | None, person: str, **how: Any) -> None:
    """转办给另一人。"""
    report_answer(office_of(ctx).reassign(case, person, to, reason=reason or "", **how), how["dry_run"])


@group.command("extend")
@click.argument("case")
@click.argument("count", type=int)
@click.option("--clock", default=None, help="哪个时限")
@click.option("--reason", default=None, help="理由")
@acting
@click.pass_context
def extend(
    ctx: click.Context,
    /,
    case: str,
    count: int,
    clock: str | None,
    reason: str | None,
    person: str,
    **how: Any,
) -> None:
    """延长正在计时的时限（按其自身的单位）。"""
    outcome = office_of(ctx).extend(case, person, count, reason=reason or "", clock=clock, **how)
    report_answer(outcome, how["dry_run"])


@group.command("suspend")
@click.argument("case")
@click.option("--reason", default=None, help="理由")
@acting
@click.pass_context
def suspend(ctx: click.Context, /, case: str, reason: str | None, person: str, **how: Any) -> None:
    """挂起案件。"""
    report_answer(office_of(ctx).suspend(case, person, reason=reason or "", **how), how["dry_run"])


@group.command("resume")
@click.argument("case")
@click.option("--reason", default=None, help="理由")
@acting
@click.pass_context
def resume(ctx: click.Context, /, case: str, reason: str | None, person: str, **how: Any) -> None:
    """恢复已挂起的案件。"""
    report_answer(office_of(ctx).resume(case, person, reason=reason, **how), how["dry_run"])
