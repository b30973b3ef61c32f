"""A row that an index does not lead to is found by the check of everything: its row is as it was written, and nobody sees it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from heads_fixtures import HeadBureau
from sqlalchemy import text

from engine.app.audit.verify_deployment import verify
from engine.app.audit.verify_rows import verify_indexes
from engine.store.memory.store import MemoryStore
from engine.store.sql import SqlStore, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as made:
        yield made


def hide(path: Path, index: str, table: str) -> int:
    """Take a table's rows out of an index and leave them in the table; the schema is as before."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        row = connection.execute("SELECT * FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        rows = connection.execute(f'SELECT rowid, * FROM "{table}"').fetchall()  # noqa: S608 - names of the test
        connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of the test
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = ?", (index,))
    columns = "rowid, " + ", ".join(_columns(path, table))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', rows)  # noqa: S608 - names of the test
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
    return len(rows)


def _columns(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [f'"{row[1]}"' for row in connection.execute(f'PRAGMA table_info("{table}")')]


def test_rows_an_index_does_not_lead_to_are_found(store: SqlStore, tmp_path: Path) -> None:
    bureau = HeadBureau(store)
    bureau.day("甲")
    with store.read() as transaction:
        assert list(verify(transaction)) == []
    store.close()
    assert hide(tmp_path / "ssj.db", "case_state", "case")
    with closing(open_store(tmp_path / "ssj.db")) as again, again.read() as transaction:
        found = list(verify(transaction))
    assert found
    assert all("case_state" in str(one) and "索引" in str(one) for one in found), found


def test_where_nothing_can_be_asked_nothing_is_found(postgres_database: str) -> None:
    with MemoryStore().read() as transaction:
        assert list(verify_indexes(transaction)) == []
    with closing(open_store(postgres_database, create=True)) as store:
        assert isinstance(store, SqlStore)
        with store.read() as transaction:
            assert list(verify_indexes(transaction)) == []
        with store.reader.connect() as connection:
            there = connection.execute(
                text("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
            ).scalar()
        if there:
            with store.reader.begin() as connection:
                connection.execute(text("CREATE EXTENSION amcheck"))
            with store.read() as transaction:
                assert list(verify_indexes(transaction)) == []
