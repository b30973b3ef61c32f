"""The registers and the draws as their histories had them at a commitment, to make its plan again from them.

A row of today with everything taken back that was entered since is what the program should have read then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from engine.app.draws.registers.register_changes import COLUMNS, entered_after, labels_before
from engine.app.draws.v2 import stored
from engine.app.ports.records import DrawRow, RegisterEntry
from engine.draw.refused import DrawRefused

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.store import Transaction
    from engine.draw.v2.log import PublicLog

#: Lines of a draw by which others are visited, or go to them.
_MOVES = frozenset({"objects", "people", "remove", "replace"})
_VOID, _DONE = ("void", "lapsed"), "complete"


def entries_at(transaction: Transaction, kind: str, head: int) -> dict[str, RegisterEntry]:
    """Return the entries of a register when its history went to number `head`, ordered by the bytes of their ids."""
    found = {entry.id: entry for entry in transaction.registers.all(kind)}
    for body in entered_after(transaction, kind, head):
        changes = body.get("changes") or {}
        for one in changes.get("added") or ():
            found.pop(one, None)
        for one, row in (changes.get("removed") or {}).items():
            found[one] = RegisterEntry(kind, one, row["name"], row["section"], row["data"])
        for one, columns in (changes.get("changed") or {}).items():
            # A row that is gone without an entry stays gone: then the roster has one more than this.
            if one in found:
                found[one] = found[one].before(columns)
        for one in labels_before(body, found):
            found[one.id] = one
    return dict(sorted(found.items(), key=lambda one: one[0].encode()))


class RegistersThen:
    """The registers of a transaction as they were at a commitment; what is not looked at there is as it is now."""

    def __init__(self, transaction: Transaction, heads: Mapping[str, int]) -> None:
        self._transaction = transaction
        self._heads = heads
        self._found: dict[str, dict[str, RegisterEntry]] = {}

    def all(self, kind: str) -> list[RegisterEntry]:
        """Return all entries of a register, ordered by the bytes of their ids."""
        return list(self._of(kind).values())

    def get(self, kind: str, entry_id: str) -> RegisterEntry | None:
        """Return one entry."""
        return self._of(kind).get(entry_id)

    def some(self, kind: str, ids: Sequence[str]) -> dict[str, RegisterEntry]:
        """Return entries by id; unknown ids are left out."""
        known = self._of(kind)
        return {one: known[one] for one in ids if one in known}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction.registers, name)

    def _of(self, kind: str) -> dict[str, RegisterEntry]:
        if kind not in self._found:
            self._found[kind] = (
                entries_at(self._transaction, kind, self._heads.get(kind, 0))
                if kind in COLUMNS
                else {entry.id: entry for entry in self._transaction.registers.all(kind)}
            )
        return self._found[kind]


class DrawsThen:
    """The draws of a transaction as they were when another was committed to, by the order of the public log, without that one.

    Instants do not tell what was before: the clock may have been put back.
    """

    def __init__(self, transaction: Transaction, at: datetime, without: DrawRow) -> None:
        self._records = transaction.records
        self.rows: list[DrawRow] = []
        #: Whether nobody has been struck, drawn or replaced since in a draw that had been made: who went where is known.
        self.exact = True
        log = stored.read_log(transaction)
        committed = [line.seq for line in log.of(stored.draw_of(without).name, "commit")]
        end = committed[0] if committed else len(log.lines) + 1
        for row in transaction.records.draws():
            if (row.case, row.number) == (without.case, without.number):
                continue
            if not row.public:
                self.rows += [row] if row.made_at <= at else []
            elif (found := self._then(row, log, end)) is not None:
                self.rows.append(found)

    def _then(self, row: DrawRow, log: PublicLog, end: int) -> DrawRow | None:
        """Return a draw as the lines of the log before number `end` made it; None where its objects were not drawn yet."""
        try:
            lines = log.of(stored.draw_of(row).name)
        except DrawRefused:
            return row
        if not any(line.kind == "objects" and line.seq <= end for line in lines):
            return None
        since = {line.kind for line in lines if line.seq > end}
        self.exact = self.exact and not since & _MOVES
        return replace(row, status=_DONE) if row.status in _VOID and since & {"void", "lapse"} else row

    def draws(self, case_id: str | None = None) -> list[DrawRow]:
        """Return the draws, of all cases or of one."""
        return [row for row in self.rows if case_id in (None, row.case)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)


class TransactionThen:
    """A transaction that reads registers and draws as they were at a commitment, and everything else as it is."""

    def __init__(
        self, transaction: Transaction, heads: Mapping[str, int], at: datetime, without: DrawRow
    ) -> None:
        self._transaction = transaction
        self.registers = RegistersThen(transaction, heads)
        self.records = DrawsThen(transaction, at, without)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)


def transaction_then(
    transaction: Transaction, heads: Mapping[str, int], at: datetime, without: DrawRow
) -> tuple[Transaction, bool]:
    """Return a transaction to make the plan of the draw `without` again from, and whether it is known who went where before."""
    found = TransactionThen(transaction, heads, at, without)
    return cast("Transaction", found), found.records.exact
