"""Office hours: what is added can be taken away, what lies between is what was added."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars.load import load_calendar
from engine.worktime.hours import add_office_time, office_time_between, open_spans
from engine.worktime.periods import Season

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar([])
USUAL = Season(((time(9), time(12)), (time(13, 30), time(17, 30))))
SUMMER = Season(((time(9), time(12)), (time(15), time(18))), (6, 1), (8, 31))
WINTER = Season(((time(9, 30), time(16)),), (12, 1), (2, 29))
SEASONS = (SUMMER, WINTER, USUAL)

#: Eight years of minutes.
INSTANTS = st.integers(0, 8 * 365 * 24 * 60).map(
    lambda minute: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
AMOUNTS = st.integers(1, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))


@given(INSTANTS, AMOUNTS)
def test_what_lies_between_is_what_was_added(start: datetime, amount: timedelta) -> None:
    end = add_office_time(CALENDAR, SEASONS, start, amount, ZONE)
    assert end > start
    assert office_time_between(CALENDAR, SEASONS, start, end, ZONE) == amount
    # A model that goes minute by minute agrees at the end: the last minute was an open one.
    day = (end - timedelta(microseconds=1)).astimezone(ZONE).date()
    assert any(first < end <= last for first, last in open_spans(CALENDAR, SEASONS, day, ZONE))


@given(INSTANTS, AMOUNTS)
def test_going_back_undoes_going_on(start: datetime, amount: timedelta) -> None:
    end = add_office_time(CALENDAR, SEASONS, start, amount, ZONE)
    back = add_office_time(CALENDAR, SEASONS, end, -amount, ZONE)
    assert office_time_between(CALENDAR, SEASONS, back, end, ZONE) == amount
    assert office_time_between(CALENDAR, SEASONS, min(start, back), max(start, back), ZONE) == timedelta(0)


def test_a_season_may_reach_into_the_next_year() -> None:
    for day, spans in (("2024-12-02", 1), ("2024-02-29", 1), ("2024-03-01", 2), ("2024-06-03", 2)):
        at = datetime.fromisoformat(day).date()
        assert len(list(open_spans(CALENDAR, SEASONS, at, ZONE))) == spans


def test_a_bureau_that_never_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="no office hours"):
        add_office_time(CALENDAR, (), datetime(2024, 9, 2, tzinfo=UTC), timedelta(hours=1), ZONE)


def test_the_last_years_are_the_end() -> None:
    start = datetime(9999, 12, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="9999"):
        add_office_time(CALENDAR, SEASONS, start, timedelta(hours=90), ZONE)
