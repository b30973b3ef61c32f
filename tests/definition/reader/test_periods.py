"""Deadlines, periods, reminders and dates of the year, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import book_of, said, value_of

from engine.definition.reader.deadlines.periods import (
    read_length,
    read_milestone,
    read_period,
    read_reminders,
)
from engine.worktime.periods import Beside, Length, Period, PeriodUnit, Roll, YearDate

DAYS, WORKING, HOURS, OFFICE = (
    PeriodUnit.DAYS,
    PeriodUnit.WORKING_DAYS,
    PeriodUnit.HOURS,
    PeriodUnit.OFFICE_HOURS,
)
WORDS = [
    ("working days", WORKING), ("working day", WORKING), ("个工作日", WORKING), ("工作日", WORKING),
    ("days", DAYS), ("day", DAYS), ("日", DAYS), ("天", DAYS), ("个自然日", DAYS),
    ("hours", HOURS), ("小时", HOURS), ("个小时", HOURS),
    ("office hours", OFFICE), ("办公小时", OFFICE), ("个办公小时", OFFICE),
]  # fmt: skip


@given(st.integers(0, 99_999), st.sampled_from(WORDS), st.sampled_from(["", " "]))
@settings(max_examples=50)
def test_a_period_is_read_in_every_spelling(count: int, word: tuple[str, PeriodUnit], space: str) -> None:
    diagnostics = book_of()
    text = f"{count}{space}{word[0]}"
    assert read_period(diagnostics, value_of(text)) == Period(count, word[1])
    assert diagnostics.problems == []


@pytest.mark.parametrize("text", ["soon", "01 days", "-1 days", "5", "[3 days]", "1.5 days", "3 weeks"])
def test_what_is_no_period(text: str) -> None:
    diagnostics = book_of(text)
    assert read_period(diagnostics, value_of(text)) is None
    assert said(diagnostics)[0].startswith("1:4 deadline-syntax 看不懂这段时间：")


def test_a_period_may_have_to_count_something() -> None:
    diagnostics = book_of("0 days")
    assert read_period(diagnostics, value_of("0 days")) == Period(0, DAYS)
    assert read_period(diagnostics, value_of("0 days"), least=1) is None
    assert said(diagnostics) == ["1:4 deadline-syntax 这段时间至少应为 1"]
    assert read_period(diagnostics, None) is None
    assert read_period(diagnostics, value_of("")) is None


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("20 working days", Period(20, WORKING)),
        ("by 10-31", YearDate(10, 31, Roll.FORWARD)),
        ("10月31日前", YearDate(10, 31, Roll.FORWARD)),
        ("4月5日", YearDate(4, 5, Roll.FORWARD)),
        ("5 working days before report", Beside(Period(5, WORKING), "report")),
        ("3 days after report", Beside(Period(3, DAYS), "report", True)),
        ("report 前5个工作日", Beside(Period(5, WORKING), "report")),
        ("上报后3日", Beside(Period(3, DAYS), "上报", True)),
    ],
)
def test_deadlines(text: str, length: Length) -> None:
    diagnostics = book_of(text)
    assert read_length(diagnostics, value_of(text), Roll.FORWARD) == length
    assert diagnostics.problems == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0 days", "deadline-syntax 这段时间至少应为 1"),
        ("by 02-29", "deadline-syntax 没有每年都有的 2 月 29 日"),
        ("13月1日", "deadline-syntax 没有每年都有的 13 月 1 日"),
        ("soon", "deadline-syntax 看不懂这个时限：“soon”"),
        ("[a]", "deadline-syntax 看不懂这个时限：列表"),
    ],
)
def test_what_is_no_deadline(text: str, problem: str) -> None:
    diagnostics = book_of(text)
    assert read_length(diagnostics, value_of(text), Roll.NONE) is None
    assert said(diagnostics) == [f"1:4 {problem}"]
    assert read_length(diagnostics, value_of(""), Roll.NONE) is None


def test_milestones_are_dates_with_or_without_by() -> None:
    diagnostics = book_of()
    for text in ("10-31", "by 10-31", "10月31日前", "10月31日"):
        assert read_milestone(diagnostics, value_of(text), Roll.BACKWARD) == YearDate(10, 31, Roll.BACKWARD)
    assert diagnostics.problems == []
    assert read_milestone(diagnostics, value_of("3 days"), Roll.NONE) is None
    assert read_milestone(diagnostics, value_of("02-30"), Roll.NONE) is None
    assert said(diagnostics) == [
        "1:4 deadline-syntax 此处应是一年中的某日，实为“3 days”",
        "1:4 deadline-syntax 没有每年都有的 2 月 30 日",
    ]


def reminders(text: str) -> tuple[list[Period], list[str]]:
    diagnostics = book_of(text)
    return [reminder.before for reminder, _ in read_reminders(diagnostics, value_of(text))], said(diagnostics)


def test_reminders_take_the_unit_of_the_next_that_has_one() -> None:
    assert reminders("[10, 5, 2 working days before, on the day]") == (
        [Period(10, WORKING), Period(5, WORKING), Period(2, WORKING), Period(0, DAYS)],
        [],
    )
    assert reminders("提前3日") == ([Period(3, DAYS)], [])
    assert reminders("[当日, 当天]") == ([Period(0, DAYS)] * 2, [])


def test_what_is_no_reminder() -> None:
    assert reminders("[5, 3 days]") == ([], ["1:8 deadline-syntax 看不懂这个提醒：“3 days”"])
    assert reminders("[2 days before, 5]") == (
        [Period(2, DAYS)],
        ["1:20 deadline-syntax “5”没有单位"],
    )
