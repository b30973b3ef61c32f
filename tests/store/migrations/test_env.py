"""The script Alembic runs: on the connection it is given, with the tables of the product, in one transaction."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from engine.store import migrations
from engine.store.sql.tables import metadata

NAME = "engine.store.migrations.env"


@pytest.fixture
def connection() -> Iterator[Connection]:
    database = create_engine("sqlite://")
    with database.connect() as found:
        yield found
    database.dispose()


@pytest.fixture(autouse=True)
def _not_imported_yet() -> Iterator[None]:
    sys.modules.pop(NAME, None)
    yield
    sys.modules.pop(NAME, None)


def run(connection: Connection, steps: Any) -> None:
    """Run the script as Alembic does; `steps` are the revisions it carries out."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    with EnvironmentContext(config, ScriptDirectory.from_config(config), fn=steps):
        import engine.store.migrations.env  # noqa: F401 - importing it runs it


def test_it_works_on_the_connection_it_is_given(connection: Connection) -> None:
    seen: list[Any] = []

    def none_to_do(revision: Any, context: Any) -> list[Any]:
        seen.append((revision, context))
        return []

    run(connection, none_to_do)
    (revision, context), *more = seen
    assert not more
    assert revision == ()
    assert context.connection is connection
    assert context.opts["target_metadata"] is metadata
    assert context.opts["transactional_ddl"] is True
    assert inspect(connection).get_table_names() == ["alembic_version"]


def test_what_fails_is_left_to_the_transaction_of_the_caller(connection: Connection) -> None:
    def fail(revision: Any, context: Any) -> list[Any]:
        context.connection.execute(text("CREATE TABLE half (id INTEGER)"))
        raise ValueError("a revision that fails")

    connection.exec_driver_sql("BEGIN")
    with pytest.raises(ValueError, match="a revision that fails"):
        run(connection, fail)
    assert "half" in inspect(connection).get_table_names()
    connection.rollback()
    assert inspect(connection).get_table_names() == []


def test_it_cannot_be_run_outside_of_a_migration() -> None:
    with pytest.raises(AttributeError, match="config"):
        import engine.store.migrations.env  # noqa: F401
