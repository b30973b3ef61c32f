"""``ssj report``: the year's targets, progress, and what supervision asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.cli.session import answered, source_of
from engine.language import say, translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.app.queries.reports import (
        MeasureStatus,
        Progress,
        StatisticsLine,
        StepTime,
        SupervisionItem,
    )
    from engine.lifecycle.measure_rules import StatisticsTable

_YEAR = click.option("--year", type=click.IntRange(2000, 2200), default=None, help="哪一年（默认今年）")


@click.group("report")
def group() -> None:
    """指标、进度、督导三种报告；每个比率都写明分子和分母。"""


@group.command("kpi")
@_YEAR
@viewing
@listing
@click.pass_context
def kpi(ctx: click.Context, year: int | None, viewer: str, output: str | None) -> None:
    """年度指标：分子、分母、目标，按现计划能达到多少、还差多少。

    例：ssj report kpi --year 2024
    """
    from engine.app.queries.reports import report_measures

    found = answered(report_measures(source_of(ctx), viewer, year))
    if output == "json":
        print_json({"year": found.year, "measures": [one.as_json() for one in found.rows]})
        return
    columns: list[Column[MeasureStatus]] = [
        Column(say("指标"), lambda one: one.measure.title),
        Column(say("分子/分母"), lambda one: one.measure.counts),
        Column(say("比率"), lambda one: one.measure.percent()),
        Column(say("目标"), lambda one: one.target or "-"),
        Column(say("说明"), lambda one: one.sentence),
    ]
    empty = say("本局设置里没有指标（bureau.yaml 的 measures）。")
    print_listing(found.rows, columns, output, as_json=lambda one: one.as_json(), empty=empty)
    if found.past:
        click.echo(str(say("名录的户数是现在的，不是 {year} 年的。", year=year)), err=True)


@group.command("progress")
@_YEAR
@viewing
@listing
@click.pass_context
def progress(ctx: click.Context, year: int | None, viewer: str, output: str | None) -> None:
    """各流程当年的件：启动、办结、在办、逾期，各停在哪个环节。"""
    from engine.app.queries.reports import report_progress

    found = answered(report_progress(source_of(ctx), viewer, year))
    if output == "json":
        print_json({"year": found.year, "workflows": [one.as_json() for one in found.rows]})
        return
    columns: list[Column[Progress]] = [
        Column(say("流程"), lambda one: one.title),
        Column(say("启动"), lambda one: one.opened),
        Column(say("办结"), lambda one: one.closed),
        Column(say("在办"), lambda one: one.opened - one.closed),
        Column(say("逾期"), lambda one: one.late),
        Column(
            say("环节"),
            lambda one: " ".join(f"{translate(s)} {n}/{one.opened}" for s, n in one.states.items()),
        ),
    ]
    print_listing(
        found.rows,
        columns,
        output,
        as_json=lambda one: one.as_json(),
        empty=say("这一年没有启动任何件。"),
        line=_progress_lines,
    )


@group.command("supervision")
@_YEAR
@viewing
@listing
@click.pass_context
def supervision(ctx: click.Context, year: int | None, viewer: str, output: str | None) -> None:
    """督导：逾期、延期、挂起、逾期公示、撤下的公示、作废的抽取。"""
    from engine.app.queries.reports import report_supervision

    found = answered(report_supervision(source_of(ctx), viewer, year))
    if output == "json":
        print_json({"year": found.year, "findings": [one.as_json() for one in found.rows]})
        return
    columns: list[Column[SupervisionItem]] = [
        Column(say("事项"), lambda one: one.title),
        Column(say("件数"), lambda one: one.count if one.whole is None else f"{one.count}/{one.whole}"),
        Column(say("案件"), lambda one: ",".join(one.cases) or "-"),
    ]
    print_listing(
        found.rows,
        columns,
        output,
        as_json=lambda one: one.as_json(),
        empty=say("没有督导事项。"),
        line=_supervision_lines,
    )
    if any(one.hidden for one in found.rows):
        click.echo(str(say("件数是全局的；其他股室的案件没有列出。")), err=True)


@group.command("statistics")
@click.argument("table", required=False)
@click.option("--by", default="section", help="按什么分组，如 section、street、item、class、month")
@_YEAR
@viewing
@listing
@click.pass_context
def statistics(
    ctx: click.Context, table: str | None, by: str, year: int | None, viewer: str, output: str | None
) -> None:
    """统计表：按股室、片区、事项、等级、月份数多少件；不写 TABLE 时列出有哪些表、可按什么分组。

    例：ssj report statistics inspections --by street --year 2024
    """
    from engine.app.queries.reports import report_statistics, statistics_tables
    from engine.language import SOURCE_LANGUAGE, current_language

    english = current_language() != SOURCE_LANGUAGE
    if table is None:
        tables = list(answered(statistics_tables(source_of(ctx), viewer)).values())
        listed: list[Column[StatisticsTable]] = [
            Column(say("统计表"), lambda one: one.id),
            Column(say("名称"), lambda one: one.heading(english)),
            Column(say("分组"), lambda one: ",".join(one.groups)),
        ]
        print_listing(
            tables,
            listed,
            output,
            as_json=lambda one: {"id": one.id, "title": one.title, "groups": list(one.groups)},
            empty=say("没有统计表。"),
        )
        return
    found = answered(report_statistics(source_of(ctx), viewer, table, by, year))
    columns: list[Column[StatisticsLine]] = [
        Column(say("{title}", title=found.group.heading(english)), _group_title)
    ]
    columns += [
        Column(say("{title}", title=column.heading(english)), _cell_of(column.id))
        for column in found.table.columns.values()
    ]
    if output is None:
        click.echo(tabbed(*(str(one.heading) for one in columns)), err=True)
    print_listing(found.rows, columns, output, as_json=lambda one: one.as_json(), empty=say("没有统计表。"))


def _cell_of(column: str) -> Callable[[StatisticsLine], str]:
    return lambda line: line.shown(column)


def _group_title(line: StatisticsLine) -> str:
    if line.group == "*":
        return str(say("合计"))
    return line.title or str(say("（未填）"))


@group.command("times")
@click.argument("workflow")
@_YEAR
@viewing
@listing
@click.pass_context
def times(ctx: click.Context, workflow: str, year: int | None, viewer: str, output: str | None) -> None:
    """各环节用时：件数、中位数和第90百分位（日，均为实有的一件）。

    例：ssj report times inspection --year 2024
    """
    from engine.app.queries.reports import report_times

    rows = answered(report_times(source_of(ctx), viewer, workflow, year))
    columns: list[Column[StepTime]] = [
        Column(say("环节"), lambda one: one.title),
        Column(say("件次"), lambda one: one.cases),
        Column(say("中位数（日）"), lambda one: one.as_json()["median_days"]),
        Column(say("第90百分位（日）"), lambda one: one.as_json()["p90_days"]),
    ]
    print_listing(
        rows, columns, output, as_json=lambda one: one.as_json(), empty=say("这一年没有走完任何环节的件。")
    )


def _supervision_lines(one: SupervisionItem) -> str:
    counts = str(one.count) if one.whole is None else f"{one.count}/{one.whole}"
    lines = [tabbed(one.title, counts, ",".join(one.cases) or "-")]
    if one.rows:
        lines.append(tabbed("  ", *one.headings))
    lines += [tabbed(f"  {case}", *cells) for case, cells in one.rows.items()]
    return "\n".join(lines)


def _progress_lines(one: Progress) -> str:
    head = say(
        "{title}\t启动 {opened}\t办结 {closed}\t在办 {open}\t逾期 {late}",
        title=one.title,
        opened=one.opened,
        closed=one.closed,
        open=one.opened - one.closed,
        late=one.late,
    )
    return "\n".join(
        [str(head), *(f"  {translate(state)}\t{count}/{one.opened}" for state, count in one.states.items())]
    )
