"""The functions expressions may call."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.lifecycle.expressions.dates import DATE_FUNCTIONS
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.expressions.functions import (
    BOOLEAN_FUNCTIONS,
    FUNCTIONS,
    days_after,
    days_between,
    disjoint,
    empty,
    filled,
    greater,
    length,
    lesser,
    minutes_between,
    rounded,
    rounded_down,
    rounded_up,
    same_members,
    unique,
    within,
)

LISTS = st.lists(st.sampled_from("abc"), max_size=4)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(("value", "found"), [(None, 0), ([], 0), ([1, 2], 2), ("甲乙", 2), ({"a": 1}, 1)])
def test_length(value: Any, found: int) -> None:
    assert length(value) == found


@given(DAYS, DAYS)
def test_days_between_are_undone_by_days_after(first: date, second: date) -> None:
    days = days_between(first.isoformat(), second.isoformat())
    assert days == (second - first).days
    if abs(days) <= 36600:
        assert days_after(first.isoformat(), days) == second.isoformat()


def test_an_instant_counts_as_its_day_and_nothing_gives_nothing() -> None:
    assert days_between("2024-09-01T23:59+08:00", "2024-09-03") == 2
    assert days_between(None, "2024-09-03") is days_between("2024-09-03", None) is None
    assert days_after(None, 1) is days_after("2024-09-03", None) is None


@pytest.mark.parametrize("value", ["2024-02-30", "soon", 20240901, [], date(2024, 9, 1)])
def test_what_is_no_date_is_refused(value: Any) -> None:
    with pytest.raises(EvaluationError) as caught:
        days_between(value, "2024-09-01")
    assert str(caught.value.message).startswith("应为日期（如 2024-04-20）")


@pytest.mark.parametrize("days", [36601, -36601, "3", 1.5])
def test_so_many_days_or_none_at_all_are_refused(days: Any) -> None:
    with pytest.raises(EvaluationError) as caught:
        days_after("2024-09-01", days)
    assert str(caught.value.message) == f"天数应为 36600 以内的整数，实为“{days}”"


def test_a_day_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(EvaluationError) as caught:
        days_after("9999-12-31", 1)
    assert str(caught.value.message) == "“9999-12-31”之后 1 天超出日历的年份"
    assert days_after("0001-01-02", -1) == "0001-01-01"
    assert days_after("2024-02-28", 36600) == (date(2024, 2, 28) + timedelta(days=36600)).isoformat()


@given(LISTS, LISTS)
def test_lists_compare_as_sets_and_bags_do(first: list[str], second: list[str]) -> None:
    assert unique(first) == list(dict.fromkeys(first))
    assert same_members(first, second) is (sorted(first) == sorted(second))
    assert within(first, second) is (set(first) <= set(second))
    assert disjoint(first, second) is set(first).isdisjoint(second)


def test_rows_are_known_by_their_id_or_by_all_they_hold() -> None:
    anna = {"id": "anna", "name": "安娜"}
    assert unique([anna, {"id": "anna"}, {"a": 1}, {"a": 1}, ["x"], ["x"]]) == [anna, {"a": 1}, ["x"]]
    assert within(["anna"], [anna])
    assert disjoint(["bela"], [anna])
    assert same_members([anna], ["anna"])


def test_nothing_is_an_empty_list() -> None:
    assert unique(None) == []
    assert same_members(None, [])
    assert within(None, None)
    assert not within(["a"], None)
    assert disjoint(None, ["a"])


@pytest.mark.parametrize(
    ("value", "places", "half", "up", "down"),
    [
        (Fraction(5, 2), 0, 3, 3, 2),
        (Fraction(-5, 2), 0, -3, -3, -2),
        (Fraction(1, 3), 2, Fraction(33, 100), Fraction(34, 100), Fraction(33, 100)),
        (Fraction(1005, 1000), 2, Fraction(101, 100), Fraction(101, 100), 1),
        (4, 2, 4, 4, 4),
        (None, 2, None, None, None),
    ],
)
def test_rounding_is_exact_and_says_which_way(value: Any, places: int, half: Any, up: Any, down: Any) -> None:
    assert (rounded(value, places), rounded_up(value, places), rounded_down(value, places)) == (
        half,
        up,
        down,
    )


@pytest.mark.parametrize(("value", "places"), [("1", 0), (True, 0), (1, 10), (1, -1), (1, "2")])
def test_what_cannot_be_rounded_is_refused(value: Any, places: Any) -> None:
    with pytest.raises(EvaluationError) as caught:
        rounded(value, places)
    assert str(caught.value.message).startswith("取整要一个数和 0 至 9 的位数")


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_what_is_no_answer(value: Any) -> None:
    assert (filled(value), empty(value)) == (False, True)


@pytest.mark.parametrize("value", [0, False, " ", [None], {"a": None}])
def test_what_is_an_answer(value: Any) -> None:
    assert (filled(value), empty(value)) == (True, False)


def test_the_list_of_functions_is_closed_and_says_how_many_arguments() -> None:
    called = {
        name: function(*["2024-09-01T09:30+08:00"] * least)
        for name, (function, least, _) in FUNCTIONS.items()
        if name not in {"days_after", *DATE_FUNCTIONS} and not name.startswith("round")
    }
    assert {name for name, found in called.items() if isinstance(found, bool)} == set(BOOLEAN_FUNCTIONS)
    assert all(least <= most for _, least, most in FUNCTIONS.values())


def test_a_single_value_counts_as_a_list_of_one() -> None:
    from engine.lifecycle.expressions.functions import disjoint, same_members, within

    assert (disjoint(1, [1, 2]), disjoint(3, [1]), within(1, [1, 2]), same_members("a", ["a"])) == (
        False,
        True,
        True,
        True,
    )
    assert (disjoint(None, [1]), within(None, []), same_members(None, [])) == (True, True, True)


def test_minutes_are_counted_across_zones_and_whole() -> None:
    assert minutes_between("2024-09-01T09:30+08:00", "2024-09-01T09:44:59+08:00") == 14
    assert minutes_between("2024-09-01T09:30+08:00", "2024-09-01T02:00+00:00") == 30
    assert minutes_between("2024-09-01T10:00+08:00", "2024-09-01T09:00+08:00") == -60
    assert minutes_between(None, "2024-09-01T09:00+08:00") is None
    for value in ("2024-09-01", "2024-09-01T09:00", "soon", 5):
        with pytest.raises(EvaluationError, match="时刻"):
            minutes_between(value, "2024-09-01T09:00+08:00")


@pytest.mark.parametrize(
    ("first", "second", "least", "most"),
    [
        (3, 2, 2, 3),
        (Fraction(1, 3), 1, Fraction(1, 3), 1),
        ("2024-09-02", "2024-09-01", "2024-09-01", "2024-09-02"),
        (2, 2, 2, 2),
        (None, 2, None, None),
        (2, None, None, None),
    ],
)
def test_the_lesser_and_the_greater_of_two(first: Any, second: Any, least: Any, most: Any) -> None:
    assert (lesser(first, second), greater(first, second)) == (least, most)
