from __future__ import annotations

import sqlite3
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from engine.app.ports.records import CaseFilter
from engine.store.problem import ReadOnlyTransactionError
from engine.store.sql.store import KEPT_READERS, SqlStore, open_store
from engine.store.sql.transaction import SqlTransaction
from engine.value import Lazy


class _Asked:
    times = 0

    @Lazy
    def number(self) -> int:
        """The number."""
        self.times += 1
        return self.times


def test_a_lazy_value_is_worked_out_when_it_is_first_asked_for_and_once() -> None:
    one, other = _Asked(), _Asked()
    assert one.times == 0
    assert (one.number, one.number, other.number) == (1, 1, 1)
    assert isinstance(_Asked.number, Lazy)
    assert _Asked.number.__doc__ == "The number."


def test_a_transaction_that_was_begun_on_the_driver_is_one_for_sqlalchemy_too(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.settings.put("a", {"n": 1})
        # From here on SQLAlchemy knows of it.
        assert transaction.connection.in_transaction()
        with suppress(ValueError), transaction.savepoint():
            transaction.settings.put("a", {"n": 2})
            raise ValueError("undone")
        transaction.settings.put("b", {"n": 3})
    with store.read() as transaction:
        assert (transaction.settings.get("a"), transaction.settings.get("b")) == ({"n": 1}, {"n": 3})
    for touch in (False, True):
        with suppress(ValueError), store.write() as transaction:
            transaction.settings.put("a", {"n": 4})
            if touch:
                assert transaction.connection.in_transaction()
            raise ValueError("all of it")
        with store.read() as transaction:
            assert transaction.settings.get("a") == {"n": 1}


def test_a_transaction_that_reads_cannot_write(store: SqlStore) -> None:
    with pytest.raises(ReadOnlyTransactionError), store.read() as transaction:
        transaction.settings.put("a", 1)


def put_and_fail(transaction: SqlTransaction) -> None:
    transaction.settings.put("undone", 1)
    raise KeyError


def test_a_savepoint_is_undone_alone(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.settings.put("kept", 1)
        with pytest.raises(KeyError), transaction.savepoint():
            put_and_fail(transaction)
    with store.read() as transaction:
        assert transaction.settings.names("") == ["kept"]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are opened from now on."""
    opened: list[str] = []
    connect = sqlite3.connect

    def connected(path: Any, **how: Any) -> sqlite3.Connection:
        opened.append(Path(path).name)
        made: sqlite3.Connection = connect(path, **how)
        return made

    monkeypatch.setattr(sqlite3, "connect", connected)
    return opened


def test_a_connection_that_reads_is_kept_whoever_asked_on_it(
    empty_database: Path, tmp_path: Path, connections: list[str]
) -> None:
    place = tmp_path / "read.db"
    place.write_bytes(empty_database.read_bytes())
    store = open_store(place)
    del connections[:]
    for _ in range(3):
        with store.read() as transaction:
            # A question of SQLAlchemy's own.
            assert transaction.settings.names("") == []
    with ExitStack() as together:
        for _ in range(KEPT_READERS + 2):
            together.enter_context(store.read()).settings.get("a")
    with ExitStack() as together:
        for _ in range(KEPT_READERS):
            together.enter_context(store.read()).settings.get("a")
    # The first of all was kept when the store was opened.
    assert connections == ["read.db"] * (KEPT_READERS + 1)
    with store.read() as transaction:
        store.close()
        assert transaction.settings.get("a") is None
    with store.read() as transaction:
        assert transaction.settings.get("a") is None
    assert connections == ["read.db"] * (KEPT_READERS + 2)
    store.close()


def test_lists_that_a_day_asks_for_are_texts_made_once(empty_database: Path, tmp_path: Path) -> None:
    place = tmp_path / "lists.db"
    place.write_bytes(empty_database.read_bytes())
    store = open_store(place)
    with store.read() as transaction:
        for wanted in (CaseFilter(), CaseFilter(workflow="a", state="b", open=True), CaseFilter(open=False)):
            assert transaction.cases.find(wanted, after="c") == []
            assert transaction.cases.count(wanted) == 0
        assert transaction.cases.count_children("a") == []
        assert transaction.tasks.all(section="a") == []
        assert transaction.records.publications(kind="a", case_id="b") == []
        # Nothing of SQLAlchemy's own was asked: that costs several times what the database takes to answer.
        assert not transaction.driver.is_wrapped  # type: ignore[attr-defined]
    store.close()
