"""Records of readings in memory: what a transaction added or removed is undone with it."""

from __future__ import annotations

from sample_rows import after, make_reading

from engine.store.memory.readings import MemoryPruning, MemoryReadings
from engine.store.memory.undo_log import UndoLog


def test_it_is_undone_with_its_transaction() -> None:
    undo_log = UndoLog()
    known, retention = MemoryReadings(undo_log), MemoryPruning(undo_log)
    undo_log.open = True
    known.add([make_reading()])
    mark = undo_log.mark
    assert retention.prune("readings", after(days=1), 10) == 1
    assert known.newest() == []
    undo_log.back_to(mark)
    assert known.newest() == [make_reading()]
