"""Calendars as people and programs read them."""

from __future__ import annotations

from datetime import date

from engine.calendars.text import working_days_in, year_as_json, year_as_text, years_as_json, years_as_text
from engine.worktime.calendar import Calendar, YearData

YEAR = YearData(
    2024,
    "二四年",
    "通知",
    {date(2024, 5, 1): "劳动节", date(2024, 5, 2): "劳动节", date(2024, 1, 1): "元旦"},
    frozenset({date(2024, 4, 28)}),
)
CALENDAR = Calendar((YEAR,)).with_closure(date(2024, 4, 29), "停电").with_opening(date(2024, 5, 4), "值守")


def test_the_list_of_years() -> None:
    assert years_as_text(CALENDAR).splitlines() == [
        "2024\t放假 3 天\t调休上班 1 天\t通知",
        "放假安排公布到 2024 年，其后的推算为暂定",
    ]
    assert years_as_text(Calendar()) == ""
    assert years_as_json(CALENDAR) == {
        "calendar": CALENDAR.version,
        "published_through": 2024,
        "years": [{"year": 2024, "title": "二四年", "source": "通知", "days_off": 3, "make_up_days": 1}],
    }


def test_one_year_in_full() -> None:
    assert year_as_text(CALENDAR, 2024).splitlines() == [
        "二四年",
        "来源：通知",
        "放假  元旦  2024-01-01",
        "放假  劳动节  2024-05-01..2024-05-02",
        "调休上班  2024-04-28",
        "本单位不办公  2024-04-29  停电",
        "本单位照常办公  2024-05-04  值守",
        # 262 days from Monday to Friday, less 3 days off and a closure, and two days more.
        "全年工作日 260 天",
    ]


def test_a_year_that_is_not_published_says_so() -> None:
    assert year_as_text(CALENDAR, 2025).splitlines() == [
        "2025 年（暂定：放假安排尚未公布）",
        "全年工作日 261 天",
    ]
    found = year_as_json(CALENDAR, 2025)
    assert (found["title"], found["source"], found["provisional"], found["days"]) == (None, None, True, [])


def test_one_year_as_plain_values() -> None:
    found = year_as_json(CALENDAR, 2024)
    assert (found["year"], found["title"], found["source"], found["provisional"]) == (
        2024, "二四年", "通知", False,
    )  # fmt: skip
    assert found["working_days"] == 260
    assert found["calendar"] == CALENDAR.version
    assert [(row["date"].isoformat(), row["kind"], row["name"], row["working"]) for row in found["days"]] == [
        ("2024-01-01", "holiday", "元旦", False),
        ("2024-04-28", "make-up", "", True),
        ("2024-04-29", "closure", "停电", False),
        ("2024-05-01", "holiday", "劳动节", False),
        ("2024-05-02", "holiday", "劳动节", False),
        ("2024-05-04", "opening", "值守", True),
    ]


def test_working_days_are_those_the_calendar_says() -> None:
    days = (date.fromordinal(n) for n in range(date(2024, 1, 1).toordinal(), date(2025, 1, 1).toordinal()))
    assert working_days_in(CALENDAR, 2024) == sum(CALENDAR.is_working(day) for day in days) == 260
    assert working_days_in(Calendar(), 2023) == 260
