from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from engine.store.sql.connections import (
    MAX_OVERFLOW,
    POOL_SIZE,
    postgres_times,
    sqlite_engine,
)
from engine.store.sql.database_url import address
from engine.store.sql.file.file_connection import BUSY_TIMEOUT_SECONDS


def test_one_writes_and_many_read(tmp_path: Path) -> None:
    url = address(str(tmp_path / "a.db"))
    writer = sqlite_engine(url, writing=True, synchronous="NORMAL")
    reader = sqlite_engine(url, writing=False, synchronous="NORMAL")
    assert (writer.pool.size(), reader.pool.size()) == (1, POOL_SIZE)  # type: ignore[attr-defined]
    assert reader.pool._max_overflow == MAX_OVERFLOW  # type: ignore[attr-defined]
    with writer.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == BUSY_TIMEOUT_SECONDS * 1000
        connection.exec_driver_sql("CREATE TABLE a (x)")
        # BEGIN IMMEDIATE: another writer is kept out before the first statement that writes.
        other = sqlite3.connect(tmp_path / "a.db", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    with reader.begin() as connection:
        with pytest.raises(OperationalError, match="readonly"):
            connection.exec_driver_sql("INSERT INTO a VALUES (1)")
        assert connection.exec_driver_sql("SELECT count(*) FROM a").scalar_one() == 0
    writer.dispose()
    reader.dispose()


def test_a_leader_that_vanished_is_noticed_by_the_server() -> None:
    times = postgres_times()
    assert times["session"]["idle_in_transaction_session_timeout"] > 0
    assert times["lead_seconds"] > 0
