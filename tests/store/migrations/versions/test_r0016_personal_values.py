"""Revision 0016: personal values outside the histories, as the store writes them; nothing else is touched."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect

from engine.store.migrations import upgrade
from engine.store.migrations.versions import r0016_personal_values
from engine.store.sql.tables import metadata

TABLES = {"personal_value"}


def test_it_makes_its_tables_and_no_others() -> None:
    before_it = r0016_personal_values.down_revision
    assert r0016_personal_values.revision == "0016"
    database = create_engine("sqlite://")
    with database.begin() as connection:
        upgrade(connection, before_it)
        before = set(inspect(connection).get_table_names())
        upgrade(connection, "0016")
        found = inspect(connection)
        assert set(found.get_table_names()) - before == TABLES
        for name in TABLES:
            table = metadata.tables[name]
            columns = found.get_columns(name)
            assert [(one["name"], one["nullable"]) for one in columns] == [
                (one.name, one.nullable) for one in table.columns
            ]
            keys = [one.name for one in table.primary_key.columns]
            assert found.get_pk_constraint(name)["constrained_columns"] == keys
    database.dispose()
