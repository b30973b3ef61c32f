"""The worklist of one person in tabs: counts, one page of lines, the working days that are left.

A page reads the rows it shows and no others, and counts end at `MAX_COUNTED`: a list of 100,000 tasks costs what one of
100 does. The tab `waiting` and a filter by text look through rows, at most `MAX_TASKS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.people.directory import KINDS, UNASSIGNED, Directory
from engine.app.ports.task_query import TaskPlace, TaskQuery
from engine.app.ports.worklist import WorkItem
from engine.app.worklist import cuts
from engine.app.worklist.single_handed import marked_items
from engine.app.worklist.work_items import keys_of, merged_items
from engine.kernel.clean_text import folded
from engine.kernel.refusal import Refusal
from engine.worktime.arithmetic import working_days_between

if TYPE_CHECKING:
    from engine.app.ports.records import Task

__all__ = [
    "UNASSIGNED",
    "TaskDays",
    "TaskLine",
    "TaskNeighbours",
    "TaskPage",
    "TaskPlace",
    "neighbours_of_task",
    "page_of_tasks",
    "tasks_between",
]

#: The tabs, in the order of the work.
TABS = ("today", "overdue", "week", "waiting", "section", "all")
#: Tasks looked through for one list, where rows are looked through.
MAX_TASKS = 100_000
#: Tasks of a tab are counted up to so many; one more says that there are more.
MAX_COUNTED = 999
#: Cases read at a time where rows are looked through.
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of a list, with how many working days are left: 0 for today, below 0 when it is late."""

    item: WorkItem
    days_left: int | None
    #: The name of who has claimed it; "" where nobody has.
    holder: str = ""

    @property
    def key(self) -> str:
        """Return the place of the line, by which a page after or before it is asked for."""
        return str(TaskPlace.of(self.item.task.due_at, self.item.task.case))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """One page of one tab."""

    tab: str
    lines: Sequence[TaskLine]
    #: How many tasks each tab has, `MAX_COUNTED` + 1 for more; without `waiting`, which is counted when it is looked at.
    counts: Mapping[str, int]
    #: How many tasks fit the filters, `MAX_COUNTED` + 1 for more.
    total: int
    #: What the next page is asked for by; None on the last one.
    after: str | None
    #: The workflows of the page and of the filter, with their titles.
    workflows: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TaskNeighbours:
    """What comes before and after a place of a list; None at its ends."""

    previous: TaskLine | None
    next: TaskLine | None


@query("task.read")
def page_of_tasks(
    context: QueryContext,
    *,
    tab: str = "all",
    text: str = "",
    workflow: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> TaskPage | Refusal:
    """Return one page of a tab of the viewer, earliest due first, behind the line with the key `after`."""
    today = context.now.astimezone(context.source.definitions.time.zone).date()
    tasks = context.transaction.tasks
    tab = tab if tab in TABS else "all"
    place = TaskPlace.read(after) if after else None
    keys = keys_of(context.transaction, context.viewer, context.now)
    found = _lines(context, tab, text, workflow, limit + 1, place, None, keys)
    counts = {
        name: tasks.count_cases(wanted, most=MAX_COUNTED)
        for name in TABS
        if (wanted := _wanted(context, name, None, keys)) is not None
    }
    wanted = _wanted(context, tab, workflow, keys)
    if wanted is None or text:
        total = min(sum(1 for _ in _looked_through(context, tab, text, workflow)), MAX_COUNTED + 1)
    elif workflow is None:
        total = counts[tab]
    else:
        total = tasks.count_cases(wanted, most=MAX_COUNTED)
    if wanted is None and not text and workflow is None:
        counts[tab] = total
    lines = _with_days(context, found[:limit], today)
    names = {item.task.workflow for item in found} | ({workflow} if workflow else set())
    return TaskPage(
        tab=tab,
        lines=lines,
        counts=counts,
        total=total,
        after=lines[-1].key if len(found) > limit else None,
        workflows=_titled(context, sorted(names)),
    )


@dataclass(frozen=True, slots=True)
class TaskDays:
    """The tasks of some days, by the day they are due."""

    days: Mapping[date, Sequence[TaskLine]]
    #: Whether there are more than were read.
    more: bool


@query("task.read")
def tasks_between(
    context: QueryContext, first: date, last: date, *, section: bool = False, limit: int = 500
) -> TaskDays:
    """Return the viewer's tasks (with `section` those of their section) due on the days from `first` to `last`."""
    today = context.now.astimezone(context.source.definitions.time.zone).date()
    wanted = _wanted(context, "section" if section else "all", None)
    wanted = replace(wanted or TaskQuery(keys=()), due_from=first, due_to=last)
    tasks = context.transaction.tasks.page(wanted, limit=limit + 1)
    items = merged_items(tasks, context.now)
    days: dict[date, list[TaskLine]] = {}
    for line in _with_days(context, [item for item in items[:limit] if item.task.due_on is not None], today):
        if line.item.task.due_on is not None:
            days.setdefault(line.item.task.due_on, []).append(line)
    return TaskDays(days, len(items) > limit)


@query("task.read")
def neighbours_of_task(
    context: QueryContext, place: str, *, tab: str = "all", text: str = "", workflow: str | None = None
) -> TaskNeighbours | Refusal:
    """Return the lines before and after a place of a list, which need not hold a task any more."""
    at = TaskPlace.read(place)
    if at is None:
        return TaskNeighbours(None, None)
    today = context.now.astimezone(context.source.definitions.time.zone).date()
    tab = tab if tab in TABS else "all"
    before = _lines(context, tab, text, workflow, 1, None, at)
    after = _lines(context, tab, text, workflow, 1, at, None)
    nearest = [found[0] if found else None for found in (before, after)]
    lines = iter(_with_days(context, [item for item in nearest if item is not None], today))
    return TaskNeighbours(*(None if item is None else next(lines) for item in nearest))


def _wanted(
    context: QueryContext, tab: str, workflow: str | None, known: tuple[list[str], list[str]] | None = None
) -> TaskQuery | None:
    """Return what the store is asked for a tab; None for the one that is looked through. `known` are the viewer's keys, read before."""
    if tab == "waiting":
        return None
    if tab == "section":
        section = context.viewer.section
        return TaskQuery(keys=None if section else (), section=section, workflow=workflow)
    keys, own = known or keys_of(context.transaction, context.viewer, context.now)
    zone = context.source.definitions.time.zone
    today = context.now.astimezone(zone).date()
    monday, sunday = cuts.week_of(context.now, zone)
    first, last = {"today": (today, today), "week": (monday, sunday)}.get(tab, (None, None))
    late = context.now if tab == "overdue" else None
    return TaskQuery(
        keys=tuple(keys), open_to=tuple(own), workflow=workflow, due_from=first, due_to=last, late_at=late
    )


def _lines(
    context: QueryContext,
    tab: str,
    text: str,
    workflow: str | None,
    limit: int,
    after: TaskPlace | None,
    before: TaskPlace | None,
    keys: tuple[list[str], list[str]] | None = None,
) -> list[WorkItem]:
    """Return the first items behind a place, or the last ones in front of one, the nearest first."""
    wanted = _wanted(context, tab, workflow, keys)
    if wanted is not None and not text:
        tasks = context.transaction.tasks.page(wanted, limit=limit, after=after, before=before)
        return merged_items(tasks, context.now)
    every = [(_place(item), item) for item in _looked_through(context, tab, text, workflow)]
    if before is not None:
        bound = (before.due, before.case)
        return [item for place, item in reversed(every) if place < bound][:limit]
    bound = (after.due, after.case) if after is not None else ("", "")
    return [item for place, item in every if place > bound][:limit]


def _place(item: WorkItem) -> tuple[str, str]:
    place = TaskPlace.of(item.task.due_at, item.task.case)
    return place.due, place.case


def _looked_through(context: QueryContext, tab: str, text: str, workflow: str | None) -> Iterator[WorkItem]:
    """Yield the items of a tab that hold a text, in the order of the list; at most `MAX_TASKS` are looked at."""
    asked = folded(text)
    for item in _all(context, tab, workflow):
        if workflow in (None, item.task.workflow) and _holds(item, asked):
            yield item


def _all(context: QueryContext, tab: str, workflow: str | None) -> Iterable[WorkItem]:
    wanted = _wanted(context, tab, workflow)
    if wanted is None:
        found = cuts.waiting_for_others(context.transaction, context.viewer.id, context.now, MAX_TASKS)
        yield from sorted(found or (), key=_place)
        return
    after: TaskPlace | None = None
    for _ in range(MAX_TASKS // _CHUNK):
        tasks: Sequence[Task] = context.transaction.tasks.page(wanted, limit=_CHUNK, after=after)
        yield from merged_items(tasks, context.now)
        if not tasks:
            return
        after = TaskPlace.of(tasks[-1].due_at, tasks[-1].case)


def _titled(context: QueryContext, names: Sequence[str]) -> dict[str, str]:
    found = {name: context.source.definitions.latest(context.transaction, name) for name in names}
    return {name: process.workflow.title if process else name for name, process in found.items()}


def _holds(item: WorkItem, wanted: str) -> bool:
    task = item.task
    return not wanted or any(wanted in folded(part) for part in (task.case, task.case_title, task.title))


def _with_days(context: QueryContext, items: Sequence[WorkItem], today: date) -> list[TaskLine]:
    """Return the lines of a list: the working days of each day are counted once, the names of the holders read together."""
    calendar = context.source.definitions.time.calendar
    days: dict[date | None, int | None] = {None: None}
    for due in {item.task.due_on for item in items}:
        if due is not None:
            days[due] = (
                working_days_between(calendar, today, due)
                if due >= today
                else -max(1, working_days_between(calendar, due, today))
            )
    items = marked_items(context.transaction, items)
    names = _names(context, {item.task.assignee for item in items if item.task.assignee})
    return [TaskLine(item, days[item.task.due_on], names.get(item.task.assignee or "", "")) for item in items]


def _names(context: QueryContext, people: set[str]) -> Mapping[str, str]:
    """Return what people are called; the id of whom no register has."""
    directory = Directory(context.transaction)
    known = {kind: directory.entries(kind, sorted(people)) for kind in KINDS} if people else {}
    return {
        one: next((found[one].name for found in known.values() if one in found and found[one].name), one)
        for one in people
    }
