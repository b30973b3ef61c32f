"""The repository of tasks, and what one page of a list of them is asked by: whose tasks, due when, behind which place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol

from engine.kernel.instants import from_text, to_text
from engine.value import named_value, value

if TYPE_CHECKING:
    from engine.app.ports.records import Task

#: The due instant of a task without one; sorts behind every instant.
NEVER = "~"


@value
class TaskPlace:
    """The place of a case in a list: by its due instant, those without one last, then by its id."""

    due: str
    case: str

    @classmethod
    def of(cls, due_at: datetime | None, case: str) -> TaskPlace:
        """Return the place of a case."""
        return cls(NEVER if due_at is None else to_text(due_at), case)

    @classmethod
    def read(cls, text: str) -> TaskPlace | None:
        """Return the place `str` wrote; None for a text it has not written."""
        due, separator, case = text.partition("_")
        if not separator or not case:
            return None
        if due != NEVER:
            try:
                due = to_text(from_text(due))
            except (ValueError, IndexError):
                return None
        return cls(due, case)

    def __str__(self) -> str:
        return f"{self.due}_{self.case}"


@named_value
class TaskQuery:
    """Which tasks are meant. Of several conditions all must hold."""

    #: Tasks of any of these keys; None: of everybody.
    keys: tuple[str, ...] | None = None
    #: Tasks of one section.
    section: str | None = None
    #: Tasks nobody has claimed, and those claimed by one of these; None: whoever has claimed them.
    open_to: tuple[str, ...] | None = None
    workflow: str | None = None
    #: Due on one of these days, both counted.
    due_from: date | None = None
    due_to: date | None = None
    #: Late at this instant.
    late_at: datetime | None = None

    @property
    def dated(self) -> bool:
        """Tell whether only tasks with a deadline can fit."""
        return self.due_from is not None or self.due_to is not None or self.late_at is not None

    @property
    def earliest(self) -> str | None:
        """Return an instant before which none that fits is due: where a list may begin to be read."""
        return _instant(self.due_from, -1)

    @property
    def latest(self) -> str | None:
        """Return an instant after which none that fits is due."""
        late = None if self.late_at is None else to_text(self.late_at)
        until = _instant(self.due_to, 2)
        return min(filter(None, (late, until)), default=None)


class Tasks(Protocol):
    """What people must do now: one row per case and holder key (see `engine.app.people.directory`)."""

    def put(self, tasks: Sequence[Task]) -> None:
        """Store open tasks."""
        ...

    def drop(self, case_ids: Sequence[str]) -> None:
        """Remove all tasks of these cases."""
        ...

    def replace(self, case_ids: Sequence[str], tasks: Sequence[Task]) -> None:
        """Remove all tasks of these cases and store others of them."""
        ...

    def of_keys(self, keys: Sequence[str], *, limit: int = 1000) -> list[Task]:
        """Return tasks of any of the keys, earliest due first, those without a due day last."""
        ...

    def of_case(self, case_id: str) -> list[Task]:
        """Return the tasks of one case."""
        ...

    def all(
        self, *, section: str | None = None, overdue_at: datetime | None = None, limit: int = 1000
    ) -> list[Task]:
        """Return open tasks, of one section, or already late at an instant; earliest due first."""
        ...

    def page(
        self,
        wanted: TaskQuery,
        *,
        limit: int,
        after: TaskPlace | None = None,
        before: TaskPlace | None = None,
    ) -> list[Task]:
        """Return the tasks of the first `limit` cases that fit behind `after`, earliest due first.

        With `before` those of the last `limit` cases in front of it, the nearest first. Reads no more rows than it needs
        for these, however many there are. All tasks of a case that fit are returned, one after the other.
        """
        ...

    def count_cases(self, wanted: TaskQuery, *, most: int) -> int:
        """Return how many cases have a task that fits, `most` + 1 where there are more than `most`."""
        ...


def _instant(day: date | None, more: int) -> str | None:
    """Return an instant some days off the beginning of a day, in whatever zone the day is meant."""
    return None if day is None else to_text(datetime.combine(day, time(), UTC) + timedelta(days=more))
