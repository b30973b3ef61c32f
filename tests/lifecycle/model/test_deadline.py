"""What a clock works out of its limits."""

from __future__ import annotations

from typing import Any

import pytest

from engine.lifecycle.expressions.expression import Expression, Name
from engine.lifecycle.model.deadline import ClockRule, Limit, Reminder
from engine.worktime.periods import Beside, Length, Period, PeriodUnit, Roll, YearDate

DAYS = Period(10, PeriodUnit.DAYS)
HOURS = Period(4, PeriodUnit.HOURS)


def clock(limit: Length = DAYS, **more: Any) -> ClockRule:
    return ClockRule(id="due", title="时限", during=frozenset({"open"}), limit=limit, **more)


def test_its_own_limit_comes_first_with_everything_that_was_said_of_it() -> None:
    since = Expression("case.day", Name(("case", "day")))
    later = Limit(length=HOURS, basis="乙法")
    found = clock(since=since, basis="甲法", first_day=True, roll=Roll.FORWARD, not_later_than=(later,))
    assert found.limits == (
        Limit(length=DAYS, since=since, basis="甲法", first_day=True, roll=Roll.FORWARD),
        later,
    )


def test_the_clocks_it_is_counted_from() -> None:
    assert clock().beside == frozenset()
    found = clock(
        Beside(DAYS, "visit"),
        not_later_than=(Limit(length=Beside(HOURS, "report", after=True)), Limit(length=DAYS)),
    )
    assert found.beside == {"visit", "report"}


@pytest.mark.parametrize(
    ("limit", "unit"),
    [
        (DAYS, "days"),
        (HOURS, "hours"),
        (Beside(HOURS, "visit"), "hours"),
        (YearDate(4, 20), "working days"),
    ],
)
def test_extensions_are_counted_in_the_unit_of_its_own_limit(limit: Length, unit: str) -> None:
    assert clock(limit, not_later_than=(Limit(length=DAYS),)).unit == unit


def test_the_basis_is_that_of_the_limit_that_rules_or_its_own() -> None:
    found = clock(basis="甲法", not_later_than=(Limit(length=DAYS, basis="乙法"), Limit(length=DAYS)))
    assert [found.basis_of(ruling) for ruling in range(4)] == ["甲法", "乙法", "甲法", "甲法"]
    assert clock().basis_of(0) is None


def test_what_is_worked_out_makes_no_other_clock_of_it() -> None:
    assert clock() == clock()
    assert clock() != clock(HOURS)
    assert Reminder(DAYS).before == DAYS
