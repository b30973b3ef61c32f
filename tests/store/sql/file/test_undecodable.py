"""Rows that a text names which is none in UTF-8 are asked for by its bytes."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text

from engine.store.sql.file.undecodable import AnyTextCursor, asking_for_anything, is_undecodable, with_bytes


def test_only_what_no_text_is_written_with_is_written_as_bytes() -> None:
    assert with_bytes("SELECT ?", ("字",)) == ("SELECT ?", ("字",))
    assert with_bytes("SELECT ?, ?, ?", (1, "\udcffA", "b")) == (
        "SELECT ?, CAST(x'ff41' AS TEXT), ?",
        (1, "b"),
    )
    assert with_bytes("SELECT ?", ("\ud800",)) == ("SELECT CAST(x'eda080' AS TEXT)", ())
    # A query of another number of parameters is left as it is.
    assert with_bytes("SELECT '?', ?", ("\udcff",)) == ("SELECT '?', ?", ("\udcff",))
    assert with_bytes("SELECT :a", {"a": "\udcff"}) == ("SELECT :a", {"a": "\udcff"})


def test_the_rows_are_found_by_the_driver_and_by_sqlalchemy() -> None:
    with closing(sqlite3.connect(":memory:")) as driver:
        driver.text_factory = lambda found: found.decode("utf-8", "surrogateescape")
        driver.execute("CREATE TABLE a (id TEXT)")
        driver.execute("INSERT INTO a VALUES (cast(x'ff41' as text)), ('b')")
        cursor = AnyTextCursor(driver.cursor())
        assert cursor.execute("SELECT id FROM a WHERE id >= ?", ("\udcffA",)).fetchall() == [("\udcffA",)]
        assert cursor.rowcount == -1
    engine = create_engine("sqlite://")
    with engine.connect() as connection, asking_for_anything(connection):
        assert connection.execute(text("SELECT hex(:a)"), {"a": "\udcffA"}).scalar_one() == "FF41"
    engine.dispose()


def test_what_says_that_a_text_is_none() -> None:
    with closing(sqlite3.connect(":memory:")) as driver:
        with pytest.raises(sqlite3.Error) as read:
            driver.execute("SELECT cast(x'ff41' as text)").fetchall()
        with pytest.raises(UnicodeEncodeError) as asked:
            driver.execute("SELECT ?", ("\udcff",))
        with pytest.raises(sqlite3.Error) as other:
            driver.execute("SELECT nothing")
    assert [is_undecodable(one.value) for one in (read, asked, other)] == [True, True, False]
