"""A connection by the driver alone, on which SQLAlchemy asks in the same transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.store.sql.building import insert_plain
from engine.store.sql.file.file_connection import BUSY_TIMEOUT_SECONDS, FileConnection, how_to_open, set_up
from engine.store.sql.tables import setting

ADD = insert_plain(setting)


@pytest.fixture
def driver(empty_database: Path, tmp_path: Path) -> Iterator[FileConnection]:
    place = tmp_path / "ssj.db"
    place.write_bytes(empty_database.read_bytes())
    with closing(FileConnection(str(place), writing=True, synchronous="FULL")) as found:
        yield found


def test_sqlalchemy_sees_what_the_driver_wrote_and_both_are_kept_or_undone(driver: FileConnection) -> None:
    for keep in (False, True):
        driver.begin_anew()
        driver.begin()
        driver.run(ADD, ("a", "1"))
        assert driver.connection.execute(select(setting)).all() == [("a", "1")]
        assert driver.is_wrapped
        with driver.connection.begin_nested() as part:
            driver.run(ADD, ("b", "2"))
            part.rollback()
        driver.commit() if keep else driver.roll_back()
    driver.begin_anew()
    driver.begin()
    assert driver.raw("SELECT name, body FROM setting") == ("a", "1")
    assert driver.dialect.name == "sqlite"


def test_a_connection_that_reads_does_not_write(driver: FileConnection, tmp_path: Path) -> None:
    with closing(FileConnection(str(tmp_path / "ssj.db"), writing=False, synchronous="FULL")) as reading:
        reading.begin()
        assert not reading.is_wrapped
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reading.run(ADD, ("a", "1"))


def test_how_a_file_is_opened(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db", **how_to_open())) as found:
        set_up(found, writing=False, synchronous="EXTRA")
        asked = ("busy_timeout", "journal_mode", "synchronous", "query_only")
        said = [found.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    assert said == [1000 * BUSY_TIMEOUT_SECONDS, "wal", 3, 1]


def test_a_file_that_is_none_is_closed_again(tmp_path: Path) -> None:
    place = tmp_path / "ssj.db"
    place.write_bytes(b"no database" * 200)
    with pytest.raises(sqlite3.DatabaseError):
        FileConnection(str(place), writing=True, synchronous="FULL")
