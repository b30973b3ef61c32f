"""Heartbeats of daemons in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update

from engine.app.ports.records import Heartbeat
from engine.kernel.instants import from_text, to_text
from engine.store.codec import heartbeat_of, heartbeat_row
from engine.store.sql.prepared import ASK, DriverConnection, PreparedStatement, bind, insert_or_replace
from engine.store.sql.tables import daemon

PUT = insert_or_replace(daemon)
#: Where name and version are those of before there is nothing to state: the rest is local to a machine.
BEAT = PreparedStatement(
    update(daemon)
    .where(daemon.c.name == bind(daemon, "name", "who"), daemon.c.version == bind(daemon, "version", "same"))
    .values({name: bind(daemon, name) for name in ("at", "leads", "ahead_ms", "ended")}),
    "at",
    "leads",
    "ahead_ms",
    "ended",
    "who",
    "same",
)
GET = PreparedStatement(select(daemon).where(daemon.c.name == bind(daemon, "name")), "name")
ALL = PreparedStatement(select(daemon).order_by(daemon.c.name))
LAST = PreparedStatement(select(func.max(daemon.c.at)))
DROP_BEFORE = PreparedStatement(
    delete(daemon).where(daemon.c.at < bind(daemon, "at")).returning(daemon.c.name), "at"
)


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
        if self._driver.run(BEAT, (at, leads, ahead, ended, name, version)).rowcount != 1:
            self._driver.run(PUT, row)
            self._driver.wrote("daemon", [row])

    def get(self, name: str) -> Heartbeat | None:
        """Return the last heartbeat of a daemon."""
        row = self._driver.first(GET, (name,))
        return None if row is None else heartbeat_of(row)

    def all(self) -> list[Heartbeat]:
        """Return the last heartbeat of every daemon, ordered by name."""
        return [heartbeat_of(row) for row in self._driver.run(ALL)]

    def last_at(self) -> datetime | None:
        """Return when the last heartbeat of any daemon was."""
        ahead = self._driver.ahead
        at = ASK if ahead is None else ahead.pop("beat", ASK)
        if at is ASK:
            (at,) = self._driver.first(LAST) or (None,)
        return None if at is None else from_text(at)

    def drop_before(self, at: datetime) -> None:
        """Remove the heartbeats given before an instant."""
        gone = self._driver.run(DROP_BEFORE, (to_text(at),))
        self._driver.removed("daemon", list(gone))
