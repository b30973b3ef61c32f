"""Revision 0021: the index of entries that name roles, as the tables of the store have it; nothing else is touched."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect, text

from engine.store.migrations import upgrade
from engine.store.migrations.versions import r0021_roles_in_registers as script
from engine.store.sql.tables import metadata


def test_it_makes_the_index() -> None:
    database = create_engine("sqlite://")
    with database.begin() as connection:
        upgrade(connection, script.down_revision)
        before = set(inspect(connection).get_table_names())
        upgrade(connection, script.revision)
        found = inspect(connection)
        assert set(found.get_table_names()) == before
        own = metadata.tables["register_entry"].indexes
        wanted = next(index for index in own if index.name == "register_entry_roles")
        kept = next(one for one in found.get_indexes("register_entry") if one["name"] == wanted.name)
        assert kept["column_names"] == [column.name for column in wanted.columns]
        made = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'register_entry_roles'")
        ).scalar_one()
        assert made.endswith(f"WHERE {script.NAMES_ROLES}")
    database.dispose()
