"""Cases in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from engine.app.ports.records import CaseFilter
from engine.app.ports.store import ConflictError
from engine.lifecycle.case import Case
from engine.store.case_codec import MOVED, case_carried, case_of, case_row
from engine.store.codec import Row, instant
from engine.store.row_parts import TABLES
from engine.store.sql.kept.kept_statements import kept, made
from engine.store.sql.prepared import ASK, CHUNK, DriverConnection, PreparedStatement

_moved = itemgetter(*(TABLES["case"].columns.index(name) for name in MOVED))

if TYPE_CHECKING:
    from engine.store.sql.core import cases as core
else:
    core = kept("cases")


class SqlCases:
    """`engine.app.ports.repositories.Cases`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, case_id: str, *, lock: bool = False) -> Case | None:
        """Return a case; with `lock`, nobody else can write it before this transaction ends."""
        ahead = self._driver.ahead
        row = ASK if ahead is None else ahead.pop(("case", case_id), ASK)
        if row is ASK:
            row = self._driver.first(core.LOCK if lock and self._driver.writing else core.GET, (case_id,))
        return None if row is None else case_of(row)

    def many(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return several cases by id, locked in the order of their ids, so that two transactions cannot block each other."""
        writing = self._driver.writing
        query, full = (
            core.LOCK_MANY if writing else core.MANY,
            _locked if writing else _many,
        )
        return {row[0]: case_of(row) for row in self._driver.chosen(query, full, sorted(case_ids))}

    def lock_available(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return those of several cases that no other transaction has locked, locked."""
        writing = self._driver.writing
        query, full = (
            core.LOCK_AVAILABLE if writing else core.MANY,
            _taken if writing else _many,
        )
        return {row[0]: case_of(row) for row in self._driver.chosen(query, full, sorted(case_ids))}

    def add(self, cases: Sequence[Case]) -> None:
        """Store new cases. Raises ConflictError where an id is taken."""
        rows = [case_row(one) for one in cases]
        if self._driver.run_many(core.ADD, rows) != len(cases):
            raise ConflictError(self._overtaken(cases))
        self._driver.wrote("case", rows)

    def save(self, case: Case, seen: int) -> None:
        """Replace a case whose revision is still `seen`. Raises ConflictError otherwise."""
        row = case_row(case)
        if self._driver.run(core.SAVE, (*row[1:], case.id, seen)).rowcount != 1:
            raise ConflictError(case.id)
        self._driver.wrote("case", [row])

    def save_many(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases, each with the revision that was seen. Raises ConflictError."""
        rows = [case_row(one) for one, _ in changes]
        given = [(*row[1:], one.id, seen) for row, (one, seen) in zip(rows, changes, strict=True)]
        if self._driver.run_many(core.SAVE, given) != len(rows):
            raise ConflictError(self._overtaken([one for one, _ in changes]))
        self._driver.wrote("case", rows)

    def save_moved(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases that have come to another state of their version, or have ended. Raises ConflictError."""
        rows: list[Row] = []
        given: list[Row] = []
        for one, seen in changes:
            row = case_row(one)
            rows.append(row)
            given.append((*_moved(row), row[0], seen))
        if self._driver.piped and self._are_held(changes):
            self._driver.send("case", (core.SAVE_MOVED, given))
        elif self._driver.run_many(core.SAVE_MOVED, given) != len(rows):
            raise ConflictError(self._overtaken([one for one, _ in changes]))
        self._driver.wrote("case", rows)

    def save_in_place(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases whose state, version and being open or closed have not changed. Raises ConflictError."""
        rows = [(*case_carried(one), one.id, seen) for one, seen in changes]
        if self._are_held(changes):
            self._driver.send("case", (core.SAVE_IN_PLACE, rows))
        elif self._driver.run_many(core.SAVE_IN_PLACE, rows) != len(rows):
            raise ConflictError(self._overtaken([one for one, _ in changes]))
        self._driver.changed("case.carried", [(case_id, *carried) for *carried, case_id, _ in rows])

    def _are_held(self, changes: Sequence[tuple[Case, int]]) -> bool:
        """Tell whether these are the one case that was looked at ahead and locked, as it is stored."""
        held = self._driver.looked_at if self._driver.piped and len(changes) == 1 else None
        return held is not None and held == (changes[0][0].id, changes[0][1])

    def _overtaken(self, written: Sequence[Case]) -> str:
        """Return the id of the first case that is not stored as it was written."""
        stored = {
            row[0]: (row[1], row[2])
            for row in self._driver.chosen(core.REVISIONS, _revisions, [c.id for c in written])
        }
        return next((c.id for c in written if stored.get(c.id) != (c.rev, c.head)), written[0].id)

    def find(self, wanted: CaseFilter, *, limit: int = 1000, after: str | None = None) -> list[Case]:
        """Return cases that fit, ordered by id."""
        words, values = _conditions(wanted, after)
        return [case_of(row) for row in self._driver.run(made("cases", "find", words), (*values, limit))]

    def count(self, wanted: CaseFilter) -> int:
        """Return how many cases fit."""
        words, values = _conditions(wanted)
        found: int = self._driver.run(made("cases", "count", words), values).scalar_one()
        return found

    def has_open_children_outside(self, parent: str, workflow: str, reached: Iterable[str]) -> bool:
        """Tell whether an open child is in a state outside `reached`.

        Jumps along the index from one state of the open children to the next: the cost grows with the number of
        states, not of children.
        """
        passed = set(reached)
        state = ""
        while (row := self._driver.first(core.NEXT_STATE, (parent, workflow, state))) is not None:
            state = row[0]
            if state not in passed:
                return True
        return False

    def count_children(self, parent: str) -> list[tuple[str, str, bool, int]]:
        """Return (workflow, state, whether open, how many) of the children of `parent`, ordered."""
        rows = self._driver.run(core.COUNT_CHILDREN, (parent,))
        return sorted((workflow, state, bool(opened), count) for workflow, state, opened, count in rows)

    def number(self, name: str, count: int = 1) -> int:
        """Take numbers of a sequence; other transactions that want some wait until this one ends."""
        self._driver.run(core.TAKE_NUMBERS, (name, count))
        last: int = self._driver.run(core.LAST_NUMBER, (name,)).scalar_one()
        self._driver.wrote("sequence_counter", [(name, last)])
        return last - count + 1

    def last_number(self, name: str) -> int:
        """Return the last number taken of a sequence."""
        row = self._driver.first(core.LAST_NUMBER, (name,))
        return 0 if row is None else int(row[0])


def _conditions(wanted: CaseFilter, after: str | None = None) -> tuple[str, tuple[Any, ...]]:
    """Return the names of the conditions of a filter, one after the other, and the values of those that have one."""
    values = {
        "workflow": wanted.workflow,
        "version": wanted.version,
        "state": wanted.state,
        "parent": wanted.parent,
        "section": wanted.section,
        "subject": wanted.subject,
        "opened_from": instant(wanted.opened_from),
        "opened_before": instant(wanted.opened_before),
        "after": after,
    }
    given = {name: value for name, value in values.items() if value is not None}
    words = [*given] if wanted.open is None else [*given, "open" if wanted.open else "closed"]
    return " ".join(words), tuple(given.values())


def _many() -> PreparedStatement:
    return made("cases", "many", CHUNK, "")


def _locked() -> PreparedStatement:
    return made("cases", "many", CHUNK, "wait")


def _taken() -> PreparedStatement:
    return made("cases", "many", CHUNK, "skip")


def _revisions() -> PreparedStatement:
    return made("cases", "revisions", CHUNK)
