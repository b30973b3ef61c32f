"""Row statements in memory: what each transaction has written, stated when it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any

from engine.app.ports.audit.statements import Coverage, Key, PresentRow, RowStatement, SchemaDifference
from engine.store.memory.undo_log import MemoryTable, UndoLog
from engine.store.reports import EVENTS, MAX_REPORTS, REMOVED, ROWS, Report
from engine.store.row_parts import PARTS, TABLES, chained, reasons
from engine.store.statement_draft import digest_of, statement_of


class MemoryStatements:
    """`engine.app.ports.audit.statements.Statements`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._undo_log = undo_log
        self._statements: list[RowStatement] = []

    def state(self) -> None:
        """State what the present transaction has written: rows as they are at its end, those that are gone first."""
        written = list(self._undo_log.written)
        reports: list[Report] = [
            (REMOVED, table.table, [_key(key)]) for table, key in written if table.get(key) is None
        ]
        reports += [
            (ROWS, table.table, [table.row(key, value)])
            for table, key in written
            if (value := table.get(key)) is not None
        ]
        # Last, as those who write enter what they did: of several statements the last says which histories they are in.
        if self._undo_log.appended:
            reports.append((EVENTS, "", list(self._undo_log.appended)))
        for at in range(0, len(reports), MAX_REPORTS):
            statement = statement_of(reports[at : at + MAX_REPORTS])
            self._statements.append(RowStatement(len(self._statements) + 1, *statement))

    def back_to(self, statements: Sequence[RowStatement]) -> None:
        """Hold exactly these statements again, whatever was stated since."""
        self._statements = list(statements)

    def of(self, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return statements in the order of their positions."""
        return self._statements[after : after + limit]

    def about(self, case: str, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return the statements that name a case, in the order of their positions."""
        named = (f'"{case}"', f'"{case}/')
        found = (
            one
            for one in self._statements[after:]
            if named[0] in one.events or any(text in one.rows for text in named)
        )
        return list(islice(found, limit))

    def of_table(self, table: str, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return the statements that name rows of a table, in the order of their positions."""
        return list(islice((one for one in self._statements[after:] if f'{table}",[' in one.rows), limit))

    def last(self) -> int:
        """Return the position of the newest statement, 0 before the first."""
        return len(self._statements)

    def settled(self) -> int:
        """Return the position of the newest statement: transactions follow each other."""
        return self.last()

    def coverage(self) -> Coverage:
        """Return what statements cover."""
        return Coverage(PARTS, chained(), reasons())

    def tables(self) -> Coverage:
        """Return what statements cover: there are no other tables."""
        return self.coverage()

    def decoding_anything(self) -> AbstractContextManager[None]:
        """Return a context that does nothing: whatever is here is a text."""
        return nullcontext()

    def is_undecodable(self, problem: BaseException) -> bool:
        """Tell that a problem is not with texts that are stored."""
        del problem
        return False

    def schema_differences(self) -> list[SchemaDifference]:
        """Return nothing: there is no database."""
        return []

    def index_faults(self) -> list[str]:
        """Return nothing: there are no indexes."""
        return []

    def present(self, table: str, *, after: Key | None = None, limit: int = 1000) -> list[PresentRow]:
        """Return rows of a table, in the order of their keys."""
        keys = sorted((_key(key), place, key) for place, kept in self._kept(table) for key in kept.rows)
        rest = (one for one in keys if after is None or one[0] > after)
        tables = self._undo_log.tables[table]
        return [_present(table, _row(tables[place], key)) for _, place, key in islice(rest, limit)]

    def some(self, table: str, keys: Sequence[Key]) -> list[PresentRow]:
        """Return the rows with these keys; unknown keys are left out."""
        wanted = set(keys)
        return [one for one in self.present(table, limit=self._count(table)) if one.key in wanted]

    def of_case(self, table: str, case: str) -> list[PresentRow]:
        """Return the rows of a table that belong to a case."""
        if TABLES[table].case is None:
            raise ValueError(table)
        return [one for one in self.present(table, limit=self._count(table)) if one.case == case]

    def _kept(self, table: str) -> Iterator[tuple[int, MemoryTable[Any, Any]]]:
        return enumerate(self._undo_log.tables.get(table, ()))

    def _count(self, table: str) -> int:
        return sum(len(kept.rows) for _, kept in self._kept(table))


def _key(key: Any) -> Key:
    return key if isinstance(key, tuple) else (key,)


def _row(table: MemoryTable[Any, Any], key: Any) -> Sequence[Any]:
    return table.row(key, table.rows[key])


def _present(table: str, row: Sequence[Any]) -> PresentRow:
    stated = TABLES[table]
    case = None if stated.case is None else row[stated.columns.index(stated.case)]
    digests = tuple(digest_of(part, row) for part in PARTS[table])
    return PresentRow(tuple(row[: len(stated.key)]), case, digests, stated.consistent(row))
