from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.app.ports.records import Heartbeat
from engine.store.memory.daemons import MemoryDaemons
from engine.store.memory.undo_log import UndoLog

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def test_heartbeats_removed_and_given_back() -> None:
    undo_log = UndoLog()
    undo_log.open = True
    known = MemoryDaemons(undo_log)
    known.put(Heartbeat("b", NOW, "1"))
    known.put(Heartbeat("a", NOW - timedelta(days=3), "1"))
    mark = undo_log.mark
    known.drop_before(NOW)
    assert known.get("a") is None
    undo_log.back_to(mark)
    assert [one.name for one in known.all()] == ["a", "b"]
