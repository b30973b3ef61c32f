"""``ssj task``: what is to be done, and doing it."""

from __future__ import annotations

from typing import Any

import click

from engine.cli import task_list
from engine.cli.acting import as_person
from engine.cli.exits import Problem
from engine.cli.session import (
    acting,
    as_json,
    office_of,
    print_json,
    read_answers_file,
    report_answer,
)
from engine.language import say


@click.group("task")
def group() -> None:
    """待办：列出、日历、本周事项、查看、领取、办理、转办、延期、挂起。

    例：ssj task list --as insp-01
    """


group.add_command(task_list.list_tasks)
group.add_command(task_list.calendar)
group.add_command(task_list.week)


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
