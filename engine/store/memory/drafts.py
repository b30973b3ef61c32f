"""Drafts in memory."""

from __future__ import annotations

from engine.app.ports.records import Draft
from engine.store import people_codec
from engine.store.memory.undo_log import MemoryTable, UndoLog


class MemoryDrafts:
    """`engine.app.ports.drafts.Drafts`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._drafts: MemoryTable[tuple[str, str, str], Draft] = MemoryTable(
            undo_log, table="draft", row=lambda _, draft: people_codec.draft_row(draft)
        )

    def get(self, person: str, case_id: str, step: str) -> Draft | None:
        """Return the draft of a person for a step of a case."""
        return self._drafts.get((person, case_id, step))

    def of(self, person: str) -> list[Draft]:
        """Return the drafts of a person, ordered by case and step."""
        found = [draft for draft in self._drafts.rows.values() if draft.person == person]
        return sorted(found, key=lambda draft: (draft.case, draft.step))

    def put(self, draft: Draft) -> None:
        """Store a draft; an earlier one for the same step is replaced."""
        self._drafts.put(
            (draft.person, draft.case, draft.step), people_codec.draft_of(people_codec.draft_row(draft))
        )

    def drop(self, person: str, case_id: str, step: str) -> bool:
        """Remove a draft; tell whether there was one."""
        key = (person, case_id, step)
        if self._drafts.get(key) is None:
            return False
        self._drafts.remove(key)
        return True
