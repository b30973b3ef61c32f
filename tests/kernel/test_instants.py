"""Instants as text: one text for one instant, whatever zone it was written in, sorted as the instants are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.instants import from_text, local_minute, local_second, require_aware, to_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
INSTANTS = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001 - the zone is given beside it
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, SHANGHAI, timezone(timedelta(hours=-7, minutes=30))]),
)


def test_the_text_is_utc_to_the_microsecond() -> None:
    assert to_text(datetime(2024, 9, 14, 9, 2, 3, 4, SHANGHAI)) == "2024-09-14T01:02:03.000004Z"
    assert to_text(datetime(2024, 9, 14, tzinfo=UTC)) == "2024-09-14T00:00:00.000000Z"
    assert from_text("2024-09-14T01:02:03.000004Z") == datetime(2024, 9, 14, 1, 2, 3, 4, UTC)
    assert from_text("2024-09-14T00:00:00.000000Z").tzinfo is UTC


@given(INSTANTS, INSTANTS)
def test_texts_come_back_and_sort_as_instants(one: datetime, other: datetime) -> None:
    # Local times of a repeated hour equal no time of another zone, so both are compared in UTC.
    text, one, other = to_text(one), one.astimezone(UTC), other.astimezone(UTC)
    assert to_text(one) == text
    assert from_text(to_text(one)) == one
    assert (to_text(one) < to_text(other)) == (one < other)


def test_both_moments_of_a_repeated_hour_keep_their_text() -> None:
    first = datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert to_text(first) == "2024-10-27T00:30:00.000000Z"
    assert to_text(first.replace(fold=1)) == "2024-10-27T01:30:00.000000Z"


def test_a_naive_datetime_is_refused() -> None:
    naive = datetime(2024, 9, 14, 9)  # noqa: DTZ001 - that is what is refused
    for ask in (require_aware, to_text):
        with pytest.raises(ValueError, match="naive datetime 2024-09-14T09:00:00"):
            ask(naive)


def test_an_aware_one_is_given_in_utc() -> None:
    found = require_aware(datetime(2024, 9, 14, 9, tzinfo=SHANGHAI))
    assert (found.hour, found.tzinfo) == (1, UTC)


def test_seconds_and_minutes_as_people_read_them() -> None:
    at = datetime(2024, 9, 1, 23, 59, 58, tzinfo=UTC)
    assert local_second(at, SHANGHAI) == "2024-09-02 07:59:58"
    assert local_minute(at, SHANGHAI) == "2024-09-02 07:59"
