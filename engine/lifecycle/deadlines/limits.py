"""When the limits of a deadline end, and which of them rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Protocol

from engine.lifecycle.case import RunningClock
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.value import value
from engine.worktime.arithmetic import (
    Due,
    add_working_days,
    beside,
    deadline,
    working_days_between,
)
from engine.worktime.calendar import Calendar
from engine.worktime.hours import add_office_time, office_time_between
from engine.worktime.periods import Beside, OnDay, Period, PeriodUnit, Season

#: No other clock runs on the case.
NO_CLOCKS: Mapping[str, RunningClock] = MappingProxyType({})
_INSTANT = timedelta(microseconds=1)
#: Days counted that one calendar remembers.
MAX_COUNTED = 4096


class OfficeClock(Protocol):
    """What days and hours are counted with (`DeadlineCalculator`)."""

    @property
    def calendar(self) -> Calendar: ...

    @property
    def zone(self) -> tzinfo: ...

    @property
    def seasons(self) -> tuple[Season, ...]: ...

    @property
    def counted_days(self) -> dict[tuple[int, date], tuple[Limit, Due]]:
        """Return what limits in days came to: (identity of a limit, day it was counted from) -> the limit and its end."""
        ...


@value
class CountedDeadline:
    """The due day of a deadline, and the number of the limit that rules."""

    due: Due
    ruling: int


def count_limits(
    hours: OfficeClock,
    limits: Sequence[Limit],
    froms: Sequence[datetime],
    extended_by: int,
    clocks: Mapping[str, RunningClock],
    waited: int = 0,
) -> CountedDeadline:
    """Return when a deadline ends: with the earliest of its `limits`, each counted from its own of `froms`.

    Extensions lengthen the first limit alone: what a deadline must not be later than holds for an extended one too.
    Limits in months and years end `waited` days later. It is 暂定 as long as one of the limits is. Raises ValueError outside the years 1 to 9999.
    """
    first = _due(hours, limits[0], froms[0], extended_by, clocks, waited)
    if len(limits) == 1:
        return CountedDeadline(first, 0)
    dues = [first]
    dues += [
        _due(hours, limit, from_, 0, clocks, waited)
        for limit, from_ in zip(limits[1:], froms[1:], strict=True)
    ]
    ruling = min(range(len(dues)), key=lambda number: dues[number].due_at)
    due = dues[ruling]
    return CountedDeadline(Due(due.due_on, due.due_at, any(one.provisional for one in dues)), ruling)


def start_instants(
    clock: ClockRule, running: RunningClock, clocks: Mapping[str, RunningClock]
) -> tuple[datetime, ...]:
    """Return what each limit is counted from: as it was, or the due instant of the clock it lies beside now."""
    froms = (running.counted_from, *running.others_from)
    if not clock.beside:
        return froms
    return tuple(
        clocks[limit.length.clock].due_at
        if isinstance(limit.length, Beside) and limit.length.clock in clocks
        else from_
        for limit, from_ in zip(clock.limits, froms, strict=True)
    )


def extend_counted(hours: OfficeClock, due: Due, more: Period) -> Due:
    """Return a due day moved on by `more`."""
    start = due.due_at if more.unit.to_the_second else due.due_at - _INSTANT
    longer = deadline(hours.calendar, start, more, hours.zone, seasons=hours.seasons)
    return Due(longer.due_on, longer.due_at, due.provisional or longer.provisional)


def shift_start(
    hours: OfficeClock, limit: Limit, from_: datetime, since: datetime, now: datetime
) -> datetime:
    """Return what a limit is counted from after a pause from `since` to `now`.

    Months and years are counted from where they were: from a later day they would end on the day that corresponds to that
    one, which may be later by more days than were lost, or by fewer. They end later instead (`RunningClock.waited`).
    """
    if not isinstance(limit.length, (Period, OnDay)):
        return from_
    unit = PeriodUnit.DAYS if isinstance(limit.length, OnDay) else limit.length.unit
    if unit.in_months:
        return from_
    if unit is PeriodUnit.HOURS:
        return from_ + (now - since)
    if unit is PeriodUnit.OFFICE_HOURS:
        counted = office_time_between(hours.calendar, hours.seasons, since, now, hours.zone)
        return add_office_time(hours.calendar, hours.seasons, from_, counted, hours.zone)
    first, last = since.astimezone(hours.zone).date(), now.astimezone(hours.zone).date()
    if unit.by_the_calendar:
        return from_ + (last - first)
    begun = from_.astimezone(hours.zone).date()
    paused = working_days_between(hours.calendar, first, last)
    return from_ + (add_working_days(hours.calendar, begun, paused) - begun)


def _period(hours: OfficeClock, limit: Limit, length: Period, from_: datetime, waited: int = 0) -> Due:
    return deadline(
        hours.calendar,
        from_,
        length,
        hours.zone,
        seasons=hours.seasons,
        first_day=limit.first_day,
        roll=limit.roll,
        waited=waited,
    )


def count_plain(hours: OfficeClock, limit: Limit, from_: datetime) -> Due:
    """Return when a limit in days ends, without extensions: whatever the hour, the day decides; the cases of a day share it."""
    key = (id(limit), from_.astimezone(hours.zone).date())
    known = hours.counted_days.get(key)
    if known is None or known[0] is not limit:
        if len(hours.counted_days) >= MAX_COUNTED:
            hours.counted_days.clear()
        assert isinstance(limit.length, Period)  # noqa: S101 - narrows the type; callers have looked
        known = hours.counted_days[key] = (limit, _period(hours, limit, limit.length, from_))
    return known[1]


def _due(
    hours: OfficeClock,
    limit: Limit,
    from_: datetime,
    extended_by: int,
    clocks: Mapping[str, RunningClock],
    waited: int,
) -> Due:
    length = limit.length
    if isinstance(length, Period):
        if extended_by or (waited and length.unit.in_months):
            longer = Period(length.count + extended_by, length.unit)
            return _period(hours, limit, longer, from_, waited)
        if length.unit.to_the_second:
            return _period(hours, limit, length, from_)
        return count_plain(hours, limit, from_)
    if isinstance(length, Beside):
        other = clocks.get(length.clock)
        base = (
            Due(other.due_on, other.due_at, other.provisional)
            if other is not None
            else Due((from_ - _INSTANT).astimezone(hours.zone).date(), from_, False)
        )
        due, unit = beside(hours.calendar, base, length, hours.zone, hours.seasons), length.period.unit
    else:
        due = deadline(hours.calendar, from_, length, hours.zone)
        unit = PeriodUnit.DAYS if isinstance(length, OnDay) else PeriodUnit.WORKING_DAYS
    return extend_counted(hours, due, Period(extended_by, unit)) if extended_by else due
