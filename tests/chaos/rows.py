"""The tables as they lie in the database, read with its driver alone and nothing of the product."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Rows:
    """Answers to plain SQL."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def all(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, a few in memory at a time where the driver can."""
        cursor = self._connection.cursor()
        cursor.execute(query)
        while page := cursor.fetchmany(5000):
            yield from page
        cursor.close()

    def one(self, query: str) -> Any:
        """Return the first column of the first row."""
        return next(iter(self.all(query)))[0]


@contextmanager
def open_rows(database: str) -> Iterator[Rows]:
    """Open the SQLite file or the PostgreSQL address `database` for reading."""
    if "://" not in database:
        connection: Any = sqlite3.connect(
            f"file:{database}?mode=ro", uri=True, timeout=30, isolation_level=None
        )
    else:
        import psycopg

        connection = psycopg.connect(database.replace("postgresql+psycopg", "postgresql"), autocommit=True)
    try:
        yield Rows(connection)
    finally:
        connection.close()
