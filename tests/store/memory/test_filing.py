"""Records in memory are copies (`tests/contract/test_contract_filing.py` holds what they do)."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.ports.retention import RetentionRecord, RetentionState
from engine.store.memory.filing import MemoryRetention
from engine.store.memory.undo_log import UndoLog


def test_what_is_kept_does_not_change_with_what_was_given() -> None:
    undo_log, destroyed = UndoLog(), {"a": "b"}
    undo_log.open = True
    rows = MemoryRetention(undo_log)
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    rows.put(
        RetentionRecord(
            case="w-1", state=RetentionState.BIN, at=at, by="p", reason="x", until=None, destroyed=destroyed
        )
    )
    destroyed["c"] = "d"
    kept = rows.get("w-1")
    assert kept is not None
    assert kept.destroyed == {"a": "b"}
