"""Reports of a year: measures with their targets, progress, and what supervision asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from engine.app.access.query import QueryContext, query
from engine.app.definitions.codes import unknown_workflow
from engine.app.people.persons import everybody
from engine.app.ports.task_query import TaskQuery
from engine.app.reports import reports
from engine.app.reports.reports import MeasureStatus, Progress, SupervisionItem
from engine.app.reports.statistics import StatisticsLine, StepTime, step_times, table_of
from engine.app.session.measures import Measure
from engine.kernel.did_you_mean import did_you_mean
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.lifecycle.measure_rules import StatisticsGroup, StatisticsTable, SupervisionRow
    from engine.lifecycle.model.bureau import Bureau

__all__ = [
    "Measure",
    "MeasureReport",
    "MeasureStatus",
    "Progress",
    "ProgressReport",
    "StatisticsLine",
    "StatisticsReport",
    "StepTime",
    "SupervisionItem",
    "SupervisionReport",
    "Workload",
    "report_measures",
    "report_progress",
    "report_statistics",
    "report_supervision",
    "report_times",
    "report_workload",
    "statistics_tables",
]

#: Cases of one line of the workload are counted up to so many.
MAX_COUNTED = 9_999


@dataclass(frozen=True, slots=True)
class MeasureReport:
    """The measures of a year."""

    year: int
    rows: Sequence[MeasureStatus]
    #: Whether the year is over: registers are counted as they are now.
    past: bool


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """How far the cases of a year have come."""

    year: int
    rows: Sequence[Progress]


@dataclass(frozen=True, slots=True)
class SupervisionReport:
    """What supervision asks of a year."""

    year: int
    rows: Sequence[SupervisionItem]


@query("report.read")
def report_measures(context: QueryContext, year: int | None = None) -> MeasureReport | Refusal:
    """Return every measure of the bureau for `year` (default: the present one)."""
    at = _instant(context, year)
    if isinstance(at, Refusal):
        return at
    bureau, now, zone = at
    local = now.astimezone(zone).year
    rows = reports.standings(context.transaction, bureau, now, zone, context.source.definitions)
    return MeasureReport(local, rows, local != context.now.astimezone(zone).year)


@query("report.read")
def report_progress(context: QueryContext, year: int | None = None) -> ProgressReport | Refusal:
    """Return how far the cases opened in `year` have come, by workflow."""
    at = _instant(context, year)
    if isinstance(at, Refusal):
        return at
    _, now, zone = at
    rows = reports.progress(context.source.definitions, context.transaction, now, zone)
    return ProgressReport(now.astimezone(zone).year, rows)


@query("report.read")
def report_supervision(context: QueryContext, year: int | None = None) -> SupervisionReport | Refusal:
    """Return what whoever supervises `year` asks first: counts of the bureau, and the cases the viewer sees."""
    at = _instant(context, year)
    if isinstance(at, Refusal):
        return at
    bureau, now, zone = at
    rules = bureau.supervision or _standard_rows()
    rows = reports.supervision(context.transaction, bureau, rules, context.source.definitions, now, zone)
    if context.limited:
        seen = _seen(context, rows)
        rows = [row.shown(seen.__contains__) for row in rows]
    return SupervisionReport(now.astimezone(zone).year, rows)


@dataclass(frozen=True, slots=True)
class StatisticsReport:
    """A table of statistics of a year, by one group."""

    year: int
    table: StatisticsTable
    group: StatisticsGroup
    rows: Sequence[StatisticsLine]


@query("report.read")
def statistics_tables(context: QueryContext) -> Mapping[str, StatisticsTable] | Refusal:
    """Return the tables of statistics there are, by id."""
    at = _instant(context, None)
    return at if isinstance(at, Refusal) else _tables(at[0])


@query("report.read")
def report_statistics(
    context: QueryContext, table: str, by: str, year: int | None = None
) -> StatisticsReport | Refusal:
    """Return a table of statistics of `year` by one of its groups; the counts are those of the whole bureau."""
    at = _instant(context, year)
    if isinstance(at, Refusal):
        return at
    bureau, now, zone = at
    tables = _tables(bureau)
    if table not in tables:
        message = say("没有统计表“{name}”", name=table)
        return Refusal(None, "", (RefusalReason("table", message, hint=did_you_mean(table, tables)),))
    chosen = tables[table]
    if by not in chosen.groups:
        message = say("“{title}”不按“{name}”分组", title=chosen.title, name=by)
        return Refusal(None, "", (RefusalReason("group", message, hint=did_you_mean(by, chosen.groups)),))
    rows = table_of(context.transaction, context.source.definitions, bureau, chosen, by, now, zone)
    return StatisticsReport(now.astimezone(zone).year, chosen, chosen.groups[by], rows)


@query("report.read")
def report_times(
    context: QueryContext, workflow: str, year: int | None = None
) -> Sequence[StepTime] | Refusal:
    """Return how long the cases of a workflow opened in `year` stayed in each state."""
    at = _instant(context, year)
    if isinstance(at, Refusal):
        return at
    _, now, zone = at
    published = dict.fromkeys(one.workflow for one in context.transaction.definitions.versions())
    if (unknown := unknown_workflow(published, workflow)) is not None:
        return unknown
    return step_times(context.transaction, context.source.definitions, workflow, now, zone)


def _tables(bureau: Bureau) -> Mapping[str, StatisticsTable]:
    """Return the tables of a bureau; those that come with the product where it declares none."""
    if bureau.statistics:
        return bureau.statistics
    standard = _standard_bureau()
    return standard.statistics if standard is not None else {}


def _seen(context: QueryContext, rows: Sequence[SupervisionItem]) -> frozenset[str]:
    """Return the cases of a report that stand in the viewer's lists."""
    found = context.transaction.cases.many(sorted({case for row in rows for case in row.cases}))
    return frozenset(name for name, case in found.items() if context.lists(case))


def _standard_rows() -> Mapping[str, SupervisionRow]:
    """Return the rows that come with the product, for a bureau that declares none."""
    bureau = _standard_bureau()
    return bureau.supervision if bureau is not None else {}


def _standard_bureau() -> Bureau | None:
    """Return the bureau that comes with the product."""
    from engine.definition.file_discovery import standard_bureau
    from engine.definition.library import load_paths

    return load_paths([standard_bureau()], partial=True).bureau


def _instant(context: QueryContext, year: int | None) -> tuple[Bureau, datetime, tzinfo] | Refusal:
    """Return the bureau in force, the instant of the report, and the zone of the bureau."""
    bureau = context.bureau
    if bureau is None:
        reason = RefusalReason("workflow", say("尚未发布任何流程"), next=NextAction("publish_definitions"))
        return Refusal(None, "", (reason,))
    zone = context.source.definitions.time.zone
    return bureau, reports.instant_in(year, context.now, zone), zone


@dataclass(frozen=True, slots=True)
class Workload:
    """What falls due week by week, and how many tasks each person has by name."""

    #: Monday -> how many cases have a task due in that week; counts end at `MAX_COUNTED` + 1.
    weeks: Sequence[tuple[date, int]]
    late: int
    undated: int
    #: (id, name, tasks named for them or claimed by them, how many of these are late), those with most first.
    people: Sequence[tuple[str, str, int, int]]
    #: The section that is counted; None: the bureau.
    section: str | None


@query("report.read")
def report_workload(context: QueryContext, weeks: int = 8) -> Workload:
    """Return the workload of the viewer's section, of the bureau for whoever sees it all."""
    zone = context.source.definitions.time.zone
    today = context.now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    section = context.viewer.section if context.limited else None
    tasks = context.transaction.tasks

    def count(**more: Any) -> int:
        return tasks.count_cases(TaskQuery(section=section, **more), most=MAX_COUNTED)

    by_week = []
    for number in range(weeks):
        first = monday + timedelta(days=7 * number)
        by_week.append((first, count(due_from=first, due_to=first + timedelta(days=6))))
    people = []
    for one in everybody(context.transaction):
        if one.active and (section is None or one.actor.section == section):
            keys = (f"p:{one.actor.id}",)
            own = count(keys=keys)
            if own:
                late = count(keys=keys, late_at=context.now)
                people.append((one.actor.id, one.actor.name or one.actor.id, own, late))
    everything, dated = count(), count(due_to=date(9000, 1, 1))
    people.sort(key=lambda line: (-line[2], line[0]))
    return Workload(by_week, count(late_at=context.now), max(0, everything - dated), people, section)
