"""Registers and their snapshots in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Text, bindparam, delete, func, select

from engine.app.ports.records import RegisterEntry, Snapshot
from engine.app.ports.store import ConflictError
from engine.kernel.instants import from_text, to_text
from engine.store.codec import entry_of, entry_row, snapshot_of, snapshot_row, to_json
from engine.store.sql.prepared import (
    DriverConnection,
    PreparedStatement,
    bind,
    insert_new,
    insert_or_replace,
    pieces,
)
from engine.store.sql.tables import NAMES_ROLES, register_entry, register_snapshot

_KEY = (
    register_entry.c.kind == bind(register_entry, "kind"),
    register_entry.c.id == bind(register_entry, "id"),
)
PUT = insert_or_replace(register_entry)
GET = PreparedStatement(select(register_entry).where(*_KEY), "kind", "id")
REMOVE = PreparedStatement(delete(register_entry).where(*_KEY), "kind", "id")
ALL = PreparedStatement(select(register_entry).where(_KEY[0]).order_by(register_entry.c.id), "kind")
SOME = select(register_entry).where(register_entry.c.id.in_(bindparam("values", expanding=True)))
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


#: Up to so many ids are queried one by one: a prepared statement is quicker than one made for their number.
FEW = 6
#: Rows written, and stated, at a time.
ROWS_AT_ONCE = 2000


#: Entries a transaction that only reads keeps.
MOST_SEEN = 256


class SqlRegisters:
    """`engine.app.ports.repositories.Registers`."""

    __slots__ = ("_driver", "_seen")

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver
        # Who acts is asked for with every question a page asks. What is only read stays as it was read.
        self._seen: dict[tuple[str, str], Any] = {}

    def put(self, entries: Sequence[RegisterEntry], at: datetime) -> None:
        """Store entries; one with the same kind and id is replaced."""
        moment = to_text(at)
        self._driver.touched = True
        for some in pieces(entries, ROWS_AT_ONCE):
            rows = [entry_row(entry, moment) for entry in some]
            self._replaces([row[:2] for row in rows])
            self._driver.run_many(PUT, rows)
            self._driver.wrote("register_entry", rows)

    def get(self, kind: str, entry_id: str) -> RegisterEntry | None:
        """Return one entry."""
        row = self._row(kind, entry_id)
        return None if row is None else entry_of(row)

    def _row(self, kind: str, entry_id: str) -> Any:
        """Return the row of one entry; in a transaction that only reads, it is read once."""
        key = (kind, entry_id)
        if key in self._seen:
            return self._seen[key]
        row = self._driver.first(GET, key)
        if not self._driver.writing and len(self._seen) < MOST_SEEN:
            self._seen[key] = row
        return row

    def all(self, kind: str) -> list[RegisterEntry]:
        """Return all entries of a register, ordered by the bytes of their ids."""
        return [entry_of(row) for row in self._driver.run(ALL, (kind,))]

    def some(self, kind: str, ids: Sequence[str]) -> dict[str, RegisterEntry]:
        """Return entries by id; unknown ids are left out."""
        if len(ids) <= FEW:
            found = (self._row(kind, entry_id) for entry_id in dict.fromkeys(ids))
            return {row[1]: entry_of(row) for row in found if row is not None}
        query = SOME.where(register_entry.c.kind == kind)
        return {row[1]: entry_of(row) for row in self._driver.chosen(query, ids)}

    def mentioning(self, kind: str, word: str) -> list[str]:
        """Return the ids of at least all entries in whose data `word` is a whole text, unordered."""
        return [row[0] for row in self._driver.run(MENTIONING, (kind, _holding(word)))]

    def with_role(self, kind: str, role: str) -> list[str]:
        """Return the ids of at least all entries that name `role` among their roles, unordered."""
        return [row[0] for row in self._driver.run(WITH_ROLE, (kind, _holding(role)))]

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Remove entries."""
        self._driver.touched = True
        for some in pieces(ids, ROWS_AT_ONCE):
            keys = [(kind, entry_id) for entry_id in some]
            self._replaces(keys)
            self._driver.run_many(REMOVE, keys)
            self._driver.removed("register_entry", keys)

    def _replaces(self, keys: Sequence[tuple[str, str]]) -> None:
        """State the entries of these keys as they are, where they are there: they are about to be written over."""
        if len(keys) <= FEW:
            found = [row for key in keys if (row := self._driver.first(GET, key)) is not None]
        else:
            found = []
            for kind in dict.fromkeys(kind for kind, _ in keys):
                query = SOME.where(register_entry.c.kind == kind)
                ids = [entry_id for one, entry_id in keys if one == kind]
                found += [tuple(row) for row in self._driver.chosen(query, ids)]
        self._driver.replaces("register_entry", found)

    def summary(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Return, per register, how many entries it holds and when one of them was last put."""
        query = (
            select(register_entry.c.kind, func.count(type_=Integer), func.max(register_entry.c.changed_at))
            .group_by(register_entry.c.kind)
            .order_by(register_entry.c.kind)
        )
        return {row[0]: (row[1], from_text(row[2])) for row in self._driver.connection.execute(query)}

    def changed_at(self, kind: str, entry_id: str) -> datetime | None:
        """Return when an entry was last put; None where there is none."""
        row = self._driver.first(GET, (kind, entry_id))
        return None if row is None else from_text(row[5])

    def unchanged_since(self, kind: str, before: datetime) -> Iterator[tuple[RegisterEntry, datetime]]:
        """Yield the entries last put before an instant, with when that was, ordered by the bytes of their ids."""
        old = [register_entry.c.kind == kind, register_entry.c.changed_at < to_text(before)]
        query = select(register_entry).where(*old).order_by(register_entry.c.id)
        for row in self._driver.connection.execute(query):
            yield entry_of(tuple(row)), from_text(row[5])

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a frozen copy of a register. Raises ConflictError where the id is taken."""
        row = snapshot_row(snapshot)
        if self._driver.run(PUT_SNAPSHOT, row).rowcount != 1:
            raise ConflictError(snapshot.id)
        self._driver.wrote("register_snapshot", [row])

    def snapshots(self, kind: str | None = None) -> list[Snapshot]:
        """Return the snapshots, newest first."""
        query = select(register_snapshot).order_by(
            register_snapshot.c.taken_at.desc(), register_snapshot.c.id.desc()
        )
        if kind is not None:
            query = query.where(register_snapshot.c.kind == kind)
        return [snapshot_of(row) for row in self._driver.connection.execute(query)]


def _holding(word: str) -> str:
    """Return the pattern of data that hold `word` as a whole text."""
    wanted = to_json(word)
    for sign in "/%_":
        wanted = wanted.replace(sign, f"/{sign}")
    return f"%{wanted}%"
