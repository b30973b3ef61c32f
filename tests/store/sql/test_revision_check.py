"""A database without tables is made or refused; one this program cannot use is refused with what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from engine.store.migrations import current
from engine.store.problem import StoreUnavailableError
from engine.store.revision import EXPECTED, MOVED
from engine.store.sql.revision_check import prepare


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    """Yield an SQLite database without tables."""
    engine = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def made(empty_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """Yield an SQLite database with the tables of this version."""
    shutil.copy(empty_database, tmp_path / "made.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    yield engine
    engine.dispose()


def set_revision(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :seen"), {"seen": revision})


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return current(connection)


def test_an_empty_database_is_refused_and_left_empty(empty: Engine) -> None:
    with pytest.raises(StoreUnavailableError, match=r"a\.db 中没有本系统的数据"):
        prepare(empty, empty, "a.db", create=False)
    assert revision(empty) is None


def test_an_empty_database_is_made_where_that_is_asked_for(empty: Engine) -> None:
    prepare(empty, empty, "a.db", create=True)
    assert revision(empty) == EXPECTED
    prepare(empty, empty, "a.db", create=False)


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    ("seen", "sentence"), [("0099", "请升级程序"), ("rewritten", "请升级程序"), (MOVED, "已")]
)
def test_one_this_program_does_not_know_is_refused_and_not_touched(
    made: Engine, seen: str, sentence: str, create: bool
) -> None:
    set_revision(made, seen)
    with pytest.raises(StoreUnavailableError, match=sentence):
        prepare(made, made, "a.db", create=create)
    assert revision(made) == seen


def test_an_older_one_is_refused_until_it_is_brought_up(made: Engine) -> None:
    set_revision(made, "0001")
    with pytest.raises(StoreUnavailableError, match="ssj backup"):
        prepare(made, made, "a.db", create=False)
    assert revision(made) == "0001"


def test_a_newer_one_that_only_grew_is_used(made: Engine) -> None:
    set_revision(made, f"{EXPECTED}.7")
    prepare(made, made, "a.db", create=True)
    assert revision(made) == f"{EXPECTED}.7"
