"""What is in a PostgreSQL database is what its revision says, until somebody adds to it or takes from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Engine, create_engine

from engine.store.sql import SqlStore, open_store
from engine.store.sql.database_url import address
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.schema import of_postgres
from engine.store.sql.schema.comparing import foreign_tables, own_tables, schema_differences

#: What somebody does -> the kind and the name that are told.
DONE = {
    "CREATE TABLE noted (id text)": {("table", "noted")},
    "CREATE FUNCTION bend() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql;"
    ' CREATE TRIGGER bend BEFORE INSERT ON "case" FOR EACH ROW EXECUTE FUNCTION bend()': {
        ("function", "bend"),
        ("trigger", "bend"),
    },
    "CREATE RULE bend AS ON INSERT TO outbox DO INSTEAD NOTHING": {("rule", "bend")},
    "CREATE VIEW seen AS SELECT 1 AS a": {("view", "seen")},
    "CREATE MATERIALIZED VIEW seen AS SELECT 1 AS a": {("view", "seen")},
    "ALTER TABLE token ADD COLUMN own text": {("column", "token.own")},
    "ALTER TABLE token ALTER COLUMN scopes SET DEFAULT 'x'": {("column", "token.scopes")},
    "ALTER TABLE token ALTER COLUMN label DROP NOT NULL": {("column", "token.label")},
    "ALTER TABLE outbox ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON outbox USING (false)": {
        ("table", "outbox"),
        ("policy", "none"),
    },
    "ALTER TABLE outbox ADD CONSTRAINT few CHECK (attempts < 3)": {("constraint", "few")},
    "DROP INDEX timer_at; CREATE INDEX timer_at ON timer (at, case_id, name) WHERE error IS NOT NULL": {
        ("index", "timer_at")
    },
    "CREATE UNIQUE INDEX one ON outbox (channel)": {("index", "one")},
    "DROP INDEX case_state": {("index", "case_state")},
    "DROP TABLE web_session": {("table", "web_session"), ("index", "web_session_pk")},
    "CREATE SEQUENCE counted": {("sequence", "counted")},
    "INSERT INTO alembic_version VALUES ('0099')": {("version", "alembic_version")},
    "DROP TABLE alembic_version": {("table", "alembic_version"), ("index", "alembic_version_pkc")},
}


@contextmanager
def closing_engine(engine: Engine) -> Iterator[None]:
    try:
        yield
    finally:
        engine.dispose()


def test_whatever_is_added_changed_or_taken_out_is_named(postgres_database: str) -> None:
    with closing(open_store(postgres_database, create=True)) as store:
        assert isinstance(store, SqlStore)
        engine = create_engine(address(postgres_database))
        with closing_engine(engine), engine.connect() as connection:
            driver = DriverConnection(connection, writing=False)
            assert schema_differences(driver) == []
            assert foreign_tables(driver) == own_tables(driver) == ()
            for statement, expected in DONE.items():
                connection.exec_driver_sql(statement)
                found = {(one.kind, one.name) for one in schema_differences(driver)}
                assert found == expected, statement
                connection.rollback()


@pytest.mark.parametrize("kind", ["table", "column", "index", "sequence"])
def test_what_is_expected_is_of_four_kinds(kind: str) -> None:
    kinds = {found for found, _ in of_postgres.expected()}
    assert kind in kinds
    assert len(kinds) == 4
