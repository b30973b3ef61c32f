"""Heartbeats of daemons in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from engine.app.ports.records import Heartbeat
from engine.kernel.instants import to_text
from engine.store.codec import heartbeat_of, heartbeat_row
from engine.store.sql.prepared import DriverConnection, PreparedStatement, bind, insert_or_replace
from engine.store.sql.tables import daemon

PUT = insert_or_replace(daemon)
GET = PreparedStatement(select(daemon).where(daemon.c.name == bind(daemon, "name")), "name")
ALL = PreparedStatement(select(daemon).order_by(daemon.c.name))
DROP_BEFORE = PreparedStatement(delete(daemon).where(daemon.c.at < bind(daemon, "at")), "at")


class SqlDaemons:
    """`engine.app.ports.repositories.Daemons`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, heartbeat: Heartbeat) -> None:
        """Store a heartbeat; an earlier one of the same daemon is replaced."""
        self._driver.run(PUT, heartbeat_row(heartbeat))

    def get(self, name: str) -> Heartbeat | None:
        """Return the last heartbeat of a daemon."""
        row = self._driver.first(GET, (name,))
        return None if row is None else heartbeat_of(row)

    def all(self) -> list[Heartbeat]:
        """Return the last heartbeat of every daemon, ordered by name."""
        return [heartbeat_of(row) for row in self._driver.run(ALL)]

    def drop_before(self, at: datetime) -> None:
        """Remove the heartbeats given before an instant."""
        self._driver.run(DROP_BEFORE, (to_text(at),))
