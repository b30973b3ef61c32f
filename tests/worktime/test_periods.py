"""The words deadlines are written in."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.worktime.periods import Beside, Period, PeriodUnit, Roll, Season, YearDate

SPANS = ((time(9), time(12)),)
DAYS = st.dates(date(2023, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("unit", "exact"),
    [
        ("working days", False),
        ("days", False),
        ("hours", True),
        ("office hours", True),
        ("months", False),
        ("years", False),
    ],
)
def test_hours_end_to_the_second_and_days_do_not(unit: str, exact: bool) -> None:
    assert PeriodUnit(unit).to_the_second is exact


def test_a_season_of_one_year_and_one_that_reaches_into_the_next() -> None:
    summer, winter = Season(SPANS, (6, 1), (8, 31)), Season(SPANS, (12, 1), (2, 28))
    assert [summer.holds(date(2024, *day)) for day in ((5, 31), (6, 1), (8, 31), (9, 1))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [winter.holds(date(2024, *day)) for day in ((11, 30), (12, 1), (1, 1), (2, 28), (2, 29))] == [
        False, True, True, True, False,
    ]  # fmt: skip


@given(DAYS)
def test_a_season_without_days_is_all_the_year(day: date) -> None:
    assert Season(SPANS).holds(day)
    assert Season(SPANS, (6, 1)).holds(day)
    assert Season(SPANS, None, (6, 1)).holds(day)


@given(DAYS, DAYS, DAYS)
def test_a_season_and_the_days_outside_it_fill_the_year(first: date, last: date, day: date) -> None:
    season = Season(SPANS, (first.month, first.day), (last.month, last.day))
    after, before = last + timedelta(days=1), first - timedelta(days=1)
    rest = Season(SPANS, (after.month, after.day), (before.month, before.day))
    if (after.month, after.day) == (first.month, first.day):
        assert season.holds(day)
    else:
        # 02-29 is no day of a common year: a season that ends on 02-28 there goes on at 03-01.
        leap = (day.month, day.day) == (2, 29)
        assert season.holds(day) != rest.holds(day) or leap


def test_what_is_not_said_is_the_plain_rule() -> None:
    assert YearDate(4, 20).roll is Roll.NONE
    assert Beside(Period(3, PeriodUnit.DAYS), "visit").after is False
