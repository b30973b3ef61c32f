"""Each day of a count in words, and what moved a date of the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.worktime.calendar import Calendar, DayKind, DayStatus, YearData
from engine.worktime.explain import DayStep, describe, explain, explain_date, provisional_sentence
from engine.worktime.periods import Roll, YearDate

#: 2024-05-01 to 03 are a holiday, Sunday 04-28 is worked for it; the bureau closes on 04-29 and opens on 05-04.
YEAR = YearData(
    2024,
    "2024年",
    "通知",
    {date(2024, 5, day): "劳动节" for day in (1, 2, 3)},
    frozenset({date(2024, 4, 28)}),
)
CALENDAR = Calendar((YEAR,)).with_closure(date(2024, 4, 29), "停电").with_opening(date(2024, 5, 4), "值守")


@pytest.mark.parametrize(
    ("day", "plain", "counted"),
    [
        (date(2024, 4, 26), "2024-04-26（星期五）是工作日", "2024-04-26（星期五）第 1 个工作日"),
        (date(2024, 4, 28), "2024-04-28（星期日）调休上班", "2024-04-28（星期日）调休上班，第 1 个工作日"),
        (
            date(2024, 5, 4),
            "2024-05-04（星期六）本单位照常办公（值守）",
            "2024-05-04（星期六）本单位照常办公（值守），第 1 个工作日",
        ),
        (date(2024, 4, 27), "2024-04-27（星期六）周末，不计", None),
        (date(2024, 5, 1), "2024-05-01（星期三）劳动节假期，不计", None),
        (date(2024, 4, 29), "2024-04-29（星期一）本单位不办公（停电），不计", None),
    ],
)
def test_every_kind_of_day_has_its_sentence(day: date, plain: str, counted: str | None) -> None:
    assert str(describe(CALENDAR, day)) == plain
    step = explain(CALENDAR, day - timedelta(days=1), 1)[0]
    assert str(step) == str(step.sentence) == (counted or plain)
    assert (step.counts, step.number) == (counted is not None, 1 if counted else None)


def test_a_count_lists_the_days_it_passed_in_either_direction() -> None:
    steps = explain(CALENDAR, date(2024, 4, 26), 3)
    assert [(step.day.day, step.number) for step in steps] == [
        (27, None), (28, 1), (29, None), (30, 2), (1, None), (2, None), (3, None), (4, 3),
    ]  # fmt: skip
    assert [(step.day.day, step.number) for step in explain(CALENDAR, date(2024, 4, 30), -2)] == [
        (29, None), (28, 1), (27, None), (26, 2),
    ]  # fmt: skip
    assert explain(CALENDAR, date(2024, 4, 27), 0) == ()
    with pytest.raises(ValueError, match="outside the years"):
        explain(CALENDAR, date(9999, 12, 30), 9)


@given(st.dates(date(2024, 3, 1), date(2024, 6, 1)), st.integers(-30, 30))
def test_the_numbers_of_the_days_that_count_run_from_one(day: date, count: int) -> None:
    steps = explain(CALENDAR, day, count)
    assert [step.number for step in steps if step.counts] == list(range(1, abs(count) + 1))
    assert all(step.counts is CALENDAR.is_working(step.day) for step in steps)


def test_a_day_of_an_unpublished_year_says_that_it_is_provisional() -> None:
    step = DayStep(date(2025, 1, 1), DayStatus(DayKind.WORKDAY, "", provisional=True), 1)
    assert step.provisional
    assert str(step) == "2025-01-01（星期三）第 1 个工作日（暂定：2025 年放假安排尚未公布，按周一至周五计）"
    assert not explain(CALENDAR, date(2024, 4, 26), 1)[0].provisional


def test_what_moved_a_date_of_the_year() -> None:
    def told(limit: YearDate, start: date = date(2024, 1, 1)) -> list[str]:
        return [str(message) for message in explain_date(CALENDAR, start, limit)]

    assert told(YearDate(5, 1)) == []
    assert told(YearDate(4, 26, Roll.FORWARD)) == []
    assert told(YearDate(5, 1, Roll.BACKWARD)) == ["2024-05-01（星期三）劳动节假期，不计，提前到 2024-04-30"]
    assert told(YearDate(5, 1, Roll.FORWARD)) == ["2024-05-01（星期三）劳动节假期，不计，顺延到 2024-05-04"]
    assert told(YearDate(2, 29, Roll.NONE), date(2024, 3, 1)) == ["2025 年没有 2 月 29 日，按 2 月 28 日计"]
    assert told(YearDate(1, 3, Roll.FORWARD), date(2024, 3, 1)) == [
        "暂定：放假安排只公布到 2024 年，其后按周一至周五计；新一年的安排导入后，2025-01-03 可能变动"
    ]


def test_why_a_date_is_provisional() -> None:
    day = date(2024, 6, 1)
    assert str(provisional_sentence(Calendar(), day)) == (
        "暂定：2024-06-01 只按周一至周五推算，日历里还没有任何年份的放假安排"
    )
    assert str(provisional_sentence(CALENDAR, day)) == (
        "暂定：推算到 2024-06-01 时经过了没有放假安排的年份，这些年份按周一至周五计"
    )
    assert str(provisional_sentence(CALENDAR, date(2025, 6, 1))).startswith("暂定：放假安排只公布到 2024 年")
