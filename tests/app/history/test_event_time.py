"""Entries are in the order in which they were made, whatever the clock of the machine says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.audit.verify_all import verify
from engine.app.history.event_time import KEY, behind, event_time
from engine.app.history.journal import add_entry
from engine.store.memory.store import MemoryStore

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "noted"),
    [(-5, {}), (0, {}), (1, {}), (2, {KEY: 2}), (3600, {KEY: 3600}), (86400, {KEY: 86400})],
)
def test_a_difference_above_a_second_is_noted(seconds: int, noted: dict[str, int]) -> None:
    last = NOON + timedelta(seconds=seconds)
    at = event_time(NOON, last)
    assert at == max(NOON, last)
    assert behind(NOON, at) == noted
    assert event_time(NOON, None) == NOON


@given(st.lists(st.sampled_from([1, -1, 3600, -3600, 86400, -86400]), min_size=1, max_size=8))
def test_a_journal_stays_in_order(steps: list[int]) -> None:
    store, now = MemoryStore(), NOON
    for step in steps:
        now += timedelta(seconds=step)
        with store.write() as transaction:
            add_entry(transaction, now, "done", "anna", {})
    with store.read() as transaction:
        found = [event.at for event in transaction.events.of("office")]
        assert list(verify(transaction)) == []
    assert found == sorted(found)
    assert len(found) == len(steps)
