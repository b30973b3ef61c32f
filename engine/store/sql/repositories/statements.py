"""Row statements in SQL, and the digests of the rows as they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    tuple_,
)

from engine.app.ports.audit.statements import Coverage, Key, PresentRow, RowStatement
from engine.store.row_parts import PARTS, TABLES, chained, reasons
from engine.store.sql.prepared import CHUNK, DriverConnection, PreparedStatement, at_most, bind, pieces
from engine.store.sql.tables import COPY, metadata, row_statement
from engine.store.statement_draft import digest_of

_WRITTEN = ("kind", "events", "rows", "hash")
ADD = PreparedStatement(
    insert(row_statement).values({name: bind(row_statement, name) for name in _WRITTEN}), *_WRITTEN
)
#: Whoever is given a position on a server holds this lock with others until the transaction has ended; `settled` asks for
#: it alone. The number is any that nothing else here uses.
_POSITIONS = 20190129
_HELD = select(func.pg_advisory_xact_lock_shared(literal_column(str(_POSITIONS), BigInteger))).cte("held")
ADD_ON_SERVER = PreparedStatement(
    insert(row_statement).from_select(
        _WRITTEN, select(*(bind(row_statement, name) for name in _WRITTEN)).select_from(_HELD)
    ),
    *_WRITTEN,
)
OF = PreparedStatement(
    at_most(
        select(row_statement)
        .where(row_statement.c.position > bind(row_statement, "position"))
        .order_by(row_statement.c.position),
        bindparam("most", type_=Integer),
    ),
    "position",
    "most",
)
LAST = PreparedStatement(at_most(select(row_statement.c.position).order_by(row_statement.c.position.desc())))
COUNT = PreparedStatement(
    select(func.count()).where(row_statement.c.position <= bind(row_statement, "position")), "position"
)
_MOST = bindparam("most", type_=Integer)
#: Rows with bytes fetched at a time.
FEW = 50


class SqlStatements:
    """`engine.app.ports.audit.statements.Statements`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def of(self, *, after: int = 0, limit: int = 1000) -> list[RowStatement]:
        """Return statements in the order of their positions."""
        return [RowStatement(*row) for row in self._driver.run(OF, (after, limit))]

    def last(self) -> int:
        """Return the position of the newest statement, 0 before the first."""
        row = self._driver.first(LAST)
        return 0 if row is None else int(row[0])

    def settled(self) -> int:
        """Return the position up to which every statement there will ever be is seen here. Waits for who is writing.

        Raises RuntimeError in a transaction that writes: it would wait for itself.
        """
        if self._driver.writing:
            raise RuntimeError("asked in a transaction that writes")
        last = self.last()
        if self._driver.dialect.name != "postgresql" or not last:
            return last
        engine = self._driver.connection.engine
        with engine.connect().execution_options(isolation_level="READ COMMITTED") as other, other.begin():
            # Whoever held a position of those seen here has ended now; `other` sees what they wrote.
            other.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSITIONS})")
            after = DriverConnection(other, writing=False)
            first = 0
            if self._count(last) == after.first(COUNT, (last,)):
                return last
            while last - first > 1:
                middle = (first + last) // 2
                if self._count(middle) == after.first(COUNT, (middle,)):
                    first = middle
                else:
                    last = middle
            return first

    def _count(self, position: int) -> object:
        return self._driver.first(COUNT, (position,))

    def coverage(self) -> Coverage:
        """Return what statements cover."""
        return Coverage(PARTS, chained(), reasons())

    def present(self, table: str, *, after: Key | None = None, limit: int = 1000) -> list[PresentRow]:
        """Return rows of a table as they are stored, in the order of their keys."""
        most = min(limit, FEW) if TABLES[table].binary else limit
        if after is None:
            rows = self._driver.run(_first(table), (most,))
        else:
            rows = self._driver.run(_next(table), (*after, most))
        return [_present_row(table, row) for row in rows]

    def some(self, table: str, keys: Sequence[Key]) -> list[PresentRow]:
        """Return the rows with these keys as they are stored; unknown keys are left out."""
        found: list[PresentRow] = []
        for piece in pieces(keys, CHUNK if not TABLES[table].binary else FEW):
            query = _rows(table).where(_key(table).in_(piece))
            found += [_present_row(table, row) for row in self._driver.connection.execute(query)]
        return found


def rows_of(connection: Connection, table: str, size: int) -> Iterator[list[Any]]:
    """Yield all rows of a table as they are stored, a few at a time, in the order of their keys."""
    driver = DriverConnection(connection, writing=False)
    width = len(TABLES[table].key)
    rows = driver.run(_first(table), (size,))
    while page := list(rows):
        yield page
        rows = driver.run(_next(table), (*page[-1][:width], size))


@cache
def _first(table: str) -> PreparedStatement:
    return PreparedStatement(at_most(_ordered(table), _MOST), "most")


@cache
def _next(table: str) -> PreparedStatement:
    names = TABLES[table].key
    after = tuple_(*(bind(metadata.tables[table], name) for name in names))
    return PreparedStatement(at_most(_ordered(table).where(_key(table) > after), _MOST), *names, "most")


def _ordered(table: str) -> Select[*tuple[Any, ...]]:
    return _rows(table).order_by(*(metadata.tables[table].c[name] for name in TABLES[table].key))


def _key(table: str) -> Any:
    return tuple_(*(metadata.tables[table].c[name] for name in TABLES[table].key))


def _rows(table: str) -> Select[*tuple[Any, ...]]:
    # Named one by one: a later program may have added columns.
    columns = metadata.tables[table].c
    query = select(*(columns[name] for name in TABLES[table].columns))
    # What a copy is a copy of is no part of what is copied.
    return query.where(columns["name"] != literal_column(f"'{COPY}'")) if table == "setting" else query


def _present_row(table: str, row: Sequence[Any]) -> PresentRow:
    """Return the digests of a stored row."""
    stated = TABLES[table]
    case = None if stated.case is None else row[stated.columns.index(stated.case)]
    key = tuple(row[: len(stated.key)])
    digests = tuple(digest_of(part, row) for part in PARTS[table])
    return PresentRow(key, case, digests, stated.consistent(row))
