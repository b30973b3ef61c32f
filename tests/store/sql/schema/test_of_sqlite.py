"""What is in an SQLite database is what its revision says, until somebody adds to it or takes from it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.store.sql import SqlStore, open_store
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.schema import of_sqlite
from engine.store.sql.schema.comparing import foreign_tables, own_tables, schema_differences

#: What somebody does -> the kind and the name that are told.
DONE = {
    "CREATE TABLE noted (id text)": {("table", "noted")},
    "CREATE VIRTUAL TABLE noted USING fts5(a)": {("table", "noted")},
    'CREATE TRIGGER bend AFTER INSERT ON "case" BEGIN DELETE FROM task; END': {("trigger", "bend")},
    "CREATE VIEW seen AS SELECT 1": {("view", "seen")},
    "CREATE INDEX own ON outbox (payload)": {("index", "own")},
    "CREATE UNIQUE INDEX one ON outbox (channel)": {("index", "one")},
    "DROP INDEX case_state": {("index", "case_state")},
    "DROP INDEX timer_at; CREATE INDEX timer_at ON timer (at, case_id, name)": {("index", "timer_at")},
    "DROP INDEX case_state; CREATE INDEX case_state ON `case` (workflow, state DESC)": {
        ("index", "case_state")
    },
    "DROP INDEX case_state; CREATE INDEX case_state ON `case` (workflow, state COLLATE NOCASE)": {
        ("index", "case_state")
    },
    # Another text, a condition behind a comment or on the next line, blanks in a default.
    "DROP INDEX outbox_waiting; CREATE INDEX outbox_waiting ON outbox (channel, created_at, id)"
    " WHERE status = 'WAITING'": {("index", "outbox_waiting")},
    "DROP INDEX inbox_recipient; CREATE INDEX inbox_recipient ON inbox (recipient, created_at, id)"
    " /* */ WHERE id IS NULL": {("index", "inbox_recipient")},
    "DROP INDEX inbox_recipient; CREATE INDEX inbox_recipient ON inbox (recipient, created_at, id) --\n"
    "WHERE 0": {("index", "inbox_recipient")},
    "DROP INDEX inbox_recipient; CREATE INDEX inbox_recipient ON inbox (recipient, created_at, /* */ id)": {
        ("index", "inbox_recipient")
    },
    "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, 'DEFAULT ''all''',"
    " 'DEFAULT '' a l l''') WHERE name = 'token'; PRAGMA schema_version = 4711": {("column", "token.scopes")},
    "PRAGMA user_version = 77": {("pragma", "user_version")},
    "PRAGMA application_id = 5": {("pragma", "application_id")},
    "ALTER TABLE token ADD COLUMN own TEXT": {("column", "token.own")},
    "ALTER TABLE token ADD COLUMN own TEXT AS (label) VIRTUAL": {("column", "token.own")},
    "ALTER TABLE token RENAME COLUMN label TO marked": {
        ("column", "token.label"),
        ("column", "token.marked"),
    },
    "ALTER TABLE inbox DROP COLUMN text": {("column", "inbox.text")},
    "DROP TABLE web_session": {("table", "web_session")},
    "DROP TABLE setting; CREATE TABLE setting (name TEXT NOT NULL COLLATE NOCASE PRIMARY KEY, body TEXT NOT NULL)": {
        ("table", "setting")
    },
    "DROP TABLE setting; CREATE TABLE setting (name TEXT NOT NULL, body TEXT, PRIMARY KEY (name))": {
        ("column", "setting.body")
    },
    "INSERT INTO alembic_version VALUES ('0099')": {("version", "alembic_version")},
    "UPDATE alembic_version SET version_num = '0021.1'": {("version", "alembic_version")},
    "DELETE FROM alembic_version": {("version", "alembic_version")},
    "DROP TABLE alembic_version": {("table", "alembic_version")},
    "PRAGMA writable_schema = 1; INSERT INTO sqlite_master VALUES ('table', 'noted', 'noted', 0,"
    " 'CREATE VIRTUAL TABLE noted USING nowhere(a)')": {("table", "noted")},
    "PRAGMA writable_schema = 1; INSERT INTO sqlite_master VALUES ('view', 'sqlite_seen', 'sqlite_seen', 0,"
    " 'CREATE VIEW sqlite_seen AS SELECT 1')": {("view", "sqlite_seen")},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("schema") / "ssj.db"
    open_store(path, create=True).close()
    return path.read_bytes()


@pytest.mark.parametrize("statement", DONE)
def test_whatever_is_added_changed_or_taken_out_is_named(statement: str, made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    path.write_bytes(made)
    with closing(open_store(path)) as store:
        assert isinstance(store, SqlStore)
        with store.reader.connect() as connection:
            assert schema_differences(DriverConnection(connection, writing=False)) == []
        with closing(sqlite3.connect(path)) as own:
            own.executescript(statement)
        with store.reader.connect() as connection:
            driver = DriverConnection(connection, writing=False)
            found = {(one.kind, one.name) for one in schema_differences(driver)}
            # Those a virtual table is kept in are its own.
            assert {one for one in found if not one[1].startswith("noted_")} == DONE[statement]
            assert ("noted" in foreign_tables(driver)) == (("table", "noted") in DONE[statement])


def test_tables_of_sqlite_itself_are_told_apart(made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    path.write_bytes(made)
    with closing(sqlite3.connect(path)) as own:
        own.execute("INSERT INTO setting VALUES ('a', '1')")
        own.execute("ANALYZE")
        own.commit()
        assert dict.fromkeys(of_sqlite.present(lambda query, *values: own.execute(query, values).fetchall()))
    with closing(open_store(path)) as store:
        assert isinstance(store, SqlStore)
        with store.reader.connect() as connection:
            driver = DriverConnection(connection, writing=False)
            assert schema_differences(driver) == []
            assert "sqlite_stat1" in own_tables(driver)
            assert foreign_tables(driver) == ()
