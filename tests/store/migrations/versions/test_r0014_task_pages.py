"""Revision 0014: the index of tasks by key, as the tables of the store have it; nothing else is touched."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect

from engine.store.migrations import upgrade
from engine.store.migrations.versions import r0014_task_pages
from engine.store.sql.tables import metadata


def test_it_makes_the_index_anew() -> None:
    database = create_engine("sqlite://")
    with database.begin() as connection:
        upgrade(connection, r0014_task_pages.down_revision)
        before = set(inspect(connection).get_table_names())
        upgrade(connection, r0014_task_pages.revision)
        found = inspect(connection)
        assert set(found.get_table_names()) == before
        wanted = next(index for index in metadata.tables["task"].indexes if index.name == "task_key")
        kept = next(index for index in found.get_indexes("task") if index["name"] == "task_key")
        assert kept["column_names"] == [column.name for column in wanted.columns]
    database.dispose()
