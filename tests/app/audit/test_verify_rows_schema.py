"""A trigger, a table or a column somebody has put into the database is found by every check, and listed beside what is covered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from heads_fixtures import HeadBureau

from engine.app.audit.verify_deployment import verify
from engine.app.audit.verify_rows import NAMED_OBJECTS, verify_schema
from engine.app.audit.verify_since import verify_since
from engine.app.queries.audit import show_coverage
from engine.kernel.refusal import Refusal
from engine.store.memory.store import MemoryStore
from engine.store.sql import SqlStore, open_store

BEND = """CREATE TRIGGER bend AFTER INSERT ON task BEGIN DELETE FROM inbox WHERE urgent; END"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as made:
        yield made


def edit(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_trigger_is_found_by_the_check_of_everything_and_by_that_of_a_night(
    store: SqlStore, tmp_path: Path
) -> None:
    bureau = HeadBureau(store)
    bureau.day("甲")
    head = bureau.history.heads[-1]
    edit(tmp_path / "ssj.db", BEND)
    with store.read() as transaction:
        whole = [str(one) for one in verify(transaction)]
        since = [str(one) for one in verify_since(transaction, bureau.history, head)]
    assert len(whole) == len(since) == 1
    assert whole == since
    assert "触发器 bend" in whole[0]
    assert "DELETE FROM inbox" in whole[0]


def test_each_kind_of_difference_is_said_in_words(store: SqlStore, tmp_path: Path) -> None:
    edit(
        tmp_path / "ssj.db",
        "CREATE TABLE noted (id)",
        "ALTER TABLE token ADD COLUMN own TEXT",
        "DROP INDEX case_state",
        "DROP INDEX timer_at",
        "CREATE INDEX timer_at ON timer (name)",
        "INSERT INTO alembic_version VALUES ('x\x1b')",
    )
    with store.read() as transaction:
        found = list(verify_schema(transaction))
    said = [str(one) for one in found]
    assert [one.kind for one in found] == ["version", "column", "index", "index", "table"]
    assert "x\\u001b" in said[0]
    assert "列 token.own" in said[1]
    assert "索引 case_state 不见了" in said[2]
    assert "timer(name)" in said[3]
    assert found[4].as_json()["name"] == "noted"
    assert not any("\x1b" in one for one in said)


def test_of_very_many_only_the_number_is_said(store: SqlStore, tmp_path: Path) -> None:
    edit(
        tmp_path / "ssj.db",
        *(f"CREATE VIEW seen_{number} AS SELECT 1" for number in range(NAMED_OBJECTS + 7)),
    )
    with store.read() as transaction:
        found = list(verify_schema(transaction))
    assert len(found) == NAMED_OBJECTS + 1
    assert "7" in str(found[-1])


def test_each_table_of_the_database_is_in_exactly_one_list(store: SqlStore, tmp_path: Path) -> None:
    bureau = HeadBureau(store)
    edit(tmp_path / "ssj.db", "CREATE TABLE noted (id)", "ANALYZE")
    found = show_coverage(bureau.services, "lena")
    assert not isinstance(found, Refusal)
    lists = [*found.parts, *found.chained, *found.compared, *found.foreign]
    with closing(sqlite3.connect(tmp_path / "ssj.db")) as connection:
        there = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
    assert sorted(lists) == sorted(there)
    assert found.foreign == ("noted",)
    assert {"alembic_version", "sqlite_stat1"} <= found.compared.keys()


def test_without_a_database_there_is_nothing_to_compare() -> None:
    with MemoryStore().read() as transaction:
        assert not transaction.statements.tables().foreign
        assert list(verify_schema(transaction)) == []
