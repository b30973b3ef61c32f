"""Drafts in memory are copies (`tests/contract/test_contract_drafts.py` holds what they do)."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.ports.records import Draft
from engine.store.memory.drafts import MemoryDrafts
from engine.store.memory.undo_log import UndoLog


def test_what_is_kept_does_not_change_with_what_was_given() -> None:
    noon = datetime(2026, 3, 2, 4, tzinfo=UTC)
    answers = {"x": ["a"]}
    undo_log = UndoLog()
    undo_log.open = True
    drafts = MemoryDrafts(undo_log)
    drafts.put(Draft("anna", "w-1", "check", "visit", 1, "open", noon, answers, noon))
    answers["x"].append("b")
    kept = drafts.get("anna", "w-1", "check")
    assert kept is not None
    assert kept.answers == {"x": ["a"]}
