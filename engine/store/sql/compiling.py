"""Statements of SQLAlchemy Core as the drivers take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import ClauseElement, Dialect, Table


class Upsert(Protocol):
    """An INSERT of a dialect that has ON CONFLICT."""

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


def _insert_of(dialect: Dialect) -> Inserting:
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert


def compiled(
    build: ClauseElement | Callable[[Inserting], ClauseElement], dialect: Dialect, binds: tuple[str, ...]
) -> str:
    """Return a statement as the driver of a dialect takes it. Raises AssertionError where its parameters have another order."""
    statement = build if isinstance(build, ClauseElement) else build(_insert_of(dialect))
    made = statement.compile(dialect=dialect)
    order = tuple(getattr(made, "positiontup", None) or ())
    if order != binds:
        raise AssertionError(f"parameters in the order {order}, rows are given in {binds}: {made}")
    return str(made)


def dialect_of(on_server: bool) -> Dialect:
    """Return a dialect as statements are compiled for it."""
    if on_server:
        from sqlalchemy.dialects.postgresql import psycopg

        server: Dialect = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
        return server
    from sqlalchemy.dialects.sqlite import pysqlite

    return pysqlite.dialect()
