"""The progress of a demonstration is written by every transaction that writes, and by no other."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.demo.checkpoint import Checkpoint, CheckpointStore, saved_checkpoint
from engine.deployment.clocks import VirtualClock
from engine.store.memory.store import MemoryStore

NOW = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)


def test_nothing_is_saved_before_the_first_write() -> None:
    store = CheckpointStore(MemoryStore(), Checkpoint(date(2026, 1, 5)), VirtualClock(NOW))
    with store.read() as transaction:
        assert saved_checkpoint(transaction) is None


def test_every_write_saves_the_checkpoint_as_it_is_at_its_end() -> None:
    place, clock = Checkpoint(date(2026, 1, 5)), VirtualClock(NOW)
    store = CheckpointStore(MemoryStore(), place, clock)
    with store.write():
        place.part, place.steps = 2, 7
    place.steps = 99
    with store.read() as transaction:
        assert saved_checkpoint(transaction) == (Checkpoint(date(2026, 1, 5), 2, 7), NOW)
    store.close()


def test_a_write_that_fails_saves_nothing() -> None:
    place = Checkpoint(date(2026, 1, 5))
    store = CheckpointStore(MemoryStore(), place, VirtualClock(NOW))
    with store.write():
        pass
    place.day = date(2026, 1, 6)
    with pytest.raises(LookupError), store.write():
        raise LookupError
    with store.read() as transaction:
        assert saved_checkpoint(transaction) == (Checkpoint(date(2026, 1, 5)), NOW)
