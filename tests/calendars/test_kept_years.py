"""Years as they were read: those that are shipped so are those of the files."""

from __future__ import annotations

from datetime import date

from engine.calendars.kept_years import written, years_of
from engine.calendars.load import NATIONAL, national_years, read_national
from engine.worktime.calendar import UnusualDay, YearData


def test_the_kept_years_are_those_of_the_files() -> None:
    kept = NATIONAL.with_suffix(".json").read_text(encoding="utf-8")
    assert kept == written(read_national()), "run: python -m engine.calendars"
    assert national_years() == read_national()


def test_everything_of_a_year_comes_back() -> None:
    day = date(2027, 2, 6)
    year = YearData(
        2027,
        "2027 年",
        "通知",
        {day: "春节"},
        frozenset({date(2027, 2, 20)}),
        (UnusualDay(day, "long_holiday", "通知如此", "office"),),
        (UnusualDay(day, "weekday_worked"),),
    )
    assert years_of(written([year]).encode()) == (year,)
