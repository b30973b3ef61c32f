"""What people have to do, as lists and sheets show it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from engine.value import value

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    from engine.app.ports.records import Task


@value
class WorkItem:
    """One task as a person sees it: a case, what is to be done, by when, and who may do it."""

    task: Task
    #: All candidate keys of the task.
    holders: tuple[str, ...]
    late: bool
    #: 单人办理: two should have agreed to the rules of the case or to an act on it, and one person did it.
    alone: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        task = self.task
        return {
            "case": task.case,
            "title": task.case_title,
            "workflow": task.workflow,
            "state": task.state,
            "task": task.title,
            "section": task.section,
            "holders": list(self.holders),
            "assignee": task.assignee,
            "due_on": task.due_on.isoformat() if task.due_on else None,
            "provisional": task.provisional,
            "late": self.late,
            **({"single_handed": True} if self.alone else {}),
        }


@value
class SheetLine:
    """One task on the sheet of a week."""

    item: WorkItem
    #: The people or roles whose task it is, as a reader of the sheet is shown them.
    who: tuple[str, ...]


@value
class Week:
    """What a section has to do this week."""

    section: str
    #: The section as people call it.
    title: str
    monday: date
    sunday: date
    #: Late already, the oldest first.
    late: tuple[SheetLine, ...]
    #: Still to come, by day.
    days: tuple[tuple[date, tuple[SheetLine, ...]], ...]

    @property
    def count(self) -> int:
        """Return how many tasks the sheet holds."""
        return len(self.late) + sum(len(lines) for _, lines in self.days)
