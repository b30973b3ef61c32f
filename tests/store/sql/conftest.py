"""A store on an SQLite file, empty and migrated, and what lies in its tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table

from engine.store.sql.store import SqlStore, open_store


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[SqlStore]:
    shutil.copy(empty_database, tmp_path / "ssj.db")
    with closing(open_store(tmp_path / "ssj.db", synchronous="NORMAL")) as found:
        yield found


@pytest.fixture
def connection(store: SqlStore) -> Iterator[Connection]:
    """Yield a connection in a transaction that writes and is undone."""
    with store.engine.connect() as found:
        yield found
        found.rollback()


@pytest.fixture
def rows(store: SqlStore) -> Callable[[Table], list[tuple[Any, ...]]]:
    """Return a function that reads the rows of a table as the database has them."""

    def read(table: Table) -> list[tuple[Any, ...]]:
        with store.reader.connect() as found:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            return [tuple(row) for row in found.exec_driver_sql(f'SELECT {names} FROM "{table.name}"')]  # noqa: S608

    return read
