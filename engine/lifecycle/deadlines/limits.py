"""When the limits of a deadline end, and which of them rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Protocol

from engine.lifecycle.case import Pause, RunningClock
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
from engine.worktime.periods import Beside, OnDay, Period, PeriodUnit, Roll, Season

#: No other clock runs on the case.
NO_CLOCKS: Mapping[str, RunningClock] = MappingProxyType({})
_DAY = timedelta(days=1)
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
    left_out: Sequence[int] = (),
    pauses: Sequence[Pause] = (),
) -> CountedDeadline:
    """Return when a deadline ends: with the earliest of its `limits`, each counted from its own of `froms`.

    Extensions lengthen the first limit alone: what a deadline must not be later than holds for an extended one too.
    Each gives back the `pauses` by itself (`after_pauses`); limits in months and years end `waited` days later besides. Those
    numbered in `left_out` do not count. It is 暂定 as long as one of the limits is. Raises ValueError outside the years 1 to 9999.
    """
    if not pauses:
        first = _due(hours, limits[0], froms[0], extended_by, clocks, waited)
        if len(limits) == 1:
            return CountedDeadline(first, 0)
        dues = [first]
        dues += [
            _due(hours, limit, from_, 0, clocks, waited)
            for limit, from_ in zip(limits[1:], froms[1:], strict=True)
        ]
    else:
        dues = []
        for number, (limit, from_) in enumerate(zip(limits, froms, strict=True)):
            start, later = after_pauses(hours, limit, from_, pauses_of(number, pauses), clocks, waited)
            dues.append(_due(hours, limit, start, 0 if number else extended_by, clocks, later))
    counted = [number for number in range(len(dues)) if number not in left_out]
    ruling = min(counted, key=lambda number: dues[number].due_at)
    due = dues[ruling]
    provisional = any(dues[number].provisional for number in counted)
    return CountedDeadline(Due(due.due_on, due.due_at, provisional), ruling)


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


def pauses_of(number: int, pauses: Sequence[Pause]) -> Sequence[Pause]:
    """Return the pauses of a clock for the limit numbered `number`: extensions are of the first alone."""
    return pauses if number == 0 else [replace(pause, extended=0) for pause in pauses]


def after_pauses(
    hours: OfficeClock,
    limit: Limit,
    from_: datetime,
    pauses: Sequence[Pause],
    clocks: Mapping[str, RunningClock] = NO_CLOCKS,
    waited: int = 0,
) -> tuple[datetime, int]:
    """Return what a limit counted from `from_` is counted from once `pauses` are given back, and by how many days it ends later.

    Days and hours begin later (`shift_start`); months and years end later, by `waited` days already without `pauses`.
    A limit that had not ended when a pause began has not ended when it is over: where its last day was moved off days
    off, and would lie before the end of the pause, it ends on the first day that does not. Raises ValueError outside the years 1 to 9999.
    """
    later = waited if limit.in_months else 0
    for pause in pauses:
        moved, days = shift_start(hours, limit, from_, pause.since, pause.until), later
        if limit.in_months:
            days += _days_paused(hours, from_, pause.since, pause.until)
        if (
            _may_be_rolled(limit)
            and _due(hours, limit, from_, pause.extended, clocks, later).due_at > pause.since
        ):
            while _due(hours, limit, moved, pause.extended, clocks, days).due_at <= pause.until:
                if limit.in_months:
                    days += 1
                else:
                    moved += timedelta(days=1)
        from_, later = moved, days
    return from_, later


def shift_start(
    hours: OfficeClock, limit: Limit, from_: datetime, since: datetime, now: datetime
) -> datetime:
    """Return what a limit is counted from after a pause from `since` to `now`.

    A day counts if the clock runs at its end: the day on which the pause begins does not, that on which it ends does. What is
    counted from a day at whose end it is paused begins with the day on which the pause ends, and a pause that is over by
    then gives nothing back. Months and years are counted from where they were: from a later day they would end on the day that
    corresponds to that one, which may be later by more days than were lost, or by fewer. They end later instead. A date that was named moves by the days of the pause.
    """
    if not isinstance(limit.length, (Period, OnDay)):
        return from_
    first, last = since.astimezone(hours.zone).date(), now.astimezone(hours.zone).date()
    if isinstance(limit.length, OnDay):
        return from_ + (last - first)
    unit = limit.length.unit
    if unit.in_months or now <= from_:
        return from_
    if unit is PeriodUnit.HOURS:
        return from_ + (now - max(since, from_))
    if unit is PeriodUnit.OFFICE_HOURS:
        counted = office_time_between(hours.calendar, hours.seasons, max(since, from_), now, hours.zone)
        return add_office_time(hours.calendar, hours.seasons, from_, counted, hours.zone)
    begun = from_.astimezone(hours.zone).date()
    if last <= begun:
        return from_
    if first <= begun:
        return from_ + (last - begun)
    if unit.by_the_calendar:
        return from_ + (last - first)
    lost = working_days_between(hours.calendar, first - _DAY, last - _DAY)
    return _by_working_days(hours, limit, from_, lost)


def shift_as_far(
    hours: OfficeClock, limit: Limit, from_: datetime, was: datetime, moved: datetime
) -> datetime:
    """Return `from_` moved by as much as pauses have moved `was`, which is `moved` now, in the unit of the limit.

    Pauses a clock keeps move nothing it keeps: this is for clocks of before they were kept (`RunningClock.pauses`).
    """
    if not isinstance(limit.length, (Period, OnDay)) or limit.in_months or moved <= was:
        return from_
    unit = PeriodUnit.DAYS if isinstance(limit.length, OnDay) else limit.length.unit
    if unit is PeriodUnit.HOURS:
        return from_ + (moved - was)
    if unit is PeriodUnit.OFFICE_HOURS:
        counted = office_time_between(hours.calendar, hours.seasons, was, moved, hours.zone)
        return add_office_time(hours.calendar, hours.seasons, from_, counted, hours.zone)
    first, last = was.astimezone(hours.zone).date(), moved.astimezone(hours.zone).date()
    if unit.by_the_calendar:
        return from_ + (last - first)
    before = _DAY if limit.first_day else timedelta(0)
    return _by_working_days(
        hours, limit, from_, working_days_between(hours.calendar, first - before, last - before)
    )


def _by_working_days(hours: OfficeClock, limit: Limit, from_: datetime, lost: int) -> datetime:
    """Return the start from which a limit in working days ends `lost` of them later."""
    before = _DAY if limit.first_day else timedelta(0)
    nought = from_.astimezone(hours.zone).date() - before
    return from_ + (add_working_days(hours.calendar, nought, lost) - nought)


def _days_paused(hours: OfficeClock, from_: datetime, since: datetime, now: datetime) -> int:
    """Return how many days, none before that of `from_`, have their end in a pause from `since` to `now`."""
    first, last, begun = (at.astimezone(hours.zone).date() for at in (since, now, from_))
    return max((last - max(first, begun)).days, 0)


def _may_be_rolled(limit: Limit) -> bool:
    """Tell whether a pause moves the limit and its last day may be moved off a day off."""
    if isinstance(limit.length, OnDay):
        return limit.length.roll is not Roll.NONE
    return limit.roll is not Roll.NONE and isinstance(limit.length, Period)


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
