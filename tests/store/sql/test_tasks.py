from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.app.ports.records import Task
from engine.store.codec import task_row
from engine.store.sql.repositories import tasks as module
from engine.store.sql.repositories.tasks import SqlTasks
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import task

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def make(case: str, key: str = "p:p", days: int | None = 1, section: str | None = "north") -> Task:
    due = None if days is None else NOW + timedelta(days=days)
    on = None if days is None else date(2027, 3, 1) + timedelta(days=days)
    return Task(case, key, "w", "s", "办理", "甲", section, None, on, due, False, NOW)


def test_tasks_are_replaced_and_dropped(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    first, second = make("c1"), make("c1", days=5)
    with store.write() as transaction:
        assert isinstance(transaction.tasks, SqlTasks)
        transaction.tasks.put([first, make("c1", "r:chief"), make("c2")])
        transaction.tasks.put([second])
        transaction.tasks.put([])
    assert task_row(second) in [tuple(row) for row in rows(task)]
    with store.read() as transaction:
        assert transaction.tasks.of_case("c1") == [second, make("c1", "r:chief")]
        assert transaction.tasks.of_case("c9") == []
    with store.write() as transaction:
        transaction.tasks.drop(["c1", "c9"])
        transaction.tasks.drop([])
    with store.read() as transaction:
        assert transaction.tasks.all() == [make("c2")]


def test_the_order_of_a_list_and_its_limit(store: SqlStore) -> None:
    tasks = [make("c4", days=None), make("c3", days=2), make("c2", days=1), make("c1", days=2)]
    with store.write() as transaction:
        transaction.tasks.put(tasks)
        transaction.tasks.put([make("c0", "p:other", days=0, section="south")])
    with store.read() as transaction:
        urgent = [found.case for found in transaction.tasks.of_keys(["p:p", "p:p"])]
        assert urgent == ["c2", "c1", "c3", "c4"]
        assert [found.case for found in transaction.tasks.of_keys(["p:p"], limit=2)] == urgent[:2]
        assert transaction.tasks.of_keys(["p:nobody"]) == []
        assert transaction.tasks.of_keys([]) == []
        assert [found.case for found in transaction.tasks.all()] == ["c0", *urgent]
        assert [found.case for found in transaction.tasks.all(limit=1)] == ["c0"]
        assert [found.case for found in transaction.tasks.all(section="north")] == urgent
        late = transaction.tasks.all(overdue_at=NOW + timedelta(days=1))
        assert [found.case for found in late] == ["c0", "c2"]
        assert transaction.tasks.all(section="south", overdue_at=NOW - timedelta(days=1)) == []


@pytest.fixture
def keys_in_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)


def test_many_keys_give_the_order_of_one_question(store: SqlStore, keys_in_twos: None) -> None:
    days = [4, None, 2, 0, 3, None, 1]
    tasks = [make(f"c{n}", f"k{n}", due) for n, due in enumerate(days)]
    with store.write() as transaction:
        transaction.tasks.put(tasks)
    with store.read() as transaction:
        found = transaction.tasks.of_keys([f"k{n}" for n in range(9)])
        assert [one.case for one in found] == ["c3", "c6", "c2", "c4", "c0", "c1", "c5"]
        assert transaction.tasks.of_keys([f"k{n}" for n in range(9)], limit=3) == found[:3]
