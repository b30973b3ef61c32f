"""What people must do: their tasks, their section's, the late ones. Reads rows only; needs no definitions."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.ports.worklist import WorkItem

if TYPE_CHECKING:
    from engine.app.ports.records import Task
    from engine.app.ports.store import Transaction
    from engine.lifecycle.command import Actor


def work_items_of(
    transaction: Transaction, person: str, now: datetime, limit: int = 1000
) -> list[WorkItem] | None:
    """Return what `person` can do now, earliest due first; None when no register has them."""
    from engine.app.people.directory import find_actor

    actor = find_actor(transaction, person)
    if actor is None:
        return None
    every, own = keys_of(transaction, actor, now)
    return _enough(lambda most: transaction.tasks.of_keys(every, limit=most), now, limit, own)


def keys_of(transaction: Transaction, actor: Actor, now: datetime) -> tuple[list[str], list[str]]:
    """Return the keys under which a person has tasks, and whose they are: their own, and those of whom they act for."""
    from engine.app.people.delegation import principals_of
    from engine.app.people.directory import actor_keys, find_actor

    keys, own = actor_keys(actor), [actor.id]
    for principal in principals_of(transaction, actor.id, now):
        # 委托: whoever acts for somebody sees their tasks too.
        absent = find_actor(transaction, principal)
        keys += actor_keys(absent) if absent is not None else []
        own.append(principal)
    return list(dict.fromkeys(keys)), own


def work_items(
    transaction: Transaction,
    now: datetime,
    *,
    section: str | None = None,
    overdue: bool = False,
    limit: int = 1000,
) -> list[WorkItem]:
    """Return open tasks of everybody, of one section, or only those that are late."""
    late = now if overdue else None
    return _enough(
        lambda most: transaction.tasks.all(section=section, overdue_at=late, limit=most), now, limit
    )


def _enough(
    ask: Callable[[int], list[Task]], now: datetime, limit: int, own: Container[str] | None = None
) -> list[WorkItem]:
    """Return the first `limit` work items of the tasks `ask` gives, in their order; it gets the number of rows to return.

    A case has a row for each of its holders, mostly two; the rows of the last case may be cut off, so one more is asked
    for. With `own`, only what is open to these people counts.
    """
    most = limit * 2 + 8
    while True:
        tasks = ask(most)
        found = merged_items(tasks if own is None else _open_to(own, tasks), now)
        if len(found) > limit or len(tasks) < most:
            return found[:limit]
        most *= 2


def _open_to(own: Container[str], tasks: Iterable[Task]) -> list[Task]:
    """Leave out what somebody else has claimed, unless it was put before this person as an escalation."""
    return [t for t in tasks if t.assignee is None or t.assignee in own]


def merged_items(tasks: Iterable[Task], now: datetime) -> list[WorkItem]:
    """Return one item for each case of these tasks, in their order."""
    by_case: dict[str, list[Task]] = {}
    for task in tasks:
        by_case.setdefault(task.case, []).append(task)
    return [
        WorkItem(
            found[0],
            tuple(dict.fromkeys(task.key for task in found)),
            found[0].late(now),
        )
        for found in by_case.values()
    ]
