"""Sums of dates: examples of the law by hand, and ten thousand sums by a second implementation.

The second implementation is written from the rules of "Formalizing Date Arithmetic and Statically Detecting
Ambiguities for the Law" (Monat, Fromherz, Merigoux; ESOP 2024): dates are triples, rewritten a rule at a time. It
shares nothing with the product's: neither `datetime` nor a table of ordinals.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars.load import load_calendar
from engine.worktime.arithmetic import add_period, add_working_days, working_days_between
from engine.worktime.calendar import Calendar
from engine.worktime.dates import (
    AmbiguousDateError,
    DateSpan,
    Rounding,
    add_months,
    add_span,
    is_ambiguous,
    last_day_of_period,
    may_be_ambiguous,
)
from engine.worktime.periods import Period, PeriodUnit

CALENDAR = load_calendar()
LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Triple = tuple[int, int, int]


def days_in(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else LENGTHS[month]


def plus_months(day: Triple, count: int) -> Triple:
    """ADD-MONTH of the paper: a year is borrowed or carried until the month is one of the twelve."""
    year, month, number = day
    while month + count > 12:
        year, count = year + 1, count - 12
    while month + count <= 0:
        year, count = year - 1, count + 12
    return year, month + count, number


def rounded(day: Triple, rounding: str) -> Triple | None:
    """ROUND-DOWN, ROUND-UP and ROUND-ERR of the paper."""
    year, month, number = day
    if number <= days_in(year, month):
        return day
    if rounding == "abort":
        return None
    if rounding == "down":
        return year, month, days_in(year, month)
    following = plus_months((year, month, 1), 1)
    return following[0], following[1], 1


def plus_days(day: Triple, count: int) -> Triple:
    """ADD-DAYS of the paper: within the month, over its end, or over its beginning."""
    year, month, number = day
    while number + count > days_in(year, month):
        count -= days_in(year, month) - number + 1
        (year, month, _), number = plus_months((year, month, 1), 1), 1
    while number + count <= 0:
        count += number
        year, month, _ = plus_months((year, month, 1), -1)
        number = days_in(year, month)
    return year, month, number + count


def by_the_paper(day: Triple, span: DateSpan, rounding: str) -> Triple | None:
    whole = rounded(plus_months((day[0] + span.years, day[1], day[2]), span.months), rounding)
    return None if whole is None else plus_days(whole, span.days)


def weekday(day: Triple) -> int:
    """Sakamoto's rule; Monday is 0."""
    year, month, number = day
    year -= month < 3
    return (
        year + year // 4 - year // 100 + year // 400 + (0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4)[month - 1] + number + 6
    ) % 7  # fmt: skip


HOLIDAYS = {(d.year, d.month, d.day) for data in CALENDAR.years for d in data.holidays}
WORKED = {(d.year, d.month, d.day) for data in CALENDAR.years for d in data.workdays}


def works(day: Triple) -> bool:
    return day in WORKED or (weekday(day) < 5 and day not in HOLIDAYS)


def plus_working_days(day: Triple, count: int) -> Triple:
    step = 1 if count > 0 else -1
    while count:
        day = plus_days(day, step)
        if works(day):
            count -= step
    return day


def test_ten_thousand_sums_are_those_of_the_second_implementation() -> None:
    random = Random(202)  # noqa: S311 - sums to try, no secret
    late = (28, 29, 30, 31)
    for number in range(10_000):
        year, month = random.randint(2005, 2026), random.randint(1, 12)
        wanted = random.choice(late) if number % 2 else random.randint(1, 31)
        first = year, month, min(wanted, days_in(year, month))
        start = date(*first)
        if number % 5 == 0:
            count = random.randint(-60, 60)
            assert add_working_days(CALENDAR, start, count) == date(*plus_working_days(first, count))
            continue
        span = DateSpan(random.randint(-3, 3), random.randint(-30, 30), random.randint(-90, 90))
        for rounding in Rounding:
            expected = by_the_paper(first, span, rounding.value)
            if expected is None:
                with pytest.raises(AmbiguousDateError):
                    add_span(start, span, rounding)
                assert is_ambiguous(start, span)
                assert may_be_ambiguous(span)
            else:
                assert add_span(start, span, rounding) == date(*expected), (start, span, rounding)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2024-01-15", 1, "2024-02-15"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2025-02-28", 1, "2025-03-28"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-12-31", 6, "2026-06-30"),
    ],
)
def test_a_period_of_months_ends_on_the_corresponding_day_or_with_the_month(
    start: str, months: int, last: str
) -> None:
    """民法典 第二百零二条: 到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日。"""
    found = last_day_of_period(date.fromisoformat(start), months, first_day=False)
    assert found == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "last"),
    [("2025-03-01", "2025-03-31"), ("2025-01-15", "2025-02-14"), ("2025-01-31", "2025-02-28")],
)
def test_with_the_first_day_counted_a_month_ends_the_day_before(start: str, last: str) -> None:
    assert last_day_of_period(date.fromisoformat(start), 1, first_day=True) == date.fromisoformat(last)


def test_rounding_is_chosen_or_the_sum_has_no_answer() -> None:
    day = date(2025, 1, 31)
    assert add_months(day, 1, Rounding.DOWN) == date(2025, 2, 28)
    assert add_months(day, 1, Rounding.UP) == date(2025, 3, 1)
    with pytest.raises(AmbiguousDateError):
        add_months(day, 1, Rounding.ABORT)


def test_what_is_ambiguous_is_known_before_a_sum_is_done() -> None:
    found = [
        DateSpan(months=1),
        DateSpan(years=1),
        DateSpan(days=31),
        DateSpan(years=400),
        DateSpan(years=1, months=-12),
    ]
    assert [may_be_ambiguous(span) for span in found] == [True, True, False, False, False]
    assert is_ambiguous(date(2024, 2, 29), DateSpan(years=1))
    assert not is_ambiguous(date(2024, 2, 29), DateSpan(years=4))


@given(st.dates(date(1600, 1, 1), date(3000, 1, 1)), st.integers(-1200, 1200))
def test_rounded_down_is_never_after_rounded_up_and_both_stay_within_a_day(day: date, months: int) -> None:
    down, up = (add_months(day, months, rounding) for rounding in (Rounding.DOWN, Rounding.UP))
    assert up - down in (timedelta(0), timedelta(days=1))
    assert (up != down) == is_ambiguous(day, DateSpan(months=months))


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("unit", [PeriodUnit.DAYS, PeriodUnit.WORKING_DAYS, PeriodUnit.MONTHS])
def test_periods_are_counted_in_both_directions(unit: PeriodUnit, sign: int) -> None:
    day = date(2025, 9, 15)
    there = add_period(CALENDAR, day, Period(3, unit), sign)
    assert add_period(CALENDAR, there, Period(3, unit), -sign) == day


def test_twenty_working_days_back_pass_the_national_day_too() -> None:
    assert add_period(CALENDAR, date(2025, 10, 17), Period(20, PeriodUnit.WORKING_DAYS), -1) == date(
        2025, 9, 15
    )
    assert working_days_between(CALENDAR, date(2025, 9, 15), date(2025, 10, 17)) == 20


def test_two_years_are_twenty_four_months() -> None:
    day = date(2024, 2, 29)
    assert add_period(Calendar(), day, Period(2, PeriodUnit.YEARS)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    "period",
    [Period(1, PeriodUnit.HOURS), Period(99999, PeriodUnit.YEARS), Period(99999999, PeriodUnit.DAYS)],
)
def test_hours_are_no_days_and_the_years_end(period: Period) -> None:
    with pytest.raises(ValueError, match=r"not a number of days|outside the years"):
        add_period(Calendar(), date(2025, 1, 1), period)
