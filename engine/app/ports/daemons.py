"""The repository of heartbeats."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.app.ports.records import Heartbeat


class Daemons(Protocol):
    """The last heartbeat of every daemon."""

    def put(self, heartbeat: Heartbeat) -> None:
        """Store a heartbeat; an earlier one of the same daemon is replaced."""
        ...

    def get(self, name: str) -> Heartbeat | None:
        """Return the last heartbeat of a daemon."""
        ...

    def all(self) -> list[Heartbeat]:
        """Return the last heartbeat of every daemon, ordered by name."""
        ...

    def last_at(self) -> datetime | None:
        """Return when the last heartbeat of any daemon was."""
        ...

    def drop_before(self, at: datetime) -> None:
        """Remove the heartbeats given before an instant."""
        ...
