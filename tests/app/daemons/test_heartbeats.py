from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.daemons.heartbeats import FORGOTTEN, alive, clock_skew, deregister, heartbeats, record
from engine.app.ports.records import Heartbeat
from engine.app.ports.store import Store
from engine.store.memory import MemoryStore

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def known(store: Store) -> list[Heartbeat]:
    with store.read() as transaction:
        return heartbeats(transaction)


def test_a_heartbeat_replaces_the_one_before_and_old_ones_go() -> None:
    store = MemoryStore()
    record(store, "old", "1", NOW - FORGOTTEN - timedelta(seconds=1))
    record(store, "just", "1", NOW - FORGOTTEN)
    assert [one.name for one in known(store)] == ["just", "old"]
    record(store, "a", "1", NOW - timedelta(minutes=1), ahead=timedelta(seconds=2))
    record(store, "a", "2", NOW, leads=True)
    assert known(store) == [Heartbeat("a", NOW, "2", True), Heartbeat("just", NOW - FORGOTTEN, "1")]


def test_who_ends_in_order_is_not_alive_and_leads_no_more() -> None:
    store = MemoryStore()
    record(store, "a", "1", NOW, leads=True, ahead=timedelta(seconds=1))
    record(store, "b", "1", NOW - timedelta(seconds=30))
    record(store, "c", "1", NOW - timedelta(seconds=31))
    deregister(store, "nobody")
    with store.read() as transaction:
        assert [one.name for one in alive(transaction, NOW, timedelta(seconds=30))] == ["a", "b"]
    deregister(store, "a")
    with store.read() as transaction:
        assert [one.name for one in alive(transaction, NOW, timedelta(seconds=30))] == ["b"]
    assert known(store)[0] == Heartbeat("a", NOW, "1", False, timedelta(seconds=1), True)
    assert [one.name for one in known(store)] == ["a", "b", "c"]


def beat(name: str, seconds: int | None) -> Heartbeat:
    return Heartbeat(name, NOW, "1", ahead=None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("ahead", [[], [5], [None, None], [5, None]])
def test_without_two_clocks_there_is_no_difference(ahead: list[int | None]) -> None:
    assert clock_skew([beat(str(n), seconds) for n, seconds in enumerate(ahead)]) is None


@given(st.lists(st.none() | st.integers(-500, 500), min_size=2, max_size=6))
def test_the_clocks_furthest_apart(ahead: list[int | None]) -> None:
    measured = [seconds for seconds in ahead if seconds is not None]
    found = clock_skew([beat(str(n), seconds) for n, seconds in enumerate(ahead)])
    if len(measured) < 2:
        assert found is None
        return
    assert found is not None
    first, last, between = found
    assert first.ahead == timedelta(seconds=max(measured))
    assert last.ahead == timedelta(seconds=min(measured))
    assert between == timedelta(seconds=max(measured) - min(measured))
