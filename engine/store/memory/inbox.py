"""The inbox in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.app.ports.records import InboxEntry
from engine.kernel.instants import require_aware
from engine.store.codec import inbox_of, inbox_row
from engine.store.memory.undo_log import Groups, MemoryTable, UndoLog


class MemoryInbox:
    """`engine.app.ports.repositories.Inbox`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._recipients: Groups[str, InboxEntry] = Groups(lambda entry: entry.recipient)
        self._entries = MemoryTable(
            undo_log, self._recipients, table="inbox", row=lambda _, entry: inbox_row(entry)
        )

    def put(self, entries: Sequence[InboxEntry]) -> None:
        """Add entries; one whose id is already there is left as it is."""
        for entry in entries:
            settled = inbox_of(inbox_row(entry))
            if self._entries.get(entry.id) is None:
                self._entries.put(entry.id, settled)

    def of(self, recipient: str, *, unacked: bool = False, limit: int = 1000) -> list[InboxEntry]:
        """Return a person's entries, newest first."""
        found = [self._entries.rows[key] for key in self._recipients.of(recipient)]
        fitting = [entry for entry in found if not unacked or entry.acked_at is None]
        return sorted(fitting, key=lambda entry: (entry.created_at, entry.id), reverse=True)[:limit]

    def ack(self, recipient: str, ids: Sequence[str], at: datetime) -> list[str]:
        """Mark a person's own entries as read."""
        moment = require_aware(at)
        marked = []
        for one in dict.fromkeys(ids):
            entry = self._entries.get(one)
            if entry is not None and entry.recipient == recipient and entry.acked_at is None:
                self._entries.put(one, replace(entry, acked_at=moment))
                marked.append(one)
        return marked
