"""Counting working days: vectors of the domain, an oracle for every day, and laws that hold for all counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars.load import load_calendar
from engine.worktime.arithmetic import (
    Due,
    add_working_days,
    after,
    before,
    deadline,
    is_provisional_count,
    working_days_between,
)
from engine.worktime.calendar import Calendar
from engine.worktime.periods import Period, PeriodUnit, Roll, YearDate

CALENDAR = load_calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = time(9)
WORKING, DAYS, HOURS = PeriodUnit.WORKING_DAYS, PeriodUnit.DAYS, PeriodUnit.HOURS

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
published_days = st.dates(date(2004, 1, 1), date(2026, 12, 31))
counts = st.integers(-3000, 3000)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "weekdays_only"),
    [
        ("2024-01-26", "2024-02-28", "2024-02-23"),
        ("2024-09-14", "2024-10-18", "2024-10-11"),
        ("2024-09-20", "2024-10-23", "2024-10-18"),
        ("2024-12-20", "2025-01-20", "2025-01-17"),
        ("2025-01-10", "2025-02-13", "2025-02-07"),
        ("2025-04-25", "2025-05-27", "2025-05-23"),
        ("2025-09-15", "2025-10-17", "2025-10-13"),
    ],
)
def test_twenty_working_days(start: str, end: str, weekdays_only: str) -> None:
    first = date.fromisoformat(start)
    assert add_working_days(CALENDAR, first, 20) == date.fromisoformat(end)
    assert add_working_days(Calendar(), first, 20) == date.fromisoformat(weekdays_only)


def test_a_working_saturday_and_a_free_one() -> None:
    assert CALENDAR.is_working(date(2024, 9, 14))
    assert not CALENDAR.is_working(date(2024, 4, 20))


#: A Saturday that the notice for 2006 (国办发明电〔2005〕35号) makes a working day; the oracle has it as a weekend.
#: The notice decides, not the data set.
AS_THE_NOTICE_SAYS = {date(2005, 12, 31): True}


def oracle(day: date) -> bool:
    """Tell whether `day` is worked: by the data set, except where the notice itself says otherwise."""
    known = AS_THE_NOTICE_SAYS.get(day)
    return chinese_calendar.is_workday(day) if known is None else known


def test_every_published_day_agrees_with_the_oracle() -> None:
    day, wrong = date(2004, 1, 1), []
    while day.year <= 2026:
        if CALENDAR.is_working(day) != oracle(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []
    assert day == date(2027, 1, 1)


def test_the_exceptions_to_the_oracle_are_needed() -> None:
    for day, working in AS_THE_NOTICE_SAYS.items():
        assert chinese_calendar.is_workday(day) is not working
        assert CALENDAR.is_working(day) is working


@given(published_days, st.integers(1, 60))
def test_counting_agrees_with_looking_at_each_day(start: date, count: int) -> None:
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= oracle(day) if day.year <= 2026 else day.weekday() < 5
    assert add_working_days(CALENDAR, start, count) == day


@given(days, counts)
def test_a_count_measured_again_is_the_same(start: date, count: int) -> None:
    assert working_days_between(CALENDAR, start, add_working_days(CALENDAR, start, count)) == count


@given(days, counts)
def test_from_a_working_day_there_and_back(start: date, count: int) -> None:
    start = add_working_days(CALENDAR, start, 1)
    assert add_working_days(CALENDAR, add_working_days(CALENDAR, start, count), -count) == start


@given(days, counts, counts)
def test_counts_add_up(start: date, one: int, other: int) -> None:
    start = add_working_days(CALENDAR, start, 1)
    both = add_working_days(CALENDAR, add_working_days(CALENDAR, start, one), other)
    assert both == add_working_days(CALENDAR, start, one + other)


@given(days, days, counts)
def test_starting_later_never_ends_earlier(one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))
    assert add_working_days(CALENDAR, first, count) <= add_working_days(CALENDAR, second, count)


@given(days, counts)
def test_one_more_is_always_later(start: date, count: int) -> None:
    assert add_working_days(CALENDAR, start, count) < add_working_days(CALENDAR, start, count + 1)


@given(days, counts.filter(bool))
def test_never_due_on_a_day_off(start: date, count: int) -> None:
    assert CALENDAR.is_working(add_working_days(CALENDAR, start, count))


def test_zero_is_the_day_itself_even_a_day_off() -> None:
    assert add_working_days(CALENDAR, date(2024, 10, 3), 0) == date(2024, 10, 3)


@pytest.mark.parametrize("count", [10**7, -(10**7), 10**30])
def test_a_count_beyond_the_years_is_a_value_error(count: int) -> None:
    with pytest.raises(ValueError, match="9999"):
        add_working_days(CALENDAR, date(2024, 1, 1), count)


def test_a_period_of_days_ends_at_the_midnight_after_its_last_day() -> None:
    due = deadline(CALENDAR, at("2024-01-26T23:59"), Period(20, WORKING), SHANGHAI)
    assert due == Due(date(2024, 2, 28), utc("2024-02-28T16:00"), False)
    due = deadline(CALENDAR, at("2024-02-28T00:00"), Period(2, DAYS), SHANGHAI)
    assert due == Due(date(2024, 3, 1), utc("2024-03-01T16:00"), False)


def test_the_day_of_the_start_is_the_local_one() -> None:
    # 17:00 UTC on Friday is 01:00 on Saturday in Shanghai.
    start = utc("2024-03-01T17:00")
    assert deadline(CALENDAR, start, Period(1, DAYS), SHANGHAI).due_on == date(2024, 3, 3)
    assert deadline(CALENDAR, start, Period(1, DAYS), UTC).due_on == date(2024, 3, 2)
    west = timezone(timedelta(hours=-10))
    assert deadline(CALENDAR, start, Period(1, WORKING), west).due_at == utc("2024-03-05T10:00")


def test_hours_are_exact() -> None:
    due = deadline(CALENDAR, at("2024-10-01T22:30:15"), Period(24, HOURS), SHANGHAI)
    assert due == Due(date(2024, 10, 2), utc("2024-10-02T14:30:15"), False)
    # Ending at midnight it belongs to the day before, as a period of days does.
    assert deadline(CALENDAR, at("2024-10-01T00:00"), Period(24, HOURS), SHANGHAI).due_on == date(2024, 10, 1)


def test_a_zone_with_summer_time_keeps_local_midnight_and_exact_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2024, 3, 30, 12, tzinfo=berlin)
    assert deadline(CALENDAR, start, Period(1, DAYS), berlin).due_at == utc("2024-03-31T22:00")
    assert deadline(CALENDAR, start, Period(24, HOURS), berlin).due_at == utc("2024-03-31T11:00")


@given(published_days)
def test_midnight_in_shanghai_is_always_sixteen_utc(day: date) -> None:
    start = datetime.combine(day, NINE, tzinfo=SHANGHAI)
    due = deadline(CALENDAR, start, Period(5, WORKING), SHANGHAI)
    assert due.due_at == datetime.combine(due.due_on, time(16), tzinfo=UTC)
    assert due.due_at.tzinfo is UTC


@pytest.mark.parametrize("limit", [Period(1, WORKING), Period(1, DAYS), Period(1, HOURS), YearDate(4, 20)])
def test_a_naive_start_is_refused(limit: Period | YearDate) -> None:
    with pytest.raises(ValueError, match="naive"):
        deadline(CALENDAR, datetime(2024, 1, 1), limit, SHANGHAI)  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    ("start", "limit", "due_on"),
    [
        ("2024-01-10", YearDate(4, 20), "2024-04-20"),
        ("2024-01-10", YearDate(4, 20, Roll.BACKWARD), "2024-04-19"),
        ("2024-01-10", YearDate(4, 20, Roll.FORWARD), "2024-04-22"),
        ("2024-04-20", YearDate(4, 20), "2024-04-20"),
        ("2024-04-21", YearDate(4, 20), "2025-04-20"),
        ("2024-09-01", YearDate(10, 1, Roll.FORWARD), "2024-10-08"),
        ("2024-01-10", YearDate(4, 7, Roll.FORWARD), "2024-04-07"),
        ("2024-01-10", YearDate(2, 29), "2024-02-29"),
        ("2024-03-01", YearDate(2, 29), "2025-02-28"),
        ("2025-02-28", YearDate(2, 29), "2025-02-28"),
        ("2025-03-01", YearDate(2, 29), "2026-02-28"),
    ],
)
def test_a_date_of_the_year(start: str, limit: YearDate, due_on: str) -> None:
    assert deadline(CALENDAR, at(start), limit, SHANGHAI).due_on == date.fromisoformat(due_on)


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        ("2026-12-30", Period(1, WORKING), False),
        ("2026-12-30", Period(2, WORKING), True),
        ("2026-12-31", Period(0, WORKING), False),
        ("2026-12-31", Period(30, DAYS), False),
        ("2026-12-31", Period(72, HOURS), False),
        ("2026-12-31", YearDate(4, 20), False),
        ("2026-12-31", YearDate(4, 20, Roll.FORWARD), True),
        ("2026-05-01", YearDate(12, 31, Roll.BACKWARD), False),
        ("2027-03-01", Period(1, WORKING), True),
        ("2003-12-31", Period(1, WORKING), False),
        ("2003-12-30", Period(1, WORKING), True),
    ],
)
def test_provisional(start: str, limit: Period | YearDate, provisional: bool) -> None:
    assert deadline(CALENDAR, at(start), limit, SHANGHAI).provisional is provisional


def test_counting_back_into_published_years_is_certain() -> None:
    first = date(2027, 1, 1)
    assert not is_provisional_count(CALENDAR, first, add_working_days(CALENDAR, first, -5))
    assert is_provisional_count(CALENDAR, date(2027, 2, 1), add_working_days(CALENDAR, date(2027, 2, 1), -30))


def test_a_gap_between_published_years_is_provisional() -> None:
    data = {year: CALENDAR.year(year) for year in (2024, 2026)}
    holed = Calendar(tuple(found for found in data.values() if found))
    assert holed.published_through == 2024
    assert is_provisional_count(holed, date(2024, 12, 1), date(2026, 2, 1))
    assert not is_provisional_count(holed, date(2026, 1, 1), date(2026, 2, 1))


def test_reminders_fall_on_the_hour_of_the_bureau() -> None:
    due = deadline(CALENDAR, at("2024-09-20T10:00"), Period(20, WORKING), SHANGHAI)
    assert due.due_on == date(2024, 10, 23)

    def fires(count: int, unit: PeriodUnit) -> datetime:
        return before(CALENDAR, due, Period(count, unit), SHANGHAI, NINE)

    assert fires(0, WORKING) == utc("2024-10-23T01:00")
    assert fires(1, WORKING) == utc("2024-10-22T01:00")
    assert fires(10, WORKING) == utc("2024-10-10T01:00")
    assert fires(11, WORKING) == utc("2024-10-09T01:00")
    # The 12th is a working Saturday, so the tenth before is the 10th; before the 8th lies the holiday.
    assert fires(13, WORKING) == utc("2024-09-30T01:00")
    assert fires(22, DAYS) == utc("2024-10-01T01:00")
    assert fires(24, HOURS) == utc("2024-10-22T16:00")


def test_steps_after_the_due_day() -> None:
    due = Due(date(2024, 9, 30), utc("2024-09-30T16:00"), False)
    assert after(CALENDAR, due, Period(3, WORKING), SHANGHAI, NINE) == utc("2024-10-10T01:00")
    assert after(CALENDAR, due, Period(3, DAYS), SHANGHAI, NINE) == utc("2024-10-03T01:00")
    assert after(CALENDAR, due, Period(3, HOURS), SHANGHAI, NINE) == utc("2024-09-30T19:00")


@pytest.mark.parametrize("unit", list(PeriodUnit))
def test_periods_beyond_the_years_are_value_errors(unit: PeriodUnit) -> None:
    due = Due(date(2024, 9, 30), utc("2024-09-30T16:00"), False)
    huge = Period(10**9, unit)
    with pytest.raises(ValueError, match="9999"):
        deadline(CALENDAR, at("2024-01-01"), huge, SHANGHAI)
    with pytest.raises(ValueError, match="9999"):
        after(CALENDAR, due, huge, SHANGHAI, NINE)
    with pytest.raises(ValueError, match="9999"):
        before(CALENDAR, due, huge, SHANGHAI, NINE)


MONTHS, YEARS = PeriodUnit.MONTHS, PeriodUnit.YEARS


@pytest.mark.parametrize(
    ("start", "limit", "roll", "last"),
    [
        # 民法典 第二百零一条: the day of the start is not counted; 第二百零二条: the corresponding day, or the month's last.
        ("2025-07-01T10:00", Period(3, MONTHS), Roll.NONE, "2025-10-01"),
        # 第二百零三条: the last day is a holiday, so the day after the holidays (with their weekend) is the last one.
        ("2025-07-01T10:00", Period(3, MONTHS), Roll.FORWARD, "2025-10-09"),
        ("2024-08-31T10:00", Period(6, MONTHS), Roll.NONE, "2025-02-28"),
        ("2024-02-29T10:00", Period(1, YEARS), Roll.NONE, "2025-02-28"),
        ("2024-02-29T10:00", Period(2, YEARS), Roll.FORWARD, "2026-02-28"),
        ("2025-06-28T10:00", Period(3, MONTHS), Roll.FORWARD, "2025-09-28"),
        ("2025-07-01T10:00", Period(3, MONTHS), Roll.BACKWARD, "2025-09-30"),
    ],
)
def test_months_and_years(start: str, limit: Period, roll: Roll, last: str) -> None:
    due = deadline(CALENDAR, at(start), limit, SHANGHAI, roll=roll)
    assert due.due_on == date.fromisoformat(last)
    assert due.due_at == at(last) + timedelta(days=1)


def test_months_that_are_not_rolled_depend_on_no_notice() -> None:
    assert not deadline(CALENDAR, at("2090-01-31T10:00"), Period(1, MONTHS), SHANGHAI).provisional
    assert deadline(
        CALENDAR, at("2090-01-31T10:00"), Period(1, MONTHS), SHANGHAI, roll=Roll.FORWARD
    ).provisional


def test_a_reminder_a_month_before_a_day_that_month_lacks() -> None:
    due = Due(date(2025, 3, 31), at("2025-04-01"), False)
    assert before(CALENDAR, due, Period(1, MONTHS), SHANGHAI, NINE) == at("2025-02-28T09:00")
