"""Registers and their snapshots in SQL: the statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, Text, bindparam, delete, func, select

from engine.store.sql.building import bind, insert_new, insert_or_replace
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import NAMES_ROLES, register_entry, register_snapshot

_KEY = (
    register_entry.c.kind == bind(register_entry, "kind"),
    register_entry.c.id == bind(register_entry, "id"),
)
PUT = insert_or_replace(register_entry)
GET = PreparedStatement(select(register_entry).where(*_KEY), "kind", "id")
REMOVE = PreparedStatement(delete(register_entry).where(*_KEY), "kind", "id")
ALL = PreparedStatement(select(register_entry).where(_KEY[0]).order_by(register_entry.c.id), "kind")
SOME = select(register_entry).where(register_entry.c.id.in_(bindparam("values", expanding=True)), _KEY[0])
MENTIONING = PreparedStatement(
    select(register_entry.c.id).where(
        _KEY[0], register_entry.c.data.like(bindparam("pattern", type_=Text), escape="/")
    ),
    "kind",
    "pattern",
)
WITH_ROLE = PreparedStatement(
    select(register_entry.c.id).where(
        _KEY[0], NAMES_ROLES, register_entry.c.data.like(bindparam("pattern", type_=Text), escape="/")
    ),
    "kind",
    "pattern",
)
PUT_SNAPSHOT = insert_new(register_snapshot)


SUMMARY = PreparedStatement(
    select(register_entry.c.kind, func.count(type_=Integer), func.max(register_entry.c.changed_at))
    .group_by(register_entry.c.kind)
    .order_by(register_entry.c.kind)
)


def some(count: int) -> PreparedStatement:
    """Return the query for so many entries of a register."""
    names = [f"value_{number}" for number in range(count)]
    query = select(register_entry).where(
        register_entry.c.id.in_([bind(register_entry, "id", name) for name in names]), _KEY[0]
    )
    return PreparedStatement(query, *names, "kind")


def unchanged_since(kind: str, before: str) -> Select[*tuple[Any, ...]]:
    """Return the query for the entries last put before an instant."""
    old = (register_entry.c.kind == kind, register_entry.c.changed_at < before)
    return select(register_entry).where(*old).order_by(register_entry.c.id)


def snapshots(kind: str | None) -> Select[*tuple[Any, ...]]:
    """Return the query for the snapshots (of one register), newest first."""
    query: Select[*tuple[Any, ...]] = select(register_snapshot)
    query = query.order_by(register_snapshot.c.taken_at.desc(), register_snapshot.c.id.desc())
    return query if kind is None else query.where(register_snapshot.c.kind == kind)
