"""Working days by number, against a look at every day."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.worktime.table import DayTable

FIRST = date(2024, 1, 1).toordinal()
LAST = FIRST + 59
EXCEPTIONS = st.dictionaries(st.integers(FIRST, LAST), st.booleans(), max_size=12)
#: Days in the table and up to four weeks on both sides of it.
DAYS = st.integers(FIRST - 28, LAST + 28)


def worked(day: int, exceptions: dict[int, bool]) -> bool:
    return exceptions.get(day, date.fromordinal(day).weekday() < 5)


@given(EXCEPTIONS, DAYS)
def test_a_day_is_worked_from_monday_to_friday_unless_it_is_said(
    exceptions: dict[int, bool], day: int
) -> None:
    assert DayTable(FIRST, LAST, exceptions).is_working(day) is worked(day, exceptions)


@given(EXCEPTIONS, DAYS, DAYS)
def test_numbers_count_the_working_days_between(exceptions: dict[int, bool], one: int, other: int) -> None:
    table = DayTable(FIRST, LAST, exceptions)
    one, other = sorted((one, other))
    assert table.number_up_to(other) - table.number_up_to(one) == sum(
        worked(day, exceptions) for day in range(one + 1, other + 1)
    )


@given(EXCEPTIONS, st.integers(-15, 60))
def test_a_day_is_found_by_its_number(exceptions: dict[int, bool], number: int) -> None:
    table = DayTable(FIRST, LAST, exceptions)
    day = table.find(number)
    assert table.is_working(day)
    assert table.number_up_to(day) == number
    assert table.number_up_to(day - 1) == number - 1


@given(EXCEPTIONS, DAYS, st.integers(-30, 30))
def test_adding_passes_so_many_working_days(exceptions: dict[int, bool], day: int, count: int) -> None:
    table = DayTable(FIRST, LAST, exceptions)
    end = table.add(day, count)
    passed = range(day + 1, end + 1) if count > 0 else range(end, day)
    assert sum(worked(each, exceptions) for each in passed) == abs(count)
    assert count == 0 or worked(end, exceptions)
    assert (end == day) == (count == 0)


def test_the_first_working_day_of_the_table_is_number_one() -> None:
    table = DayTable(FIRST, LAST, {FIRST: False})
    assert table.find(1) == FIRST + 1
    assert table.number_up_to(FIRST) == 0


def test_a_table_of_no_days_knows_the_week() -> None:
    table = DayTable(1, 0, {})
    assert [table.is_working(day) for day in range(1, 8)] == [True] * 5 + [False] * 2
    assert (table.number_up_to(7), table.find(6), table.add(5, 1), table.add(8, -1)) == (5, 8, 8, 5)
