"""``ssj calendar``: count working days, explain the count, show the years. `import` is in its own module."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.exits import ENVIRONMENT, USAGE, CommandError
from engine.cli.options import as_json
from engine.cli.output import print_json
from engine.cli.session import settle_unfinished
from engine.cli.system.calendar_import import import_year
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.worktime.calendar import Calendar

#: A longer count is not explained day by day; nobody reads it.
MAX_EXPLAINED = 3000


@click.group("calendar", short_help="工作日历：推算、查看、导入")
def group() -> None:
    """工作日历：推算期限、查看各年放假安排。"""


#: The name the entry of the command line looks for.
calendar = group

group.add_command(import_year)


@group.command("due", context_settings={"ignore_unknown_options": True}, short_help="推算 N 个工作日后的日期")
@click.argument("start", metavar="DATE")
@click.argument("count", metavar="N", type=int)
@click.option("--explain", "explained", is_flag=True, help="逐日说明是否计入及原因")
@as_json
@click.pass_context
def due(ctx: click.Context, start: str, count: int, explained: bool, json_output: bool) -> None:
    """推算 DATE 之后第 N 个工作日（当日不计）；N 为负数时向前推算。

    标准输出的第一行只有日期；经过尚未公布放假安排的年份时，标准错误另有“暂定”说明。
    """
    from engine.worktime.arithmetic import add_working_days, is_provisional_count
    from engine.worktime.explain import explain, provisional_sentence

    day = _date(start)
    known = _calendar(ctx)
    try:
        end = add_working_days(known, day, count)
    except ValueError:
        raise CommandError(say("{count} 个工作日太多，日期超出范围", count=count), USAGE) from None
    if explained and abs(count) > MAX_EXPLAINED:
        raise CommandError(say("逐日说明最多 {most} 个工作日", most=MAX_EXPLAINED), USAGE)
    provisional = is_provisional_count(known, day, end)
    steps = explain(known, day, count) if explained else ()
    if json_output:
        found: dict[str, Any] = {"from": day, "working_days": count, "date": end, "provisional": provisional}
        if explained:
            found["days"] = [
                {
                    "date": step.day,
                    "counts": step.counts,
                    "number": step.number,
                    "kind": step.status.kind.value,
                    "provisional": step.provisional,
                    "sentence": str(step),
                }
                for step in steps
            ]
        print_json(found | {"calendar": known.version})
    else:
        click.echo(end.isoformat())
        for step in steps:
            click.echo(str(step))
    if provisional:
        click.echo(str(provisional_sentence(known, end)), err=True)


@group.command("show", short_help="查看放假安排")
@click.argument("year", metavar="[YEAR]", type=click.IntRange(1, 9999), required=False)
@as_json
@click.pass_context
def show(ctx: click.Context, year: int | None, json_output: bool) -> None:
    """列出已有的年份；给出 YEAR 时列出该年的放假日、调休上班日和来源。"""
    from engine.calendars.text import year_as_json, year_as_text, years_as_json, years_as_text

    known = _calendar(ctx)
    if json_output:
        print_json(years_as_json(known) if year is None else year_as_json(known, year))
        return
    click.echo(years_as_text(known) if year is None else year_as_text(known, year))
    if year is not None and year not in known.published:
        click.echo(
            str(say("{year} 年的放假安排尚未导入，按周一至周五计，推算结果均为暂定", year=year)), err=True
        )


def _date(text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        problem = say("“{seen}”不是日期；请写成 2026-03-02 的样子", seen=text)
        raise click.BadParameter(str(problem), param_hint="DATE") from None


def _calendar(ctx: click.Context) -> Calendar:
    """Return the national calendar, with a deployment's years and closures where there is a deployment."""
    from engine.calendars.load import load_calendar

    folders = _folders(ctx)
    known = load_calendar(folders)
    if any(path for folder in folders for path in folder.glob("*.y*ml")):
        for sentence in _unadopted(ctx):
            click.echo(str(sentence), err=True)
    return known


def _unadopted(ctx: click.Context) -> list[Message]:
    """Return what is to be said of files days are counted by and nobody took up; nothing where there is no database to ask."""
    from engine.deployment.home import find_home
    from engine.deployment.open import open_deployment_store
    from engine.deployment.unfinished_year import unadopted
    from engine.store.problem import StoreUnavailableError

    home = find_home(ctx.find_root().obj)
    try:
        store = open_deployment_store(home)
    except StoreUnavailableError:
        return []
    try:
        return [what for _, what in unadopted(home, store)]
    finally:
        store.close()


def _folders(ctx: click.Context) -> list[Path]:
    """Return the deployment's folder of calendars; none when no deployment was named and we are not in one."""
    from engine.deployment.home import DeploymentMissingError, find_home

    named = ctx.find_root().obj
    # A year that was announced and whose file is missing still holds.
    settle_unfinished(named)
    try:
        return [find_home(named).calendars]
    except DeploymentMissingError as problem:
        if named:
            raise CommandError(problem.message, ENVIRONMENT) from None
        return []
