"""The worklist of one person in tabs: counts, one page of lines, the working days that are left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.app.access.query import QueryContext, query
from engine.app.ports.worklist import WorkItem
from engine.app.worklist import cuts
from engine.app.worklist.work_items import work_items, work_items_of
from engine.kernel.clean_text import folded
from engine.kernel.refusal import Refusal
from engine.worktime.arithmetic import working_days_between

__all__ = ["TaskLine", "TaskPage", "page_of_tasks"]

#: The tabs, in the order of the work.
TABS = ("today", "overdue", "week", "waiting", "section", "all")
#: Tasks read for one list.
MAX_TASKS = 100_000


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of a list, with how many working days are left: 0 for today, below 0 when it is late."""

    item: WorkItem
    days_left: int | None

    @property
    def key(self) -> str:
        """Return what a page after this line is asked for by."""
        due = self.item.task.due_on
        return f"{(due or date.max).isoformat()}~{self.item.task.case}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """One page of one tab."""

    tab: str
    lines: Sequence[TaskLine]
    #: How many tasks each tab has; without `waiting` and `section`, which are counted when they are looked at.
    counts: Mapping[str, int]
    #: How many tasks fit the filters.
    total: int
    #: What the next page is asked for by; None on the last one.
    after: str | None
    #: The workflows of the tab, with their titles.
    workflows: Mapping[str, str]


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
    transaction, now = context.transaction, context.now
    zone = context.source.definitions.time.zone
    today = now.astimezone(zone).date()
    monday, sunday = cuts.week_of(now, zone)
    own = work_items_of(transaction, context.viewer.id, now, MAX_TASKS) or []
    tests: Mapping[str, Callable[[WorkItem], bool]] = {
        "today": lambda item: item.task.due_on == today,
        "overdue": lambda item: item.late,
        "week": lambda item: item.task.due_on is not None and monday <= item.task.due_on <= sunday,
        "all": lambda _: True,
    }
    counts = {name: sum(map(test, own)) for name, test in tests.items()}
    if tab == "waiting":
        found = cuts.waiting_for_others(transaction, context.viewer.id, now, MAX_TASKS) or []
    elif tab == "section":
        section = context.viewer.section
        every = work_items(transaction, now, section=section, limit=MAX_TASKS) if section else []
        found = [item for item in every if context.lists_task(item.task.section, item.task.case)]
    else:
        found = [item for item in own if tests.get(tab, tests["all"])(item)]
    if tab in ("waiting", "section"):
        counts[tab] = len(found)
    workflows = _titled(context, sorted({item.task.workflow for item in found}))
    wanted = folded(text)
    fitting = [item for item in found if workflow in (None, item.task.workflow) and _holds(item, wanted)]
    lines = [_line(context, item, today) for item in fitting]
    rest = [line for line in lines if after is None or line.key > after]
    page = rest[:limit]
    return TaskPage(
        tab=tab if tab in TABS else "all",
        lines=page,
        counts=counts,
        total=len(fitting),
        after=page[-1].key if len(rest) > limit else None,
        workflows=workflows,
    )


def _titled(context: QueryContext, names: Sequence[str]) -> dict[str, str]:
    found = {name: context.source.definitions.latest(context.transaction, name) for name in names}
    return {name: process.workflow.title if process else name for name, process in found.items()}


def _holds(item: WorkItem, wanted: str) -> bool:
    task = item.task
    return not wanted or any(wanted in folded(part) for part in (task.case, task.case_title, task.title))


def _line(context: QueryContext, item: WorkItem, today: date) -> TaskLine:
    due = item.task.due_on
    if due is None:
        return TaskLine(item, None)
    calendar = context.source.definitions.time.calendar
    left = (
        working_days_between(calendar, today, due)
        if due >= today
        else -max(1, working_days_between(calendar, due, today))
    )
    return TaskLine(item, left)
