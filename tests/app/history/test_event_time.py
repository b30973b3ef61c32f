"""Entries are in the order in which they were made, whatever the clock of the machine says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from register_fixtures import CLERK, OTHER, small_application

from engine.app.audit.verify_deployment import verify
from engine.app.history.event_time import KEY, behind, event_time
from engine.app.history.journal import add_entry
from engine.app.history.replay import replay
from engine.app.session.new_case import NewCase
from engine.deployment.clocks import VirtualClock
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


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)])
@pytest.mark.parametrize("at", range(4))
def test_a_clock_set_back_between_two_acts_of_a_case(back: timedelta, at: int) -> None:
    application = small_application()
    clock = application.clock
    assert isinstance(clock, VirtualClock)
    acts: list[Callable[[], object]] = [
        lambda: application.start("errand", CLERK, NewCase(title="示例")),
        lambda: application.advance("errand-1", "finish", OTHER),
        lambda: application.advance("errand-1", "no_such_step", CLERK),
        lambda: application.advance("errand-1", "finish", CLERK),
    ]
    for number, act in enumerate(acts):
        clock.advance(timedelta(minutes=1))
        if number == at:
            clock.advance(-back)
        act()
    with application.store.read() as transaction:
        events = transaction.events.of("errand-1")
        case = transaction.cases.get("errand-1")
        assert list(verify(transaction)) == []
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert case is not None
    assert not case.open
    assert case == replay(list(events))
    assert case.last_event_at == events[-1].at
    behind_by = [event.body[KEY] for event in events if KEY in event.body]
    assert bool(behind_by) == (at > 0 and back > timedelta(minutes=2))
