"""Passwords of these tests are cheap to check, and every file may go: what is tried is the order of store calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from houses import House, InMemory, OnPostgres, OnSqlite
from touched import eased


@pytest.fixture(autouse=True, scope="module")
def only_the_order_counts() -> Iterator[None]:
    with eased():
        yield


@pytest.fixture(scope="module")
def in_memory(tmp_path_factory: pytest.TempPathFactory) -> House:
    return InMemory(tmp_path_factory.mktemp("memory"))


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with closing(OnSqlite(tmp_path_factory.mktemp("sqlite"))) as house:
        yield house


@pytest.fixture(scope="module")
def on_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with closing(OnPostgres(tmp_path_factory.mktemp("postgres"), postgres_url)) as house:
        yield house
