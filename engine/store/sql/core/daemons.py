"""Heartbeats of daemons in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from engine.store.sql.building import bind, insert_or_replace
from engine.store.sql.prepared import PreparedStatement
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
