"""Counting in office hours: the hours in which the bureau is open, on working days.

Which hours those are is data of the bureau (`Season`). Instants go in aware and come out in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from engine.worktime.calendar import Calendar
from engine.worktime.periods import Season

_DAY = timedelta(days=1)
#: So many days without an open hour, and there are none: a bureau is not closed for longer.
MAX_CLOSURE_DAYS = 400


def add_office_time(
    calendar: Calendar, seasons: Sequence[Season], start: datetime, amount: timedelta, zone: tzinfo
) -> datetime:
    """Return the instant (UTC) at which `amount` of open time has passed since `start`; before it if negative.

    A count that ends with the hours of a day ends there, not with the next morning. For no time at all it is
    `start` itself. Raises ValueError when the bureau never opens, or the count leaves the years 1 to 9999.
    """
    if not amount:
        return start.astimezone(UTC)
    left, back = abs(amount), amount < timedelta(0)
    shut = 0
    day = start.astimezone(zone).date()
    try:
        # Open hours take at least as long as they are: what leaves the years is not looked for day by day.
        _ = start + amount
        while shut < MAX_CLOSURE_DAYS:
            spans = list(open_spans(calendar, seasons, day, zone))
            shut = 0 if spans else shut + 1
            for begins, ends in reversed(spans) if back else spans:
                first, last = (begins, min(ends, start)) if back else (max(begins, start), ends)
                if first >= last:
                    continue
                if last - first >= left:
                    return last - left if back else first + left
                left -= last - first
            day += -_DAY if back else _DAY
    except OverflowError:
        raise ValueError(f"{amount} of office hours from {start} leave the years 1 to 9999") from None
    raise ValueError(f"no office hours within {MAX_CLOSURE_DAYS} days of {day}")


def office_time_between(
    calendar: Calendar, seasons: Sequence[Season], start: datetime, end: datetime, zone: tzinfo
) -> timedelta:
    """Return how much open time there is between `start` and `end`; none where `end` is not after `start`."""
    total = timedelta(0)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        for begins, ends in open_spans(calendar, seasons, day, zone):
            total += max(min(ends, end) - max(begins, start), timedelta(0))
        day += _DAY
    return total


def open_spans(
    calendar: Calendar, seasons: Sequence[Season], day: date, zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when (UTC) the bureau is open on `day`; nothing on a day off."""
    if not calendar.is_working(day):
        return
    season = next((one for one in seasons if one.holds(day)), None)
    for begins, ends in season.spans if season else ():
        yield (
            datetime.combine(day, begins, zone).astimezone(UTC),
            datetime.combine(day, ends, zone).astimezone(UTC),
        )
