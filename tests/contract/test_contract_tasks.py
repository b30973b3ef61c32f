from __future__ import annotations

from dataclasses import replace

import pytest
from sample_rows import IN_BYTES, NAIVE, SHANGHAI, after, make_task

from engine.app.ports.records import Task
from engine.app.ports.store import Store
from engine.app.ports.task_query import TaskPlace, TaskQuery


def names(tasks: list[Task]) -> list[str]:
    return [task.case for task in tasks]


def test_a_task_comes_back_as_it_was(store: Store) -> None:
    task = make_task(assignee="p-1", provisional=True)
    bare = make_task("case-2", section=None, due_on=None, due_at=None)
    with store.write() as transaction:
        transaction.tasks.put([task, bare])
    with store.read() as transaction:
        assert transaction.tasks.of_case("inspection-1") == [task]
        assert transaction.tasks.of_case("case-2") == [bare]
        assert transaction.tasks.of_case("case-3") == []


def test_one_task_per_case_and_key(store: Store) -> None:
    with store.write() as transaction:
        transaction.tasks.put([make_task(key=key) for key in reversed(IN_BYTES)])
        transaction.tasks.put([make_task(key="Z", title="补正")])
        found = transaction.tasks.of_case("inspection-1")
    assert [task.key for task in found] == IN_BYTES
    assert [task.title for task in found if task.key == "Z"] == ["补正"]


def test_dropping(store: Store) -> None:
    with store.write() as transaction:
        transaction.tasks.put([make_task(f"c{n}", key) for n in range(4) for key in ("p:1", "p:2")])
        transaction.tasks.drop(["c1", "c3", "unknown"])
        transaction.tasks.drop([])
    with store.read() as transaction:
        assert names(transaction.tasks.all()) == ["c0", "c0", "c2", "c2"]


def test_earliest_due_first_and_without_a_day_last(store: Store) -> None:
    with store.write() as transaction:
        transaction.tasks.put(
            [
                make_task("c1", due_at=None, due_on=None),
                make_task("c2", due_at=after(days=2)),
                make_task("c3", due_at=after(days=1, microseconds=1)),
                make_task("c4", due_at=after(days=1).astimezone(SHANGHAI), key="r:head@labour"),
                make_task("c5", key="p:other"),
                make_task("c0", due_at=None, due_on=None),
            ]
        )
    with store.read() as transaction:
        keys = ["p:p-1", "r:head@labour", "p:p-1", "p:nobody"]
        assert names(transaction.tasks.of_keys(keys)) == ["c4", "c3", "c2", "c0", "c1"]
        assert names(transaction.tasks.of_keys(keys, limit=2)) == ["c4", "c3"]
        assert transaction.tasks.of_keys([]) == []
        assert names(transaction.tasks.all()) == ["c4", "c3", "c2", "c5", "c0", "c1"]


def test_sections_and_what_is_late(store: Store) -> None:
    with store.write() as transaction:
        transaction.tasks.put(
            [
                make_task("c1", due_at=after(days=1)),
                make_task("c2", due_at=after(days=1), section="other"),
                make_task("c3", due_at=after(days=1, microseconds=1)),
                make_task("c4", due_at=None, due_on=None, section=None),
            ]
        )
    with store.read() as transaction:
        assert names(transaction.tasks.all(section="labour")) == ["c1", "c3"]
        # Late from the instant itself on, as `engine.app.worklist.work_items` shows it.
        assert names(transaction.tasks.all(overdue_at=after(days=1))) == ["c1", "c2"]
        assert names(
            transaction.tasks.all(section="other", overdue_at=after(days=9).astimezone(SHANGHAI))
        ) == ["c2"]
        assert names(transaction.tasks.all(limit=1)) == ["c1"]


def test_naive_instants_are_refused(store: Store) -> None:
    for wrong in (replace(make_task(), due_at=NAIVE), replace(make_task(), opened_at=NAIVE)):
        with pytest.raises(ValueError, match="naive"), store.write() as transaction:
            transaction.tasks.put([wrong])
    with store.read() as transaction, pytest.raises(ValueError, match="naive"):
        transaction.tasks.all(overdue_at=NAIVE)


def test_large_batches(store: Store, many: int) -> None:
    with store.write() as transaction:
        transaction.tasks.put([make_task(f"c{n:05}", f"p:{n % 50}") for n in range(many)])
    with store.write() as transaction:
        assert len(transaction.tasks.of_keys(["p:7"])) == many // 50
        assert len(transaction.tasks.of_keys([f"p:{n}" for n in range(3_000)], limit=20_000)) == many
        transaction.tasks.drop([f"c{n:05}" for n in range(many)])
        assert transaction.tasks.all() == []


def pages(store: Store, wanted: TaskQuery, limit: int = 2) -> list[str]:
    """Return all cases of a list, read page by page and back again."""
    seen: list[Task] = []
    with store.read() as transaction:
        after: TaskPlace | None = None
        while found := transaction.tasks.page(wanted, limit=limit, after=after):
            assert len({task.case for task in found}) <= limit
            seen += found
            after = TaskPlace.of(found[-1].due_at, found[-1].case)
        forth = list(dict.fromkeys(names(seen)))
        back: list[str] = []
        before: TaskPlace | None = TaskPlace("~", "~")
        while found := transaction.tasks.page(wanted, limit=limit, before=before):
            back += names(found)
            before = TaskPlace.of(found[-1].due_at, found[-1].case)
        assert list(dict.fromkeys(back)) == forth[::-1]
        assert transaction.tasks.count_cases(wanted, most=1000) == len(forth)
        assert transaction.tasks.count_cases(wanted, most=1) == min(len(forth), 2)
    return forth


def test_pages_by_place_hold_every_case_once_both_ways(store: Store) -> None:
    with store.write() as transaction:
        for number in range(9):
            due = None if number in (0, 5) else after(days=number // 2)
            on = None if due is None else due.date()
            transaction.tasks.put(
                [
                    make_task(
                        f"c{number}", key, due_at=due, due_on=on, assignee="p-2" if number == 3 else None
                    )
                    for key in ("p:1", "r:head", "p:9")[: 1 + number % 3]
                ]
            )
        transaction.tasks.put([make_task("other", "p:8", section="other", workflow="errand")])
    everything = ["c1", "c2", "c3", "c4", "c6", "c7", "c8", "c0", "c5"]
    assert pages(store, TaskQuery(keys=("p:1", "r:head", "p:nobody"))) == everything
    assert pages(store, TaskQuery(keys=("r:head",)), 1) == ["c1", "c2", "c4", "c7", "c8", "c5"]
    assert pages(store, TaskQuery(section="labour"), 3) == everything
    assert "other" in pages(store, TaskQuery())
    assert pages(store, TaskQuery(keys=())) == []
    assert pages(store, TaskQuery(workflow="errand")) == ["other"]
    open_to = TaskQuery(keys=("p:1",), open_to=("p-1",))
    assert pages(store, open_to) == [case for case in everything if case != "c3"]
    assert pages(store, TaskQuery(keys=("p:1",), late_at=after(days=1))) == ["c1", "c2", "c3"]
    day = after(days=2).date()
    assert pages(store, TaskQuery(keys=("p:1",), due_from=day, due_to=day)) == ["c4"]
    assert pages(store, TaskQuery(section="labour", due_from=day)) == ["c4", "c6", "c7", "c8"]
    assert pages(store, TaskQuery(due_to=after(days=1).date(), section="labour")) == ["c1", "c2", "c3"]
