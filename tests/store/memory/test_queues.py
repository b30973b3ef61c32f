from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.app.ports.records import OutboxItem, Timer
from engine.store.memory.queues import MemoryOutbox, MemoryTimers
from engine.store.memory.undo_log import UndoLog

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def undo_log() -> UndoLog:
    made = UndoLog()
    made.open = True
    return made


def test_a_lease_that_was_undone(undo_log: UndoLog) -> None:
    outbox = MemoryOutbox(undo_log)
    item = OutboxItem(
        id="i", kind="message", channel="log", recipient="p", case=None, payload={}, created_at=NOW
    )
    outbox.put([item])
    mark = undo_log.mark
    outbox.lease(["i"], NOW + timedelta(minutes=1), "sending")
    outbox.extend_lease(["i"], NOW + timedelta(minutes=2))
    assert outbox.take(NOW, 9, ["log"]) == []
    (leased,) = outbox.listed()
    assert (leased.leases, leased.next_at) == (1, NOW + timedelta(minutes=2))
    undo_log.back_to(mark)
    assert outbox.take(NOW, 9, ["log"]) == [item]


def test_a_timer_set_aside_and_set_again(undo_log: UndoLog) -> None:
    timers = MemoryTimers(undo_log)
    timer = Timer("a", "t", NOW)
    timers.put([timer])
    timers.set_aside(timer, "bad")
    assert (timers.due(NOW, 9), timers.incidents(), timers.count()) == ([], [(timer, "bad")], 0)
    timers.put([timer])
    assert (timers.due(NOW, 9), timers.incidents(), timers.next_at()) == ([timer], [], NOW)
