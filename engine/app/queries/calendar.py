"""What a new calendar year would bring, and the running clocks of a case day by day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import visible_case
from engine.app.execution.calendar_change import CalendarChange, plan_change, with_announced
from engine.app.execution.recompute import MovedDeadline
from engine.app.services import Services
from engine.calendars.unusual import DayConfirmation, settle_year
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.deadlines.period_text import describe_limit, why_these_limits
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.model.deadline import Limit
from engine.lifecycle.model.workflow import Workflow
from engine.worktime.arithmetic import working_days_between
from engine.worktime.calendar import Calendar, YearData
from engine.worktime.explain import describe, explain_date
from engine.worktime.periods import YearDate

__all__ = [
    "CalendarChange",
    "ClockDays",
    "DayConfirmation",
    "MovedDeadline",
    "explain_clocks",
    "preview_year",
]

#: Days explained of one clock; a longer one is explained from its end.
MAX_DAYS = 120


@query("calendar.change")
def preview_year(
    context: QueryContext,
    data: YearData,
    confirm: Sequence[DayConfirmation] = (),
    in_force: Callable[[], DeadlineCalculator] | None = None,
) -> CalendarChange | Refusal:
    """Return what taking up `data` would change in the calendar, and which running deadlines it would move.

    Its `data` says which unusual days are confirmed, and which are not. `in_force` reads the calendar of the deployment,
    as the command does; without it the one this program has read counts.
    """
    source = context.source
    time = with_announced(in_force() if in_force else source.definitions.time, context.transaction)
    before = time.calendar.year(data.year)
    settled = settle_year(data, before, confirm, context.viewer.id)
    if isinstance(settled, RefusalReason):
        return Refusal(None, "", (settled,))
    data = settled
    services = Services(source.store, source.clock, source.definitions)
    return plan_change(services, context.transaction, context.now, data, time)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDays:
    """One running clock: what it counts from and to, and what each day between is."""

    title: str
    counted_from: date
    due_on: date
    working_days: int
    provisional: bool
    basis: str | None
    #: The length of the limit that rules: ``20 个工作日``, ``3 个月``, a date of the year and what moved it.
    length: Sequence[Message]
    #: Why the limit that rules holds, and which limits do not count because of their conditions.
    because: Sequence[Message]
    #: Day, what it is, and whether it is a working day.
    days: Sequence[tuple[date, Message, bool]]


def _length(
    workflow: Workflow, limit: Limit, calendar: Calendar, start: date, waited: int
) -> Sequence[Message]:
    length = limit.length
    moved = explain_date(calendar, start, length) if isinstance(length, YearDate) else ()
    if waited and limit.in_months:
        moved = (say("停计 {count} 日，相应顺延", count=waited),)
    return (describe_limit(workflow, limit), *moved)


@query("case.read")
def explain_clocks(context: QueryContext, case_id: str) -> Sequence[ClockDays] | Refusal:
    """Return the running clocks of a case, earliest due first, each explained day by day."""
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    process = context.source.definitions.get(context.transaction, case.workflow, case.version)
    calendar, zone = process.time.calendar, process.time.zone
    found = []
    for name, running in sorted(case.clocks.items(), key=lambda pair: pair[1].due_at):
        rule = process.workflow.clocks.get(name)
        from_, waited = process.time.counted_from(rule, running, case.clocks)
        start = from_.astimezone(zone).date()
        first = max(start + timedelta(days=1), running.due_on - timedelta(days=MAX_DAYS - 1))
        days = [first + timedelta(days=n) for n in range(max(0, (running.due_on - first).days + 1))]
        found.append(
            ClockDays(
                title=rule.title if rule else name,
                counted_from=start,
                due_on=running.due_on,
                working_days=working_days_between(calendar, start, running.due_on),
                provisional=running.provisional,
                basis=rule.basis_of(running.ruling) if rule else None,
                length=_length(process.workflow, rule.limits[running.ruling], calendar, start, waited)
                if rule and running.ruling < len(rule.limits)
                else (),
                because=why_these_limits(process.workflow, rule, running) if rule else (),
                days=[
                    (
                        day,
                        describe(calendar, day),
                        working_days_between(calendar, day - timedelta(days=1), day) == 1,
                    )
                    for day in days
                ],
            )
        )
    return found
