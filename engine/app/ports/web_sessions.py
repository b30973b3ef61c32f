"""What use cases ask a store for sessions of the workbench."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from engine.app.ports.records import WebSession


class WebSessions(Protocol):
    """Sessions of the workbench and one-time links. Only their digests are stored."""

    def get(self, session_id: str) -> WebSession | None:
        """Return a session by its id, ended ones and expired ones too."""
        ...

    def add(self, session: WebSession) -> None:
        """Store a new session. Raises ConflictError where its id is taken."""
        ...

    def end(self, session_id: str, at: datetime) -> bool:
        """End a session; tell whether this changed it (False: unknown, or ended before)."""
        ...

    def all(self, person: str | None = None) -> list[WebSession]:
        """Return the sessions and links (of one person), newest first, ended ones and expired ones too."""
        ...
