"""Heartbeats of daemons in memory."""

from __future__ import annotations

from datetime import datetime

from engine.app.ports.records import Heartbeat
from engine.kernel.instants import require_aware
from engine.store.codec import heartbeat_of, heartbeat_row
from engine.store.memory.undo_log import MemoryTable, UndoLog


class MemoryDaemons:
    """`engine.app.ports.repositories.Daemons`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._heartbeats: MemoryTable[str, Heartbeat] = MemoryTable(
            undo_log, table="daemon", row=lambda _, heartbeat: heartbeat_row(heartbeat)
        )

    def put(self, heartbeat: Heartbeat) -> None:
        """Store a heartbeat; an earlier one of the same daemon is replaced."""
        self._heartbeats.put(heartbeat.name, heartbeat_of(heartbeat_row(heartbeat)))

    def get(self, name: str) -> Heartbeat | None:
        """Return the last heartbeat of a daemon."""
        return self._heartbeats.get(name)

    def all(self) -> list[Heartbeat]:
        """Return the last heartbeat of every daemon, ordered by name."""
        return [row for _, row in sorted(self._heartbeats.rows.items())]

    def last_at(self) -> datetime | None:
        """Return when the last heartbeat of any daemon was."""
        return max((row.at for row in self._heartbeats.rows.values()), default=None)

    def drop_before(self, at: datetime) -> None:
        """Remove the heartbeats given before an instant."""
        moment = require_aware(at)
        for name in [name for name, row in self._heartbeats.rows.items() if row.at < moment]:
            self._heartbeats.remove(name)
