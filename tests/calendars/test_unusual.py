"""Unusual days of a year's notice: asked, confirmed, remembered, written into the file of the year."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from engine.calendars.import_file import read_calendar_year
from engine.calendars.load import national_years
from engine.calendars.unusual import (
    DayConfirmation,
    day_sentence,
    settle_year,
    unusual_rules,
    why_unconfirmed,
)
from engine.calendars.yaml_year import read_year, year_as_yaml
from engine.kernel.refusal import RefusalReason
from engine.worktime.calendar import UnusualDay, YearData

MONDAY = date(2027, 3, 1)
#: What a notice has besides.
OTHERS = "元旦: 2027-01-01, 清明节: 2027-04-05, 劳动节: 2027-05-01, 端午节: 2027-06-09, 中秋节: 2027-09-15, 国庆节: 2027-10-01"
PAIRS = [one.split(": ") for one in OTHERS.split(", ")]
PAGE = f"year: 2027\nsource: 通知\nholidays: {{春节: 2027-02-05..2027-02-11, {OTHERS}}}\nworkdays: [2027-02-20, 2027-03-01]\n"
LONG = f"year: 2027\nsource: 通知\nholidays: {{春节: 2027-01-10..2027-02-20, {OTHERS}}}\n"
ROWS = "".join(f"{day},{name},放假\n" for name, day in PAIRS)
ENTRIES = "".join(f',{{"name": "{name}", "date": "{day}", "isOffDay": true}}' for name, day in PAIRS)


def read(text: str, name: str = "2027.yaml") -> YearData:
    data, problems = read_calendar_year(name, text.encode())
    assert data is not None, problems
    return data


def settled(data: YearData, before: YearData | None = None, *given: DayConfirmation) -> YearData:
    found = settle_year(data, before, given, "lena")
    assert isinstance(found, YearData)
    return found


@pytest.mark.parametrize(
    ("text", "name", "day", "rule"),
    [
        (PAGE, "a.yaml", MONDAY, "weekday_worked"),
        (LONG, "a.yaml", date(2027, 1, 10), "long_holiday"),
        (
            f"日期,名称,类型\n2027-02-05,春节,放假\n2027-03-01,,上班\n{ROWS}",
            "a.csv",
            MONDAY,
            "weekday_worked",
        ),
        (
            (
                '{"year": 2027, "days": [{"name": "春节", "date": "2027-02-05", "isOffDay": true},'
                f'{{"name": "春节", "date": "2027-03-01", "isOffDay": false}}{ENTRIES}]}}'
            ),
            "a.json",
            MONDAY,
            "weekday_worked",
        ),
    ],
)
def test_every_form_of_a_notice_leaves_them_to_whoever_takes_it_up(
    text: str, name: str, day: date, rule: str
) -> None:
    assert read(text, name).unusual == (UnusualDay(day, rule),)


def test_days_listed_one_by_one_are_a_long_holiday_too() -> None:
    days = [f"2027-01-{day:02d},年,放假" for day in range(1, 32)] + ["2027-02-01,年,放假"]
    assert read("日期,名称,类型\n" + "\n".join(days), "a.csv").unusual == (
        UnusualDay(date(2027, 1, 1), "holidays_missing"),
        UnusualDay(date(2027, 1, 1), "long_holiday"),
    )


def test_a_year_counts_once_every_such_day_is_confirmed_and_its_file_says_so() -> None:
    data = read(PAGE)
    assert "2027-03-01（周一至周五的日子列为上班）" in str(why_unconfirmed(data))
    done = settled(data, None, DayConfirmation(MONDAY, "通知第二条"))
    assert why_unconfirmed(done) is None
    assert done.confirmed == (UnusualDay(MONDAY, "weekday_worked", "通知第二条", "lena"),)
    assert "已由 lena 确认：通知第二条" in str(day_sentence(done.confirmed[0]))
    again, problems = read_year("2027.yaml", year_as_yaml(done).encode())
    assert problems == ()
    assert again == done
    # The next import of the year need not confirm it again; a year in which it changed must.
    assert settled(read(PAGE), done).confirmed == done.confirmed
    assert settled(read(LONG), done).unusual


def test_what_a_file_that_is_imported_calls_confirmed_counts_for_nothing() -> None:
    done = settled(read(PAGE), None, DayConfirmation(MONDAY, "通知第二条"))
    assert read(year_as_yaml(done)).unusual == (UnusualDay(MONDAY, "weekday_worked"),)
    assert read(year_as_yaml(done)).confirmed == ()


def test_a_confirmation_that_fits_no_day_or_gives_no_reason_is_refused() -> None:
    for given, said in (
        (DayConfirmation(date(2027, 3, 2), "x"), "没有这样需要确认的日子：2027-03-02"),
        (DayConfirmation(MONDAY, "  "), "确认须写明理由"),
    ):
        found = settle_year(read(PAGE), None, [given], "lena")
        assert isinstance(found, RefusalReason)
        assert str(found.message) == said


def test_a_file_in_the_folder_of_calendars_needs_its_confirmations() -> None:
    data, problems = read_year("2027.yaml", PAGE.encode())
    assert data is None
    assert "本来就上班" in str(problems[0])
    for wrong in ("{rule: x, by: a, reason: b}", "{rule: weekday_worked, by: a}", "x"):
        data, problems = read_year("2027.yaml", f"{PAGE}confirmed:\n  2027-03-01: {wrong}\n".encode())
        assert data is None
        assert "应写明日期、规则、确认人和理由" in str(problems[0])


def test_each_rule_says_why() -> None:
    assert all(rule.title and rule.why for rule in unusual_rules().values())
    assert not unusual_rules()["year_of_another_notice"].confirm


SEVEN = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")


def days_json(year: int, days: list[tuple[str, date, bool]]) -> YearData:
    found = [{"name": name, "date": day.isoformat(), "isOffDay": off} for name, day, off in days]
    return read(json.dumps({"year": year, "days": found}), "a.json")


def seven(year: int) -> list[tuple[str, date, bool]]:
    return [(name, date(year, month, 1), True) for month, name in enumerate(SEVEN, 1)]


def rules_of(data: YearData) -> list[str]:
    return sorted({one.rule for one in data.unusual})


@pytest.mark.parametrize("left_out", [None, *SEVEN])
def test_a_year_without_one_of_its_holidays_is_not_taken_for_finished(left_out: str | None) -> None:
    data = days_json(2029, [one for one in seven(2029) if one[0] != left_out])
    assert rules_of(data) == ([] if left_out is None else ["holidays_missing"])
    assert (why_unconfirmed(data) is None) == (left_out is None)
    # Those of the law since 2008.
    assert rules_of(days_json(2007, [one for one in seven(2007) if one[0] != left_out])) == []


def test_two_holidays_in_one_name_or_one_week_are_both_there() -> None:
    merged = [one for one in seven(2031) if one[0] not in ("中秋节", "国庆节")]
    week = [("国庆节", date(2031, 10, day), True) for day in range(1, 9)]
    assert rules_of(days_json(2031, [*merged, *week])) == []
    assert rules_of(days_json(2031, [*merged, *week[:-1]])) == ["holidays_missing"]
    assert rules_of(days_json(2031, [*merged, ("国庆节、中秋节", date(2031, 10, 1), True)])) == []


def test_more_days_off_or_worked_than_any_notice_had_are_asked_about() -> None:
    first = date(2029, 1, 1)
    weekdays = [
        first + timedelta(days=n) for n in range(365) if (first + timedelta(days=n)).day in range(10, 15)
    ]
    off = [("休", day, True) for day in weekdays]
    assert len(off) == 60
    assert rules_of(days_json(2029, [*seven(2029), *off[:38]])) == []
    assert rules_of(days_json(2029, [*seven(2029), *off[:39]])) == ["many_days_off"]
    sundays = [first + timedelta(days=n) for n in range(6, 365, 7) if (first + timedelta(days=n)).day != 1]
    worked = [("补", day, False) for day in sundays]
    assert rules_of(days_json(2029, [*seven(2029), *worked[:15]])) == []
    assert rules_of(days_json(2029, [*seven(2029), *worked[:16]])) == ["many_days_worked"]


def test_no_notice_that_was_published_is_asked_about_as_a_whole() -> None:
    for year in national_years():
        days = [
            *((name, day, True) for day, name in year.holidays.items()),
            *(("补", day, False) for day in year.workdays),
        ]
        assert rules_of(days_json(year.year, days)) == [], year.year
