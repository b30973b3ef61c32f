"""Tasks in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, union_all

from engine.app.ports.records import Task
from engine.app.ports.task_query import NEVER, TaskPlace, TaskQuery
from engine.kernel.instants import to_text
from engine.store.codec import task_of, task_row
from engine.store.sql.prepared import (
    CHUNK,
    DriverConnection,
    PreparedStatement,
    bind,
    insert_or_replace,
    pieces,
)
from engine.store.sql.tables import task

PUT = insert_or_replace(task)
DROP = PreparedStatement(delete(task).where(task.c.case_id == bind(task, "case_id")), "case_id")
OF_CASE = PreparedStatement(
    select(task).where(task.c.case_id == bind(task, "case_id")).order_by(task.c.key), "case_id"
)

_URGENT_FIRST = (task.c.due_at.asc().nulls_last(), task.c.case_id, task.c.key)


class SqlTasks:
    """`engine.app.ports.repositories.Tasks`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, tasks: Sequence[Task]) -> None:
        """Store open tasks; one with the same case and key is replaced."""
        rows = [task_row(one) for one in tasks]
        self._driver.run_many(PUT, rows)
        self._driver.wrote("task", rows)

    def drop(self, case_ids: Sequence[str]) -> None:
        """Remove all tasks of these cases."""
        keys = [(case_id,) for case_id in case_ids]
        self._driver.run_many(DROP, keys)
        self._driver.removed("task", keys)

    def of_keys(self, keys: Sequence[str], *, limit: int = 1000) -> list[Task]:
        """Return tasks of any of the keys, earliest due first, those without a due day last."""
        chunks = list(pieces(dict.fromkeys(keys), CHUNK))
        rows: list[Any] = []
        for chunk in chunks:
            query = select(task).where(task.c.key.in_(chunk)).order_by(*_URGENT_FIRST).limit(limit)
            rows += self._driver.connection.execute(query).all()
        if len(chunks) > 1:
            rows = sorted(rows, key=lambda row: (row[9] or NEVER, row[0], row[1]))[:limit]
        return [task_of(row) for row in rows]

    def of_case(self, case_id: str) -> list[Task]:
        """Return the tasks of one case, ordered by key."""
        return [task_of(row) for row in self._driver.run(OF_CASE, (case_id,))]

    def all(
        self, *, section: str | None = None, overdue_at: datetime | None = None, limit: int = 1000
    ) -> list[Task]:
        """Return open tasks, of one section, or already late at an instant; earliest due first."""
        query: Select[*tuple[Any, ...]] = select(task).order_by(*_URGENT_FIRST).limit(limit)
        if section is not None:
            query = query.where(task.c.section == section)
        if overdue_at is not None:
            query = query.where(task.c.due_at <= to_text(overdue_at))
        return [task_of(row) for row in self._driver.connection.execute(query)]

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
        everybody = wanted.keys is None
        columns = (task.c.due_at, task.c.case_id) if everybody else tuple(task.c)
        # A case has one row for each key: the first `limit` rows of every key hold the first `limit` cases of them all.
        # Of everybody's, whose cases have several rows, first which cases they are is asked.
        parts = [
            _cut(select(*columns).where(*_fits(wanted, key), *place), limit, backwards, distinct=everybody)
            for key in _keys(wanted)
            for place in _places(wanted, after, before)
        ]
        if not parts:
            return []
        rows = self._driver.connection.execute(union_all(*parts) if len(parts) > 1 else parts[0]).all()
        if everybody:
            places = sorted(((row[0] or NEVER, row[1]) for row in rows), reverse=backwards)[:limit]
            if not places:
                return []
            every = select(task).where(task.c.case_id.in_([case for _, case in places]), *_fits(wanted, None))
            rows = self._driver.connection.execute(every).all()
        return _first_cases(rows, limit, backwards)

    def count_cases(self, wanted: TaskQuery, *, most: int) -> int:
        """Return how many cases have a task that fits, `most` + 1 where there are more than `most`."""
        parts = [
            select(
                select(task.c.case_id.label("found"))
                .distinct()
                .where(*_fits(wanted, key), *_span(wanted))
                .limit(most + 1)
                .subquery()
                .c.found
            )
            for key in _keys(wanted)
        ]
        if not parts:
            return 0
        found = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
        counted = self._driver.connection.execute(select(func.count(found.c.found.distinct()))).scalar_one()
        return min(int(counted), most + 1)


def _keys(wanted: TaskQuery) -> list[str | None]:
    return [None] if wanted.keys is None else list(dict.fromkeys(wanted.keys))


def _fits(wanted: TaskQuery, key: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions of a query, those of its span aside."""
    found: list[ColumnElement[bool]] = []
    if key is not None:
        found.append(task.c.key == key)
    if wanted.section is not None:
        found.append(task.c.section == wanted.section)
    if wanted.open_to is not None:
        found.append(or_(task.c.assignee.is_(None), task.c.assignee.in_(wanted.open_to)))
    if wanted.workflow is not None:
        found.append(task.c.workflow == wanted.workflow)
    if wanted.due_from is not None:
        found.append(task.c.due_on >= wanted.due_from.isoformat())
    if wanted.due_to is not None:
        found.append(task.c.due_on <= wanted.due_to.isoformat())
    return found


def _span(wanted: TaskQuery) -> list[ColumnElement[bool]]:
    """Return the bounds of the due instant, by which an index is entered; none where tasks without one fit too."""
    found: list[ColumnElement[bool]] = []
    if wanted.dated:
        found.append(task.c.due_at.is_not(None))
    if wanted.earliest is not None:
        found.append(task.c.due_at >= wanted.earliest)
    if wanted.latest is not None:
        found.append(task.c.due_at <= wanted.latest)
    return found


def _places(
    wanted: TaskQuery, after: TaskPlace | None, before: TaskPlace | None
) -> list[list[ColumnElement[bool]]]:
    """Return where a page is read from: among the tasks with a due instant, and among those without, each by its index."""
    due, case = task.c.due_at, task.c.case_id
    dated = [due.is_not(None), *_span(wanted)]
    undated: list[ColumnElement[bool]] = [due.is_(None)]
    # Where tasks with a due instant still come on this side of the place; so with those without.
    has_dated, has_undated = True, not wanted.dated
    if after is not None and after.due == NEVER:
        has_dated, undated = False, [*undated, case > after.case]
    elif after is not None:
        dated += [due >= after.due, or_(due > after.due, and_(due == after.due, case > after.case))]
    if before is not None and before.due == NEVER:
        undated = [*undated, case < before.case]
    elif before is not None:
        has_undated = False
        dated += [due <= before.due, or_(due < before.due, and_(due == before.due, case < before.case))]
    return [place for place, there in ((dated, has_dated), (undated, has_undated)) if there]


def _cut(query: Select[Any], limit: int, backwards: bool, *, distinct: bool) -> Select[Any]:
    """Return a query cut after so many rows in the order of the list, as a part of a union can hold it."""
    order = [column.desc() if backwards else column for column in (task.c.due_at, task.c.case_id)]
    ordered = query.order_by(*order).limit(limit)
    found = (ordered.distinct() if distinct else ordered).subquery()
    return select(*found.c)


def _first_cases(rows: Sequence[Any], limit: int, backwards: bool) -> list[Task]:
    """Return the rows of the first cases, those of a case in the order of their keys."""
    by_case: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        by_case.setdefault((row[9] or NEVER, row[0]), {})[row[1]] = row
    places = sorted(by_case, reverse=backwards)[:limit]
    return [task_of(row) for place in places for _, row in sorted(by_case[place].items())]
