"""Counting in working days, and turning a limit into the day and the instant it ends.

The day something starts on is not counted unless the limit says so. A period of days ends at midnight at the end of
its last day in the zone given; a period of hours or office hours ends to the second. Instants go in aware and come
out in UTC.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from engine.kernel.instants import require_aware
from engine.value import value
from engine.worktime.calendar import Calendar
from engine.worktime.dates import LAW, add_months, last_day_of_period
from engine.worktime.hours import add_office_time
from engine.worktime.periods import Beside, OnDay, Period, PeriodUnit, Roll, Season, YearDate

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@value
class Due:
    """When something is due."""

    #: The last day, in the zone it was counted in.
    due_on: date
    #: The first instant that is too late, in UTC: for days the midnight at the end of `due_on`.
    due_at: datetime
    #: 暂定: the count passed a day of a year whose holidays are not published.
    provisional: bool


def add_working_days(calendar: Calendar, day: date, count: int) -> date:
    """Return the `count`-th working day after `day`; before it for a negative count, `day` itself for 0.

    Raises ValueError when the result is outside the years 1 to 9999.
    """
    try:
        return date.fromordinal(calendar.table.add(day.toordinal(), count))
    except (ValueError, OverflowError):
        raise ValueError(f"{count} working days from {day} lie outside the years 1 to 9999") from None


def add_period(calendar: Calendar, day: date, period: Period, sign: int = 1) -> date:
    """Return the day that lies `period` after `day`, or before it where `sign` is -1.

    Months and years lead to the corresponding day, else to the last day of that month. Raises ValueError for a
    period of hours, and for a result outside the years 1 to 9999.
    """
    if period.unit.to_the_second:
        raise ValueError(f"{period} is not a number of days")
    if period.unit is PeriodUnit.WORKING_DAYS:
        return add_working_days(calendar, day, sign * period.count)
    if period.unit is not PeriodUnit.DAYS:
        return add_months(day, sign * period.months, LAW)
    try:
        return day + timedelta(days=sign * period.count)
    except OverflowError:
        raise ValueError(f"{period} from {day} lies outside the years 1 to 9999") from None


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Return how many working days lie after `start` up to `end` inclusive.

    For `end` before `start`: minus the working days from `end` inclusive up to the day before `start`. So
    ``working_days_between(c, d, add_working_days(c, d, n)) == n`` for every n.
    """
    first, last = start.toordinal(), end.toordinal()
    if last >= first:
        return calendar.table.number_up_to(last) - calendar.table.number_up_to(first)
    return calendar.table.number_up_to(last - 1) - calendar.table.number_up_to(first - 1)


def is_provisional_count(calendar: Calendar, start: date, end: date) -> bool:
    """Tell whether counting from `start` (not included) to `end` passed a day of an unpublished year."""
    if start == end:
        return False
    step = _DAY if end > start else -_DAY
    first = start + step
    return calendar.is_provisional_between(min(first, end), max(first, end))


def deadline(
    calendar: Calendar,
    start: datetime,
    limit: Period | YearDate | OnDay,
    zone: tzinfo,
    *,
    seasons: Sequence[Season] = (),
    first_day: bool = False,
    roll: Roll = Roll.NONE,
    waited: int = 0,
) -> Due:
    """Return when `limit`, counted from `start`, ends.

    A `YearDate` is the next such date that is not before the day of `start`, moved by its rule for days off;
    moved backward it may lie before the day of `start`. The 29th of February is the 28th in a common year.
    An `OnDay` is the day of `start` itself, moved in the same way. `first_day` counts the day of `start` too, for a period of working days if it is one. `roll` moves the last day
    of a period of calendar days, months or years off a day off. A period of months or years ends `waited` days later,
    before it is rolled. `seasons` are the office hours. Those periods where
    they are not rolled, and hours, do not depend on any notice, so they are never provisional. Raises ValueError for a naive `start`,
    for a result outside the years 1 to 9999, and for office hours of a bureau that never opens.
    """
    start = require_aware(start)
    try:
        if isinstance(limit, Period) and limit.unit is PeriodUnit.HOURS:
            due_at = start + timedelta(hours=limit.count)
            return Due((due_at - _INSTANT).astimezone(zone).date(), due_at, False)
        today = start.astimezone(zone).date()
        if isinstance(limit, Period) and limit.unit is PeriodUnit.OFFICE_HOURS:
            due_at = add_office_time(calendar, seasons, start, timedelta(hours=limit.count), zone)
            day = (due_at - _INSTANT).astimezone(zone).date()
            return Due(day, due_at, calendar.is_provisional_between(min(today, day), max(today, day)))
        if isinstance(limit, YearDate):
            day, provisional = rolled(calendar, next_date(today, limit), limit.roll)
        elif isinstance(limit, OnDay):
            day, provisional = rolled(calendar, today, limit.roll)
        elif limit.unit is PeriodUnit.DAYS:
            day, provisional = rolled(calendar, today + timedelta(days=limit.count - first_day), roll)
        elif limit.unit is not PeriodUnit.WORKING_DAYS:
            day, provisional = rolled(
                calendar,
                last_day_of_period(today, limit.months, first_day=first_day) + timedelta(days=waited),
                roll,
            )
        else:
            nought = today - _DAY if first_day else today
            day = add_working_days(calendar, nought, limit.count)
            provisional = is_provisional_count(calendar, nought, day)
        return Due(day, _instant(day + _DAY, time.min, zone), provisional)
    except OverflowError:
        raise ValueError(f"{limit} from {start} lies outside the years 1 to 9999") from None


def beside(
    calendar: Calendar, other: Due, limit: Beside, zone: tzinfo, seasons: Sequence[Season] = ()
) -> Due:
    """Return the deadline that lies so long before or after `other`. Raises ValueError as `deadline` does."""
    period, sign = limit.period, 1 if limit.after else -1
    try:
        if period.unit is PeriodUnit.HOURS:
            due_at = other.due_at + timedelta(hours=sign * period.count)
            return Due((due_at - _INSTANT).astimezone(zone).date(), due_at, other.provisional)
        if period.unit is PeriodUnit.OFFICE_HOURS:
            amount = timedelta(hours=sign * period.count)
            due_at = add_office_time(calendar, seasons, other.due_at, amount, zone)
            day = (due_at - _INSTANT).astimezone(zone).date()
        else:
            day = add_period(calendar, other.due_on, period, sign)
            due_at = _instant(day + _DAY, time.min, zone)
            if period.unit.by_the_calendar:
                return Due(day, due_at, other.provisional)
        return Due(day, due_at, other.provisional or is_provisional_count(calendar, other.due_on, day))
    except OverflowError:
        raise ValueError(f"{limit} of {other} lies outside the years 1 to 9999") from None


def next_date(today: date, limit: YearDate) -> date:
    """Return the next date of the year that is not before `today`, days off not yet considered."""
    found = date_in_year(limit, today.year)
    return found if found >= today else date_in_year(limit, today.year + 1)


def date_in_year(limit: YearDate, year: int) -> date:
    """Return the date of the year in `year`: the 28th of February where there is no 29th."""
    if (limit.month, limit.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return date(year, limit.month, limit.day)


def rolled(calendar: Calendar, day: date, roll: Roll) -> tuple[date, bool]:
    """Return `day` moved to a working day as `roll` says, and whether that looked at an unpublished year."""
    if roll is Roll.NONE:
        return day, False
    if calendar.is_working(day):
        return day, calendar.is_provisional(day)
    moved = add_working_days(calendar, day, 1 if roll is Roll.FORWARD else -1)
    return moved, calendar.is_provisional_between(min(day, moved), max(day, moved))


def before(
    calendar: Calendar,
    due: Due,
    period: Period,
    zone: tzinfo,
    notify_at: time,
    seasons: Sequence[Season] = (),
) -> datetime:
    """Return the instant (UTC) `period` before `due`.

    Periods of days are counted back from `due.due_on` and fall on `notify_at` of that day in `zone`; hours and
    office hours are counted back from `due.due_at`.
    """
    return _away(calendar, due, period, -1, zone, notify_at, seasons)


def after(
    calendar: Calendar,
    due: Due,
    period: Period,
    zone: tzinfo,
    notify_at: time,
    seasons: Sequence[Season] = (),
) -> datetime:
    """Return the instant (UTC) `period` after `due`, by the rules of `before`."""
    return _away(calendar, due, period, 1, zone, notify_at, seasons)


def _away(
    calendar: Calendar,
    due: Due,
    period: Period,
    sign: int,
    zone: tzinfo,
    notify_at: time,
    seasons: Sequence[Season],
) -> datetime:
    count = sign * period.count
    try:
        if period.unit is PeriodUnit.HOURS:
            return require_aware(due.due_at) + timedelta(hours=count)
        if period.unit is PeriodUnit.OFFICE_HOURS:
            return add_office_time(calendar, seasons, due.due_at, timedelta(hours=count), zone)
        return _instant(add_period(calendar, due.due_on, period, sign), notify_at, zone)
    except OverflowError:
        raise ValueError(f"{period} from {due.due_on} lies outside the years 1 to 9999") from None


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
