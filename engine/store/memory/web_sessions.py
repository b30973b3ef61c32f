"""Sessions of the workbench and one-time links, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.app.ports.records import WebSession
from engine.app.ports.store import ConflictError
from engine.kernel.instants import require_aware
from engine.store import people_codec
from engine.store.memory.undo_log import MemoryTable, UndoLog


class MemoryWebSessions:
    """`engine.app.ports.repositories.WebSessions`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._sessions: MemoryTable[str, WebSession] = MemoryTable(
            undo_log, table="web_session", row=lambda _, session: people_codec.web_session_row(session)
        )

    def get(self, session_id: str) -> WebSession | None:
        """Return a session by its id."""
        return self._sessions.get(session_id)

    def add(self, session: WebSession) -> None:
        """Store a new session. Raises ConflictError where its id is taken."""
        if self._sessions.get(session.id) is not None:
            raise ConflictError(session.id)
        self._sessions.put(session.id, people_codec.web_session_of(people_codec.web_session_row(session)))

    def end(self, session_id: str, at: datetime) -> bool:
        """End a session; tell whether this changed it."""
        moment = require_aware(at)
        found = self._sessions.get(session_id)
        if found is None or found.ended_at is not None:
            return False
        self._sessions.put(session_id, replace(found, ended_at=moment))
        return True

    def all(self, person: str | None = None) -> list[WebSession]:
        """Return the sessions and links (of one person), newest first."""
        fitting = [one for one in self._sessions.rows.values() if person in (None, one.person)]
        return sorted(fitting, key=lambda one: (one.made_at, one.id), reverse=True)
