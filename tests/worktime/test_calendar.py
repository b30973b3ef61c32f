"""Calendars: years, closures, the December of the year before, explanations."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars.load import load_calendar
from engine.worktime.arithmetic import add_working_days
from engine.worktime.calendar import Calendar, DayKind, YearData
from engine.worktime.explain import explain, explain_date, provisional_sentence
from engine.worktime.periods import Roll, YearDate

CALENDAR = load_calendar()
NEXT = YearData(
    2027,
    "2027年（样例）",
    "样例",
    {date(2026, 12, 31): "元旦", date(2027, 1, 1): "元旦", date(2027, 1, 2): "元旦"},
    frozenset({date(2026, 12, 26), date(2027, 1, 9)}),
)


def test_published_years() -> None:
    assert CALENDAR.published_through == 2026
    assert CALENDAR.published == frozenset(range(2004, 2027))
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert Calendar().published_through is None


def test_a_new_year_moves_the_december_before_it() -> None:
    grown = CALENDAR.with_year(NEXT)
    assert grown.published_through == 2027
    assert CALENDAR.is_working(date(2026, 12, 31))
    assert not grown.is_working(date(2026, 12, 31))
    assert not CALENDAR.is_working(date(2026, 12, 26))
    assert grown.is_working(date(2026, 12, 26))
    assert not grown.is_provisional(date(2027, 6, 1))
    assert add_working_days(CALENDAR, date(2026, 12, 25), 5) == date(2027, 1, 1)
    assert add_working_days(grown, date(2026, 12, 25), 5) == date(2027, 1, 4)


def test_a_year_is_replaced_whole() -> None:
    corrected = YearData(2027, "", "", {date(2027, 1, 1): "元旦"}, frozenset())
    again = CALENDAR.with_year(NEXT).with_year(corrected)
    assert again == CALENDAR.with_year(corrected)
    assert again.is_working(date(2026, 12, 31))
    assert not again.is_working(date(2027, 1, 9))


def test_a_year_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        Calendar((NEXT, NEXT))


def test_closures_and_openings_go_before_the_notices() -> None:
    closed = CALENDAR.with_closure(date(2024, 3, 5), "停电")
    opened = closed.with_opening(date(2024, 10, 3), "值守")
    assert not closed.is_working(date(2024, 3, 5))
    assert opened.is_working(date(2024, 10, 3))
    assert opened.status(date(2024, 10, 3)).kind is DayKind.OPENING
    assert opened.with_closure(date(2024, 10, 3), "取消").status(date(2024, 10, 3)).kind is DayKind.CLOSURE
    assert CALENDAR.is_working(date(2024, 3, 5))
    far = CALENDAR.with_closure(date(2031, 3, 5), "停电")
    assert not far.is_working(date(2031, 3, 5))
    assert far.is_provisional(date(2031, 3, 5))
    assert not far.is_working(date(2030, 3, 9))


def test_the_digest_names_what_counts() -> None:
    assert CALENDAR.digest == load_calendar().digest
    assert hash(CALENDAR) == hash(load_calendar())
    digests = {
        CALENDAR.digest,
        CALENDAR.with_year(NEXT).digest,
        CALENDAR.with_closure(date(2024, 3, 5), "停电").digest,
        Calendar().digest,
    }
    assert len(digests) == 4
    assert CALENDAR.version == f"2004-2026+{CALENDAR.digest[:12]}"


@given(
    st.lists(st.tuples(st.dates(date(2023, 12, 1), date(2028, 1, 31)), st.booleans()), max_size=40),
    st.dates(date(2023, 6, 1), date(2028, 6, 30)),
    st.integers(-200, 200).filter(bool),
)
def test_any_calendar_counts_as_looking_at_each_day_does(
    overrides: list[tuple[date, bool]], start: date, count: int
) -> None:
    calendar = Calendar()
    for day, working in overrides:
        calendar = calendar.with_opening(day, "x") if working else calendar.with_closure(day, "x")
    last = dict(overrides)
    step, day, left = (1 if count > 0 else -1), start, abs(count)
    while left:
        day += timedelta(days=step)
        left -= last.get(day, day.weekday() < 5)
    assert add_working_days(calendar, start, count) == day


def test_an_explanation_names_every_day_and_its_reason() -> None:
    calendar = CALENDAR.with_closure(date(2024, 9, 30), "搬迁").with_opening(date(2024, 10, 13), "补班")
    steps = explain(calendar, date(2024, 9, 27), 6)
    said = [str(step) for step in steps]
    assert said[0] == "2024-09-28（星期六）周末，不计"
    assert said[1] == "2024-09-29（星期日）调休上班，第 1 个工作日"
    assert said[2] == "2024-09-30（星期一）本单位不办公（搬迁），不计"
    assert said[3] == "2024-10-01（星期二）国庆节假期，不计"
    assert said[10] == "2024-10-08（星期二）第 2 个工作日"
    assert said[14] == "2024-10-12（星期六）调休上班，第 6 个工作日"
    assert [step.number for step in steps if step.counts] == [1, 2, 3, 4, 5, 6]
    opened = explain(calendar, date(2024, 10, 12), 1)
    assert str(opened[0]) == "2024-10-13（星期日）本单位照常办公（补班），第 1 个工作日"


def test_an_explanation_says_what_is_provisional() -> None:
    steps = explain(CALENDAR, date(2026, 12, 31), 1)
    assert str(steps[0]) == (
        "2027-01-01（星期五）第 1 个工作日（暂定：2027 年放假安排尚未公布，按周一至周五计）"
    )
    assert steps[0].provisional
    assert "只公布到 2026 年" in str(provisional_sentence(CALENDAR, date(2027, 1, 4)))
    assert "还没有任何年份" in str(provisional_sentence(Calendar(), date(2027, 1, 4)))
    assert "2024-01-31" in str(provisional_sentence(CALENDAR, date(2024, 1, 31)))


@given(st.dates(date(2003, 6, 1), date(2028, 1, 1)), st.integers(-80, 80))
def test_an_explanation_ends_where_the_count_ends(start: date, count: int) -> None:
    steps = explain(CALENDAR, start, count)
    assert (steps[-1].day if steps else start) == add_working_days(CALENDAR, start, count)
    assert sum(step.counts for step in steps) == abs(count)
    assert all(step.counts == CALENDAR.is_working(step.day) for step in steps)
    assert all(abs((b.day - a.day).days) == 1 for a, b in pairwise(steps))


def test_a_moved_date_of_the_year_is_explained() -> None:
    start = date(2024, 1, 10)
    assert [str(m) for m in explain_date(CALENDAR, start, YearDate(4, 20, Roll.BACKWARD))] == [
        "2024-04-20（星期六）周末，不计，提前到 2024-04-19"
    ]
    assert "顺延到 2024-10-08" in str(explain_date(CALENDAR, start, YearDate(10, 1, Roll.FORWARD))[0])
    assert explain_date(CALENDAR, start, YearDate(4, 20)) == ()
    leap = explain_date(CALENDAR, date(2026, 12, 1), YearDate(2, 29, Roll.BACKWARD))
    assert str(leap[0]) == "2027 年没有 2 月 29 日，按 2 月 28 日计"
    assert str(leap[-1]).startswith("暂定：")


def test_the_days_that_differ_from_their_week_say_of_every_day_whether_it_is_worked() -> None:
    different = dict(CALENDAR.different_days())
    day = date(2004, 1, 1)
    while day < date(2028, 1, 1):
        assert different.get(day, day.weekday() < 5) == CALENDAR.is_working(day)
        day += timedelta(days=1)
    assert all((day.weekday() < 5) != worked for day, worked in different.items())
