"""Cuts of the list of tasks: one's own, due this week, with others; and what a section has to do this week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from engine.app.ports.worklist import SheetLine, Week, WorkItem
from engine.app.worklist.single_handed import marked_items
from engine.app.worklist.work_items import work_items

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: Open cases looked through for those a person has had a hand in.
MAX_CASES = 10_000
#: Tasks of a section on one sheet.
MAX_TASKS = 100_000


def week_of(now: datetime, zone: tzinfo) -> tuple[date, date]:
    """Return the Monday and the Sunday of the week `now` falls into, as it is in `zone`."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def mine(found: Iterable[WorkItem], person: str) -> list[WorkItem]:
    """Return the work items that are the person's own: named for the case, or claimed; not what a whole role may do."""
    return [item for item in found if item.task.assignee == person or f"p:{person}" in item.holders]


def due_within(found: Iterable[WorkItem], first: date, last: date) -> list[WorkItem]:
    """Return the work items due on one of these days."""
    return [item for item in found if item.task.due_on is not None and first <= item.task.due_on <= last]


def waiting_for_others(
    transaction: Transaction, person: str, now: datetime, limit: int = 1000
) -> list[WorkItem] | None:
    """Return the tasks of others on open cases `person` belongs to, has started or has acted on.

    None when no register has the person. Looks through at most MAX_CASES open cases of the person's section (of
    the bureau, for somebody without one).
    """
    from engine.app.people.directory import actor_keys, find_actor
    from engine.app.ports.records import CaseFilter

    actor = find_actor(transaction, person)
    if actor is None:
        return None
    own = set(actor_keys(actor))
    others: list[WorkItem] = []
    for case in transaction.cases.find(CaseFilter(open=True, section=actor.section), limit=MAX_CASES):
        tasks = transaction.tasks.of_case(case.id)
        if not tasks or any(task.key in own and task.assignee in (None, person) for task in tasks):
            continue
        party = any(person in people for people in case.parties.values())
        if party or any(event.actor == person for event in transaction.events.of(case.id, limit=case.rev)):
            keys = tuple(dict.fromkeys(task.key for task in tasks))
            others.append(WorkItem(tasks[0], keys, tasks[0].late(now)))
    others.sort(key=lambda item: (item.task.due_on or date.max, item.task.case))
    return others[:limit]


def week_sheet(
    transaction: Transaction, section: str, now: datetime, zone: tzinfo, title: str | None = None
) -> Week:
    """Return what is late in a section or due until the Sunday of this week."""
    monday, sunday = week_of(now, zone)
    late: list[SheetLine] = []
    days: dict[date, list[SheetLine]] = {}
    names: dict[str, str] = {}
    found = work_items(transaction, now, section=section, limit=MAX_TASKS)
    for item in marked_items(transaction, due_within(found, date.min, sunday)):
        due = item.task.due_on
        if due is None:
            continue
        line = SheetLine(item, tuple(_called(transaction, key, names) for key in _holders(item)))
        (late if item.late else days.setdefault(due, [])).append(line)
    return Week(
        section,
        title or section,
        monday,
        sunday,
        tuple(late),
        tuple((day, tuple(lines)) for day, lines in sorted(days.items())),
    )


def _holders(item: WorkItem) -> tuple[str, ...]:
    return (f"p:{item.task.assignee}",) if item.task.assignee else item.holders


def _called(transaction: Transaction, key: str, names: dict[str, str]) -> str:
    """Return a person's name for their key; for a role its id, which the definitions would have to explain."""
    if key in names:
        return names[key]
    kind, _, rest = key.partition(":")
    found = None
    if kind == "p":
        found = transaction.registers.get("people", rest) or transaction.registers.get("inspectors", rest)
    names[key] = found.name if found is not None and found.name else rest.partition("@")[0] or key
    return names[key]
