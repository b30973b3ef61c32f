"""One year from dates as somebody wrote them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars.year import CalendarProblem, DayRange, build_year, days_of, line, ranges
from engine.language import say

OFF = DayRange("2027-01-01..2027-01-03", line(3), True, "元旦")
WORK = DayRange("2027-01-09", line(4), False, "")


def told(*entries: DayRange, year: int = 2027) -> list[tuple[str, str, str]]:
    """Return place, what was seen and what was expected of every problem of a year that cannot stand."""
    data, problems = build_year("a.yaml", year, "", "", entries)
    assert data is None
    assert {problem.file for problem in problems} == {"a.yaml"}
    return [(str(p.place or ""), p.seen, str(p.expected)) for p in problems]


def test_a_sound_year() -> None:
    data, problems = build_year("a.yaml", 2027, "题", "源", [OFF, WORK])
    assert problems == ()
    assert data is not None
    assert (data.year, data.title, data.source) == (2027, "题", "源")
    assert data.holidays == {date(2027, 1, day): "元旦" for day in (1, 2, 3)}
    assert data.workdays == {date(2027, 1, 9)}


def test_a_year_without_title_and_source_is_named_by_itself_and_its_file() -> None:
    data, _ = build_year("a.yaml", 2027, "", "", [OFF])
    assert data is not None
    assert (data.title, data.source) == ("2027年节假日安排", "a.yaml")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (DayRange("x", line(5), True, "年"), "应为一个日期或一段日期（先早后晚，不超过 31 天）"),
        (
            DayRange("2026-11-30", line(5), True, "年"),
            "2027 年的安排只能有 2027 年的日期，或上一年 12 月的日期",
        ),
        (DayRange("2027-01-11", line(5), False, ""), "2027-01-11 是周一至周五，本来就上班，不能是调休上班日"),
        (DayRange("2027-01-02", line(5), True, "年"), "2027-01-02 写了两次（另见第 3 行）"),
        (DayRange("2027-01-02", line(5), False, ""), "2027-01-02 不能既放假又上班（另见第 3 行）"),
    ],
)
def test_what_is_wrong_with_a_day(entry: DayRange, expected: str) -> None:
    assert told(OFF, entry) == [("第 5 行", entry.text, expected)]


def test_a_day_of_the_december_before_is_allowed() -> None:
    data, _ = build_year("a", 2027, "", "", [DayRange("2026-12-31", line(1), True, "元旦")])
    assert data is not None
    assert list(data.holidays) == [date(2026, 12, 31)]


@pytest.mark.parametrize("year", [1948, 2201, 0, -1])
def test_a_year_beyond_reason_is_refused(year: int) -> None:
    assert told(OFF, year=year) == [("", str(year), "年份应为 1949 至 2200 的整数")]


def test_a_year_without_a_day_is_refused_and_all_faults_come_at_once() -> None:
    assert told() == [("", "", "2027 年应至少有一天放假")]
    assert (
        len(told(OFF, DayRange("x", line(5), True, "年"), DayRange("2027-01-01", line(6), True, "年"))) == 2
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2027-02-05", 1),
        (" 2027-02-05 ", 1),
        ("2027-02-05..2027-02-11", 7),
        ("2027-02-05至2027-02-05", 1),
        ("2027-01-01..2027-01-31", 31),
        ("2027-01-01..2027-02-01", None),
        ("2027-02-05..2027-02-04", None),
        ("2027-02-30", None),
        ("20270205..", None),
        ("2027-2-5", None),
        ("2027/02/05", None),
        ("1948-12-31", None),
        ("2201-01-01", None),
        ("", None),
    ],
)
def test_days_as_written(text: str, count: int | None) -> None:
    days = days_of(text)
    assert (None if days is None else len(days)) == count
    assert days is None or all(b - a == timedelta(days=1) for a, b in pairwise(days))


@given(st.sets(st.dates(date(2027, 1, 1), date(2027, 1, 28)), max_size=20))
def test_ranges_are_read_back_as_the_days_they_were_made_of(days: set[date]) -> None:
    texts = list(ranges(days))
    found = [day for text in texts for day in days_of(text) or ()]
    assert found == sorted(days)
    # Neighbours are joined: between two ranges lies at least one day.
    edges = [days_of(text) or () for text in texts]
    assert all((b[0] - a[-1]).days > 1 for a, b in pairwise(edges))


def test_a_problem_in_words_and_as_plain_values() -> None:
    whole = CalendarProblem("a.yaml", line(3), "x" * 70, say("应为日期"), say("请改正"))
    assert str(whole) == f"a.yaml 第 3 行：写的是“{'x' * 57}…”；应为日期。请改正"
    assert str(CalendarProblem("a.yaml", None, "", say("应为日期"))) == "a.yaml：应为日期"
    assert whole.as_json() == {
        "file": "a.yaml",
        "place": "第 3 行",
        "seen": "x" * 70,
        "expected": "应为日期",
        "fix": "请改正",
    }
    assert CalendarProblem("a.yaml", None, "", say("应为日期")).as_json() == {
        "file": "a.yaml",
        "place": None,
        "seen": "",
        "expected": "应为日期",
        "fix": None,
    }
