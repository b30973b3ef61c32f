"""Row statements in SQL, and the digests of the rows as they are stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from engine.app.ports.audit.statements import Coverage, Key, PresentRow, RowStatement, SchemaDifference
from engine.store.row_parts import PARTS, TABLES, chained, compared, reasons
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import CHUNK, DriverConnection, pieces
from engine.store.statement_draft import digest_of

_SURROGATE = re.compile("[\ud800-\udfff]")
#: Rows with bytes fetched at a time.
FEW = 50

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.store.sql.core import statements as core
else:
    core = kept("statements")


class SqlStatements:
    """`engine.app.ports.audit.statements.Statements`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def of(self, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return statements in the order of their positions."""
        return [RowStatement(*row) for row in self._driver.run(core.OF, (after, limit))]

    def about(self, case: str, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return the statements that name a case, in the order of their positions."""
        whole, below = f'%"{case}"%', f'%"{case}/%'
        return [
            RowStatement(*row) for row in self._driver.run(core.ABOUT, (after, whole, whole, below, limit))
        ]

    def of_table(self, table: str, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return the statements that name rows of a table, in the order of their positions."""
        rows = self._driver.run(core.ABOUT, (after, "", f'%{table}",[%', "", limit))
        return [RowStatement(*row) for row in rows]

    def last(self) -> int:
        """Return the position of the newest statement, 0 before the first."""
        row = self._driver.first(core.LAST)
        return 0 if row is None else int(row[0])

    def settled(self) -> int:
        """Return the position up to which every statement there will ever be is seen here. Waits for who is writing.

        Raises RuntimeError in a transaction that writes: it would wait for itself.
        """
        if self._driver.writing:
            raise RuntimeError("asked in a transaction that writes")
        last = self.last()
        if not self._driver.on_server or not last:
            return last
        engine = self._driver.connection.engine
        with engine.connect().execution_options(isolation_level="READ COMMITTED") as other, other.begin():
            # Whoever held a position of those seen here has ended now; `other` sees what they wrote.
            other.exec_driver_sql(f"SELECT pg_advisory_xact_lock({core.POSITIONS})")
            after = DriverConnection(other, writing=False)
            first = 0
            if self._count(last) == after.first(core.COUNT, (last,)):
                return last
            while last - first > 1:
                middle = (first + last) // 2
                if self._count(middle) == after.first(core.COUNT, (middle,)):
                    first = middle
                else:
                    last = middle
            return first

    def _count(self, position: int) -> object:
        return self._driver.first(core.COUNT, (position,))

    def coverage(self) -> Coverage:
        """Return what statements cover."""
        return Coverage(PARTS, chained(), reasons())

    def tables(self) -> Coverage:
        """Return what statements cover, with every other table of the database."""
        from engine.store.sql.schema.comparing import foreign_tables, own_tables

        return Coverage(
            PARTS, chained(), reasons(), compared(own_tables(self._driver)), foreign_tables(self._driver)
        )

    def schema_differences(self) -> list[SchemaDifference]:
        """Return what is otherwise in the database than its revision says."""
        from engine.store.sql.schema.comparing import schema_differences

        return schema_differences(self._driver)

    def index_faults(self) -> list[str]:
        """Return where the indexes of the database do not lead to all rows and to no others."""
        from engine.store.sql.schema.comparing import index_faults

        return index_faults(self._driver)

    def present(self, table: str, *, after: Key | None = None, limit: int = 1000) -> list[PresentRow]:
        """Return rows of a table as they are stored, in the order of their keys; fewer than `limit` only at the end."""
        return self._decoded(lambda: self._present(table, after, limit))

    def _present(self, table: str, after: Key | None, limit: int) -> list[PresentRow]:
        found: list[PresentRow] = []
        while len(found) < limit:
            # Of rows with bytes only a few are in memory at a time: of each no more than its digests is kept.
            most = min(limit - len(found), FEW) if TABLES[table].binary else limit
            if after is not None and not self._is_askable(table, after):
                raise ValueError(after)
            if after is None:
                rows = self._driver.run(core.first_rows(table), (most,))
            else:
                rows = self._driver.run(core.next_rows(table), (*after, most))
            page = [_present_row(table, row) for row in rows]
            found += page
            if len(page) < most:
                break
            after = page[-1].key
        return found

    def some(self, table: str, keys: Sequence[Key]) -> list[PresentRow]:
        """Return the rows with these keys as they are stored; unknown keys are left out."""
        return self._decoded(lambda: self._some(table, keys))

    def _decoded(self, read: Callable[[], list[PresentRow]]) -> list[PresentRow]:
        """Return what is read; where a text is none in UTF-8, it is read again as it is."""
        try:
            return read()
        except Exception as problem:
            if not self.is_undecodable(problem):
                raise
            with self._driver.decoding_anything():
                return read()

    def decoding_anything(self) -> AbstractContextManager[None]:
        """Let texts that are none be read, and asked for, until the context ends."""
        return self._driver.decoding_anything()

    def is_undecodable(self, problem: BaseException) -> bool:
        """Tell whether a problem is that a text that is stored is none."""
        if self._driver.on_server:
            return False
        from engine.store.sql.file.undecodable import is_undecodable

        return is_undecodable(problem)

    def _some(self, table: str, keys: Sequence[Key]) -> list[PresentRow]:
        found: list[PresentRow] = []
        askable = [key for key in keys if self._is_askable(table, key)]
        for piece in pieces(askable, CHUNK if not TABLES[table].binary else FEW):
            query = core.rows_as_stored(table).where(core.is_one_of(table, piece))
            found += [_present_row(table, row) for row in self._driver.connection.execute(query)]
        return found

    def of_case(self, table: str, case: str) -> list[PresentRow]:
        """Return the rows of a table that belong to a case, as they are stored."""
        query = core.of_case(table, case)
        return self._decoded(
            lambda: [_present_row(table, row) for row in self._driver.connection.execute(query)]
        )

    def _is_askable(self, table: str, key: Key) -> bool:
        """Tell whether a table can have a row of this key: what a forged statement names may be of any kind."""
        return len(key) == len(TABLES[table].key) and all(
            _is_storable(value, core.is_number(table, name), on_server=self._driver.on_server)
            for name, value in zip(TABLES[table].key, key, strict=True)
        )


def _is_storable(value: object, number: bool, *, on_server: bool) -> bool:
    if isinstance(value, int):
        # SQLite keeps values of any kind in any column.
        return -(2**63) <= value < 2**63 and (number or not on_server)
    if not on_server:
        return isinstance(value, (str, float, bytes))
    return isinstance(value, str) and not number and "\0" not in value and not _SURROGATE.search(value)


def rows_of(connection: Connection, table: str, size: int) -> Iterator[list[Any]]:
    """Yield all rows of a table as they are stored, a few at a time, in the order of their keys."""
    driver = DriverConnection(connection, writing=False)
    width = len(TABLES[table].key)
    rows = driver.run(core.first_rows(table), (size,))
    while page := list(rows):
        yield page
        rows = driver.run(core.next_rows(table), (*page[-1][:width], size))


def _present_row(table: str, row: Sequence[Any]) -> PresentRow:
    """Return the digests of a stored row: empty ones, like those of no row, where a value is not of the type of its column."""
    stated = TABLES[table]
    case = None if stated.case is None else row[stated.columns.index(stated.case)]
    key = tuple(row[: len(stated.key)])
    try:
        digests = tuple(digest_of(part, row) for part in PARTS[table])
        return PresentRow(key, case, digests, stated.consistent(row))
    except (TypeError, ValueError):
        named = case if isinstance(case, str) else None
        return PresentRow(key, named, ("",) * len(PARTS[table]), consistent=False)
