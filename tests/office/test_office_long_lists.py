"""A list that is cut holds as many cases as it may, each with all who can do it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.app.ports.records import RegisterEntry, Task
from engine.app.worklist.work_items import work_items, work_items_of
from engine.store.memory import MemoryStore

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def task(number: int, key: str, assignee: str | None = None) -> Task:
    return Task(
        case=f"visit-{number:03}",
        key=key,
        workflow="visit",
        state="open",
        title="待检查",
        case_title="示例件",
        section="one",
        assignee=assignee,
        due_on=None,
        due_at=NOW + timedelta(days=number // 4),
        provisional=False,
        opened_at=NOW,
    )


@pytest.mark.parametrize("holders", [1, 2, 3, 9])
@pytest.mark.parametrize("limit", [1, 7, 40, 60])
def test_cut_after_so_many_cases_however_many_hold_them(holders: int, limit: int) -> None:
    store = MemoryStore()
    keys = tuple(f"p:{n}" for n in range(holders))
    with store.write() as transaction:
        transaction.tasks.put([task(number, key) for number in range(50) for key in keys])
    with store.read() as transaction:
        for found in (
            work_items(transaction, NOW, limit=limit),
            work_items(transaction, NOW, section="one", limit=limit),
        ):
            assert [duty.task.case for duty in found] == [f"visit-{n:03}" for n in range(min(limit, 50))]
            assert {duty.holders for duty in found} == {keys}


def test_what_others_have_claimed_takes_nobody_s_place() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put([RegisterEntry("people", "anna", "Anna", "one", {"roles": ["clerk"]})], NOW)
        transaction.tasks.put([task(n, "r:clerk", "somebody") for n in range(100)])
        transaction.tasks.put([task(n, "r:clerk") for n in range(100, 110)])
    with store.read() as transaction:
        found = work_items_of(transaction, "anna", NOW, limit=5)
        assert found is not None
        assert [duty.task.case for duty in found] == [f"visit-{n}" for n in range(100, 105)]
