"""The clock of the machine is in UTC; the other one moves only when it is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.deployment.clocks import SystemClock, VirtualClock

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_the_clock_of_the_machine_gives_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_it_keeps_its_instant_until_it_is_set_and_may_go_back() -> None:
    clock = VirtualClock(START)
    assert (clock.now(), clock.now()) == (START, START)
    clock.set(START - timedelta(days=1))
    assert clock.now() == START - timedelta(days=1)


@given(st.timedeltas(timedelta(days=-300), timedelta(days=300)))
def test_going_forth_and_back_by_the_same_time_ends_where_it_began(by: timedelta) -> None:
    clock = VirtualClock(START)
    clock.advance(by)
    assert clock.now() - START == by
    clock.advance(-by)
    assert clock.now() == START


def test_an_instant_without_a_zone_is_refused() -> None:
    clock = VirtualClock(START.astimezone(timezone(timedelta(hours=8))))
    with pytest.raises(ValueError, match="naive datetime"):
        clock.set(datetime(2026, 3, 2))  # noqa: DTZ001
    assert clock.now() == START
    with pytest.raises(ValueError, match="naive datetime"):
        VirtualClock(datetime(2026, 3, 2))  # noqa: DTZ001
