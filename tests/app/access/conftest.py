"""Services over a small bureau, in memory and on SQLite."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from access_factories import BUREAU, MakeServices, services_over

from engine.app.commands.application import Application
from engine.app.ports.store import Store
from engine.store.memory import MemoryStore
from engine.store.sql import open_store


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Store:
    if request.param == "memory":
        return MemoryStore()
    shutil.copy(empty_database, tmp_path / "ssj.db")
    return open_store(tmp_path / "ssj.db", synchronous="NORMAL")


@pytest.fixture
def make(store: Store) -> MakeServices:
    """Return what makes services over a store of each kind."""

    def services(bureau: str | None = BUREAU, *, people: bool = True) -> Application:
        return services_over(store, bureau, people=people)

    return services
