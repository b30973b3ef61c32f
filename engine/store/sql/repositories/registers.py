"""Registers and their snapshots in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.ports.records import RegisterEntry, Snapshot
from engine.app.ports.store import ConflictError
from engine.kernel.instants import from_text, to_text
from engine.store.codec import entry_of, entry_row, snapshot_of, snapshot_row, to_json
from engine.store.sql.kept.kept_statements import kept, made
from engine.store.sql.prepared import CHUNK, DriverConnection, PreparedStatement, pieces

#: Up to so many ids are queried one by one: a prepared statement is quicker than one made for their number.
FEW = 6
#: Rows written, and stated, at a time.
ROWS_AT_ONCE = 2000
#: Entries a transaction that only reads keeps.
MAX_SEEN = 256


if TYPE_CHECKING:
    from engine.store.sql.core import registers as core
else:
    core = kept("registers")


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
            self._driver.run_many(core.PUT, rows)
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
        row = self._driver.first(core.GET, key)
        if not self._driver.writing and len(self._seen) < MAX_SEEN:
            self._seen[key] = row
        return row

    def all(self, kind: str) -> list[RegisterEntry]:
        """Return all entries of a register, ordered by the bytes of their ids."""
        return [entry_of(row) for row in self._driver.run(core.ALL, (kind,))]

    def some(self, kind: str, ids: Sequence[str]) -> dict[str, RegisterEntry]:
        """Return entries by id; unknown ids are left out."""
        if len(ids) <= FEW:
            found = (self._row(kind, entry_id) for entry_id in dict.fromkeys(ids))
            return {row[1]: entry_of(row) for row in found if row is not None}
        return {row[1]: entry_of(row) for row in self._driver.chosen(core.SOME, _some, ids, kind=kind)}

    def mentioning(self, kind: str, word: str) -> list[str]:
        """Return the ids of at least all entries in whose data `word` is a whole text, unordered."""
        return [row[0] for row in self._driver.run(core.MENTIONING, (kind, _holding(word)))]

    def with_role(self, kind: str, role: str) -> list[str]:
        """Return the ids of at least all entries that name `role` among their roles, unordered."""
        return [row[0] for row in self._driver.run(core.WITH_ROLE, (kind, _holding(role)))]

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Remove entries."""
        self._driver.touched = True
        for some in pieces(ids, ROWS_AT_ONCE):
            keys = [(kind, entry_id) for entry_id in some]
            self._replaces(keys)
            self._driver.run_many(core.REMOVE, keys)
            self._driver.removed("register_entry", keys)

    def _replaces(self, keys: Sequence[tuple[str, str]]) -> None:
        """State the entries of these keys as they are, where they are there: they are about to be written over."""
        if len(keys) <= FEW:
            found = [row for key in keys if (row := self._driver.first(core.GET, key)) is not None]
        else:
            found = []
            for kind in dict.fromkeys(kind for kind, _ in keys):
                ids = [entry_id for one, entry_id in keys if one == kind]
                found += [tuple(row) for row in self._driver.chosen(core.SOME, _some, ids, kind=kind)]
        self._driver.replaces("register_entry", found)

    def summary(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Return, per register, how many entries it holds and when one of them was last put."""
        return {row[0]: (row[1], from_text(row[2])) for row in self._driver.run(core.SUMMARY)}

    def changed_at(self, kind: str, entry_id: str) -> datetime | None:
        """Return when an entry was last put; None where there is none."""
        row = self._driver.first(core.GET, (kind, entry_id))
        return None if row is None else from_text(row[5])

    def unchanged_since(self, kind: str, before: datetime) -> Iterator[tuple[RegisterEntry, datetime]]:
        """Yield the entries last put before an instant, with when that was, ordered by the bytes of their ids."""
        for row in self._driver.connection.execute(core.unchanged_since(kind, to_text(before))):
            yield entry_of(tuple(row)), from_text(row[5])

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a frozen copy of a register. Raises ConflictError where the id is taken."""
        row = snapshot_row(snapshot)
        if self._driver.run(core.PUT_SNAPSHOT, row).rowcount != 1:
            raise ConflictError(snapshot.id)
        self._driver.wrote("register_snapshot", [row])

    def snapshots(self, kind: str | None = None) -> list[Snapshot]:
        """Return the snapshots, newest first."""
        return [snapshot_of(row) for row in self._driver.connection.execute(core.snapshots(kind))]


def _holding(word: str) -> str:
    """Return the pattern of data that hold `word` as a whole text."""
    wanted = to_json(word)
    for sign in "/%_":
        wanted = wanted.replace(sign, f"/{sign}")
    return f"%{wanted}%"


def _some() -> PreparedStatement:
    return made("registers", "some", CHUNK)
