"""Heartbeats of daemons in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.ports.records import Heartbeat
from engine.kernel.instants import from_text, to_text
from engine.store.codec import heartbeat_of, heartbeat_row
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import ASK, DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core import daemons as core
else:
    core = kept("daemons")


class SqlDaemons:
    """`engine.app.ports.repositories.Daemons`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, heartbeat: Heartbeat) -> None:
        """Store a heartbeat; an earlier one of the same daemon is replaced."""
        row = heartbeat_row(heartbeat)
        name, at, version, leads, ahead, ended = row
        self._driver.ahead = None
        if self._driver.run(core.BEAT, (at, leads, ahead, ended, name, version)).rowcount != 1:
            self._driver.run(core.PUT, row)
            self._driver.wrote("daemon", [row])

    def get(self, name: str) -> Heartbeat | None:
        """Return the last heartbeat of a daemon."""
        row = self._driver.first(core.GET, (name,))
        return None if row is None else heartbeat_of(row)

    def all(self) -> list[Heartbeat]:
        """Return the last heartbeat of every daemon, ordered by name."""
        return [heartbeat_of(row) for row in self._driver.run(core.ALL)]

    def last_at(self) -> datetime | None:
        """Return when the last heartbeat of any daemon was."""
        ahead = self._driver.ahead
        at = ASK if ahead is None else ahead.pop("beat", ASK)
        if at is ASK:
            (at,) = self._driver.first(core.LAST) or (None,)
        return None if at is None else from_text(at)

    def drop_before(self, at: datetime) -> None:
        """Remove the heartbeats given before an instant."""
        gone = self._driver.run(core.DROP_BEFORE, (to_text(at),))
        self._driver.removed("daemon", list(gone))
