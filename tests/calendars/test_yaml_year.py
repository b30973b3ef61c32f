"""Years and closures in YAML: what is written is read again, and every fault has its line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars.yaml_year import read_local, read_year, year_as_yaml
from engine.worktime.calendar import Override, YearData

DAYS = st.dates(date(2026, 12, 1), date(2027, 12, 31))
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=8).filter(
    lambda name: name == name.strip() and name != "\ufeff"
)


@given(st.dictionaries(DAYS, NAMES, min_size=1, max_size=6), st.sets(DAYS, max_size=3), NAMES)
def test_a_year_is_read_as_it_was_written(holidays: dict[date, str], extra: set[date], title: str) -> None:
    worked = frozenset(day for day in extra if day.weekday() > 4 and day not in holidays)
    data = YearData(2027, title, "通知", holidays, worked)
    assert read_year("2027.yaml", year_as_yaml(data).encode()) == (data, ())


def test_a_year_as_it_is_written() -> None:
    data = YearData(
        2027, '题"', "源", {date(2027, 1, 2): "元旦", date(2027, 1, 1): "元旦"}, frozenset({date(2027, 1, 9)})
    )
    assert year_as_yaml(data).splitlines() == [
        "year: 2027",
        'title: "题\\""',
        'source: "源"',
        "holidays:",
        '  2027-01-01: "元旦"',
        '  2027-01-02: "元旦"',
        "workdays:",
        "  - 2027-01-09",
    ]
    empty = year_as_yaml(YearData(2027, "题", "源", {}, frozenset()))
    assert empty.splitlines()[3:] == ["holidays: {}", "workdays: []"]


def test_days_off_by_name_and_by_day_and_in_chinese() -> None:
    text = "年份: 2027\n来源: 通知\n放假:\n  元旦: [2027-01-01, 2027-01-02]\n  2027-01-03: 元旦\n上班:\n"
    data, problems = read_year("a.yaml", text.encode())
    assert problems == ()
    assert data == YearData(
        2027,
        "2027年节假日安排",
        "通知",
        {date(2027, 1, day): "元旦" for day in (1, 2, 3)},
        frozenset(),
    )


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("- 1\n", "", "文件应为“键: 值”"),
        ("holidays: {元旦: 2027-01-01}\n", "", "没有写年份"),
        ("year: '2027'\nholidays: {元旦: 2027-01-01}\n", "第 1 行", "年份应为一个整数"),
        ("year: [2027]\nholidays: {元旦: 2027-01-01}\n", "第 1 行", "年份应为一个整数"),
        ("year: 2027\nnothing: 1\nholidays: {元旦: 2027-01-01}\n", "第 2 行", "没有这个键"),
        (
            "year: 2027\n年份: 2027\nholidays: {元旦: 2027-01-01}\n",
            "第 2 行",
            "同一内容的中文键和英文键都写了",
        ),
        ("year: 2027\ntitle: [a]\nholidays: {元旦: 2027-01-01}\n", "第 2 行", "“title”应为一行文字"),
        ("year: 2027\nholidays: 2027-01-01\n", "第 2 行", "“holidays”应为“键: 值”"),
        ("year: 2027\nholidays: {2027-01-01: }\n", "第 2 行", "应写明是什么假"),
        ("year: 2027\nholidays: {元旦: [[2027-01-01]]}\n", "第 2 行", "应为日期或一段日期"),
        ("year: 2027\nholidays: {元旦: 2027-01-01}\nworkdays: {a: b}\n", "第 3 行", "应为日期或一段日期"),
        ("year: 2027\nyear: 2028\n", "第 2 行", "“year”写了两次：第 1 行和第 2 行"),
    ],
)
def test_what_is_wrong_and_where(text: str, place: str, expected: str) -> None:
    data, problems = read_year("a.yaml", text.encode())
    assert data is None
    assert (str(problems[0].place or ""), str(problems[0].expected)) == (place, expected)


def test_closures_and_openings_in_either_language() -> None:
    text = "closures: {2027-03-01..2027-03-02: 搬迁}\n加开: {2027-03-06: 补班}\n"
    assert read_local("local.yaml", text.encode()) == (
        (
            Override(date(2027, 3, 1), False, "搬迁"),
            Override(date(2027, 3, 2), False, "搬迁"),
            Override(date(2027, 3, 6), True, "补班"),
        ),
        (),
    )
    assert read_local("local.yaml", b"closures:\n") == ((), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("closures: {soon: x}\n", "应为一个日期或一段日期"),
        ("closures: {2027-03-01: }\n", "应写明原因"),
        ("closures: {2027-03-01: [x]}\n", "应写明原因"),
        ("closures: {2027-03-01: a}\nopenings: {2027-03-01: b}\n", "2027-03-01 不能既停办又加开"),
        ("openings: [2027-03-01]\n", "“openings”应为“键: 值”"),
        ("year: 2027\n", "没有这个键"),
    ],
)
def test_what_is_wrong_with_closures(text: str, expected: str) -> None:
    _, problems = read_local("local.yaml", text.encode())
    assert [str(problem.expected) for problem in problems] == [expected]
