"""A database of every revision that is brought up to date has the schema of this program."""

from __future__ import annotations

from contextlib import closing

import pytest
from revisions_of_tables import revisions
from sqlalchemy import create_engine

from engine.store import migrations
from engine.store.sql import SqlStore, open_store
from engine.store.sql.database_url import address
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.schema.comparing import foreign_tables, own_tables, schema_differences


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_upgraded_databases_have_the_schema_of_new_ones(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for revision in revisions() if kind == "sqlite" else ["0001"]:
        place = (
            str(tmp_path_factory.mktemp("old") / "ssj.db")
            if kind == "sqlite"
            else request.getfixturevalue("postgres_database")
        )
        engine = create_engine(address(place))
        with engine.begin() as connection:
            migrations.upgrade(connection, revision)
        engine.dispose()
        with closing(open_store(place, create=True)) as store:
            assert isinstance(store, SqlStore)
            with store.reader.connect() as connection:
                driver = DriverConnection(connection, writing=False)
                assert schema_differences(driver) == [], revision
                assert foreign_tables(driver) == ()
                assert set(own_tables(driver)) <= {"sqlite_sequence"}
