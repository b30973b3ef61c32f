"""Sums of dates in years, months and days, after CatalaLang/dates-calc: rounding is explicit, ambiguity is found first.

A sum counts years and months first, brings the day back into its month by the rounding it is given, then counts days.
民法典 第二百零二条 rounds down: where the last month has no corresponding day, the period ends with the month's last day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from engine.value import value

#: The last day that every month has.
SAFE_DAY = 28


class Rounding(StrEnum):
    """What becomes of a day its month does not have, such as the 31st of April."""

    #: The last day of that month (民法典 第二百零二条).
    DOWN = "down"
    #: The first day of the month after it.
    UP = "up"
    #: The sum has no answer.
    ABORT = "abort"


#: The rounding of periods in Chinese law.
LAW = Rounding.DOWN


class AmbiguousDateError(ValueError):
    """A sum led to a day its month does not have, and no rounding was chosen."""


@value
class DateSpan:
    """A length of time in years, months and days, each of either sign."""

    years: int = 0
    months: int = 0
    days: int = 0


def add_span(day: date, span: DateSpan, rounding: Rounding) -> date:
    """Return `day` plus `span`: years and months, then the rounding, then days.

    Raises AmbiguousDateError where the rounding is `Rounding.ABORT` and the month lacks the day, ValueError outside
    the years 1 to 9999.
    """
    number = day.year * 12 + day.month - 1 + span.years * 12 + span.months
    year, month = number // 12, number % 12 + 1
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"{span} from {day} lies outside the years 1 to 9999")
    try:
        return _in_month(year, month, day.day, rounding) + timedelta(days=span.days)
    except OverflowError:
        raise ValueError(f"{span} from {day} lies outside the years 1 to 9999") from None


def add_months(day: date, months: int, rounding: Rounding) -> date:
    """Return the corresponding day `months` later (earlier for a negative number). Raises as `add_span` does."""
    return add_span(day, DateSpan(months=months), rounding)


def is_ambiguous(day: date, span: DateSpan) -> bool:
    """Tell whether rounding up and rounding down give two days. Raises ValueError outside the years 1 to 9999."""
    try:
        add_span(day, span, Rounding.ABORT)
    except AmbiguousDateError:
        return True
    return False


def may_be_ambiguous(span: DateSpan) -> bool:
    """Tell whether there is a day from which `span` is ambiguous; known before any sum is done.

    Days never are. Months lead from a long month into a short one, years from the 29th of February into a common
    year; only a whole number of 400 years leads from every month to one of the same length.
    """
    return (span.years * 12 + span.months) % (400 * 12) != 0


def last_day_of_period(start: date, months: int, *, first_day: bool) -> date:
    """Return the last day of a period of `months` that starts on `start` (民法典 第二百零一条、第二百零二条).

    The day of the start is not counted and the period ends with the corresponding day. With `first_day` it is
    counted, and the period ends with the day before; without a corresponding day, either ends with the month.
    """
    end = add_months(start, months, LAW)
    return end - timedelta(days=1) if first_day and end.day == start.day else end


def _in_month(year: int, month: int, day: int, rounding: Rounding) -> date:
    if day <= SAFE_DAY or day <= (last := monthrange(year, month)[1]):
        return date(year, month, day)
    if rounding is Rounding.ABORT:
        raise AmbiguousDateError(f"{year:04}-{month:02} has no day {day}")
    if rounding is Rounding.DOWN:
        return date(year, month, last)
    return date(year, month, last) + timedelta(days=1)
