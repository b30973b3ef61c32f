from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.app.ports.records import IdempotencyRecord, RegisterEntry
from engine.app.ports.store import ConflictError
from engine.store.memory.reference_data import MemoryIdempotencyRecords, MemoryRegisters, MemorySettings
from engine.store.memory.undo_log import UndoLog

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def undo_log() -> UndoLog:
    made = UndoLog()
    made.open = True
    return made


def test_a_setting_is_a_copy(undo_log: UndoLog) -> None:
    value = {"a": [1]}
    settings = MemorySettings(undo_log)
    settings.put("n", value)
    value["a"].append(2)
    settings.get("n")["a"].append(3)
    assert settings.get("n") == {"a": [1]}
    assert undo_log.touched


def test_an_answer_is_stored_once(undo_log: UndoLog) -> None:
    records = MemoryIdempotencyRecords(undo_log)
    record = IdempotencyRecord("r", "d", {"x": (1, 2)}, NOW)
    records.put(record)
    with pytest.raises(ConflictError, match="r"):
        records.put(record)
    # As it comes back from a database: a list.
    assert records.get("r") == IdempotencyRecord("r", "d", {"x": [1, 2]}, NOW)


def test_registers_undone(undo_log: UndoLog) -> None:
    registers = MemoryRegisters(undo_log)
    registers.put([RegisterEntry("people", "a", "甲")], NOW)
    mark = undo_log.mark
    registers.remove("people", ["a", "unknown"])
    assert registers.all("people") == []
    undo_log.back_to(mark)
    assert registers.get("people", "a") == RegisterEntry("people", "a", "甲")
    assert registers.summary() == {"people": (1, NOW)}
