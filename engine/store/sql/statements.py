"""Statements compiled once, and the link that runs them.

What runs with every step is built from Core at import, compiled to the text of the dialect at its first use, and
run from then on as text with tuples: nothing is compiled, looked up or converted per row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Row,
    Select,
    Table,
    bindparam,
    literal_column,
    null,
)
from sqlalchemy.engine import CursorResult

Columns: TypeAlias = "tuple[Any, ...]"

#: The number 1 written into a statement; a Python number would become a parameter.
ONE = literal_column("1", Integer)
_NOUGHT = literal_column("0", Integer)

#: How many values go into one ``IN (…)``.
CHUNK = 500


class Upsert(Protocol):
    """An INSERT of a dialect that knows ON CONFLICT."""

    def values(self, *args: Any, **kwargs: Any) -> Upsert:
        """Name the values."""
        ...

    def from_select(self, names: Sequence[str], select: Any) -> Upsert:
        """Take the values from a query."""
        ...

    def on_conflict_do_nothing(self, *, index_elements: Sequence[str]) -> Any:
        """Leave a row that is there as it is."""
        ...

    def on_conflict_do_update(self, *, index_elements: Sequence[str], set_: Any) -> Any:
        """Change a row that is there."""
        ...

    @property
    def excluded(self) -> Any:
        """Return the row that could not be inserted."""
        ...


#: Makes the INSERT of a dialect.
Inserting = Callable[[Table], Upsert]


class Fixed:
    """A statement whose text never changes; `binds` are its parameters, in the order in which a row gives them."""

    def __init__(self, build: ClauseElement | Callable[[Inserting], ClauseElement], *binds: str) -> None:
        self._build = build
        self._texts: dict[str, str] = {}
        self.binds = binds

    def text(self, dialect: Dialect) -> str:
        """Return the statement as the driver of `dialect` takes it, its parameters in the order of `binds`."""
        text = self._texts.get(dialect.name)
        return self._compile(dialect) if text is None else text

    def _compile(self, dialect: Dialect) -> str:
        statement = (
            self._build if isinstance(self._build, ClauseElement) else self._build(_insert_of(dialect))
        )
        compiled = statement.compile(dialect=dialect)
        order = tuple(getattr(compiled, "positiontup", None) or ())
        if order != self.binds:
            raise AssertionError(
                f"parameters in the order {order}, rows are given in {self.binds}: {compiled}"
            )
        text = self._texts[dialect.name] = str(compiled)
        return text


def _insert_of(dialect: Dialect) -> Inserting:
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(table.c.keys())


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def bind(table: Table, column: str, name: str | None = None) -> BindParameter[Any]:
    """Return a parameter of the type of a column."""
    return bindparam(name or column, type_=table.c[column].type)


def _values(table: Table) -> dict[str, BindParameter[Any]]:
    return {name: bind(table, name) for name in _columns(table)}


def at_most(query: Select[*Columns], most: ColumnElement[int] = ONE) -> Select[*Columns]:
    """Return `query` with a limit, of one row unless told; the offset is written out, else it is a parameter."""
    return query.limit(most).offset(_NOUGHT)


def insert_new(table: Table) -> Fixed:
    """Return the INSERT that leaves a row alone whose key is taken; the count of rows tells."""

    def build(insert: Inserting) -> ClauseElement:
        made: ClauseElement = (
            insert(table).values(_values(table)).on_conflict_do_nothing(index_elements=_keys(table))
        )
        return made

    return Fixed(build, *_columns(table))


def insert_or_replace(table: Table, *, reset: Sequence[str] = ()) -> Fixed:
    """Return the INSERT that replaces a row whose key is taken; the columns `reset` are not given and become NULL."""
    given = [name for name in _columns(table) if name not in reset]

    def build(insert: Inserting) -> ClauseElement:
        statement = insert(table).values({name: bind(table, name) for name in given})
        rest = {name: statement.excluded[name] for name in given if name not in _keys(table)}
        made: ClauseElement = statement.on_conflict_do_update(
            index_elements=_keys(table), set_={**rest, **dict.fromkeys(reset, null())}
        )
        return made

    return Fixed(build, *given)


class Link:
    """A connection in a transaction, as the parts of a unit use it."""

    __slots__ = ("connection", "dialect", "writing")

    def __init__(self, connection: Connection, *, writing: bool) -> None:
        self.connection = connection
        self.dialect = connection.dialect
        self.writing = writing

    def run(self, statement: Fixed, row: tuple[Any, ...] = ()) -> CursorResult[*Columns]:
        """Run a statement once."""
        return self.connection.exec_driver_sql(statement.text(self.dialect), row)

    def run_many(self, statement: Fixed, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run a statement for every row; returns how many rows it changed in all."""
        if not rows:
            return 0
        if len(rows) == 1:
            return self.connection.exec_driver_sql(statement.text(self.dialect), rows[0]).rowcount
        return self.connection.exec_driver_sql(statement.text(self.dialect), list(rows)).rowcount

    def first(self, statement: Fixed, row: tuple[Any, ...] = ()) -> Row[*Columns] | None:
        """Return the first row a query finds."""
        return self.run(statement, row).first()

    def rows(self, statement: Fixed, row: tuple[Any, ...] = ()) -> Sequence[Row[*Columns]]:
        """Return all rows a query finds."""
        return self.run(statement, row).all()

    def chosen(self, query: Select[*Columns], values: Sequence[str]) -> Iterator[Row[*Columns]]:
        """Yield the rows of a query with an expanding parameter ``values``, asked in pieces."""
        for piece in pieces(dict.fromkeys(values), CHUNK):
            yield from self.connection.execute(query, {"values": piece}).all()


def pieces(values: Any, size: int) -> Iterator[list[Any]]:
    """Yield lists of at most `size` values."""
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece
