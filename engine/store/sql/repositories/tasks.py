"""Tasks in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from engine.app.ports.records import Task
from engine.app.ports.task_query import NEVER, TaskPlace, TaskQuery
from engine.store.codec import Row, instant, task_of, task_row
from engine.store.sql import task_pages
from engine.store.sql.kept.kept_statements import kept, made
from engine.store.sql.prepared import CHUNK, DriverConnection, pieces

if TYPE_CHECKING:
    from engine.store.sql.core import tasks as core
else:
    core = kept("tasks")


_key = itemgetter(1)


class SqlTasks:
    """`engine.app.ports.task_query.Tasks`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, tasks: Sequence[Task]) -> None:
        """Store open tasks; one with the same case and key is replaced."""
        rows = [task_row(one) for one in tasks]
        self._driver.holders = {}
        self._driver.run_many(core.PUT, rows)
        self._driver.wrote("task", rows)

    def drop(self, case_ids: Sequence[str]) -> None:
        """Remove all tasks of these cases."""
        keys = [(case_id,) for case_id in case_ids]
        self._driver.holders = {}
        self._driver.run_many(core.DROP, keys)
        self._driver.removed("task", keys)

    def replace(self, case_ids: Sequence[str], tasks: Sequence[Task]) -> None:
        """Remove all tasks of these cases and store others of them."""
        keys = [(case_id,) for case_id in case_ids]
        rows = [*map(task_row, tasks)]
        if len(keys) > 1 or not rows or not self._renew(keys[0], rows):
            self._driver.run_many(core.DROP, keys)
            self._driver.run_many(core.PUT, rows)
        self._driver.removed("task", keys)
        self._driver.wrote("task", rows)

    def _renew(self, case: tuple[str], rows: Sequence[Row]) -> bool:
        """Write the tasks of one case over those it has, where these are known to have the same keys; tell whether they were."""
        held = self._driver.holders.pop(case[0], None)
        if held is None or held != sorted(map(_key, rows)):
            return False
        rest = rows[0][2:]
        for row in rows:
            if row[2:] != rest:
                return False
        if self._driver.piped:
            # They are those of the case that is locked.
            self._driver.send("task", (core.RENEW, [(*rest, *case)]))
            return True
        return self._driver.run_many(core.RENEW, [(*rest, *case)]) == len(rows)

    def of_keys(self, keys: Sequence[str], *, limit: int = 1000) -> list[Task]:
        """Return tasks of any of the keys, earliest due first, those without a due day last."""
        chunks = list(pieces(dict.fromkeys(keys), CHUNK))
        rows: list[Any] = []
        for chunk in chunks:
            rows += self._driver.run(made("tasks", "of_keys", len(chunk)), (*chunk, limit))
        if len(chunks) > 1:
            rows = sorted(rows, key=lambda row: (row[9] or NEVER, row[0], row[1]))[:limit]
        return [task_of(row) for row in rows]

    def of_case(self, case_id: str) -> list[Task]:
        """Return the tasks of one case, ordered by key."""
        return [task_of(row) for row in self._driver.run(core.OF_CASE, (case_id,))]

    def all(
        self, *, section: str | None = None, overdue_at: datetime | None = None, limit: int = 1000
    ) -> list[Task]:
        """Return open tasks, of one section, or already late at an instant; earliest due first."""
        asked = {"section": section, "overdue_at": instant(overdue_at)}
        given = {name: value for name, value in asked.items() if value is not None}
        statement = made("tasks", "every", " ".join(given))
        return [task_of(row) for row in self._driver.run(statement, (*given.values(), limit))]

    def page(
        self,
        wanted: TaskQuery,
        *,
        limit: int,
        after: TaskPlace | None = None,
        before: TaskPlace | None = None,
    ) -> list[Task]:
        """Return the tasks of the first `limit` cases behind `after`, or of the last ones in front of `before`."""
        backwards = before is not None
        # A case has one row for each key: the first `limit` rows of every key hold the first `limit` cases of them all.
        rows: Sequence[Any] = task_pages.page(self._driver, wanted, limit, after, before)
        if wanted.keys is None:
            # Of everybody's, whose cases have several rows, first which cases they are was asked.
            places = sorted({(row[0] or NEVER, row[1]) for row in rows}, reverse=backwards)[:limit]
            named = [case for _, case in places]
            rows = task_pages.of_cases(self._driver, wanted, named) if named else []
        by_case: dict[tuple[str, str], dict[str, Any]] = {}
        for row in rows:
            by_case.setdefault((row[9] or NEVER, row[0]), {})[row[1]] = row
        chosen = sorted(by_case, reverse=backwards)[:limit]
        return [task_of(row) for place in chosen for _, row in sorted(by_case[place].items())]

    def count_cases(self, wanted: TaskQuery, *, most: int) -> int:
        """Return how many cases have a task that fits, `most` + 1 where there are more than `most`."""
        return min(task_pages.count(self._driver, wanted, most + 1), most + 1)
