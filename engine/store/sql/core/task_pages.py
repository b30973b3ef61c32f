"""Pages and counts of the list of tasks: the statements, one for each shape of a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import case as chosen

from engine.store.sql.building import at_most, bind
from engine.store.sql.compiling import dialect_of
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import task
from engine.value import value

_LIMIT = bindparam("most", type_=Integer)


@value
class _Shape:
    """Which conditions a query has, whatever their values."""

    #: Number of keys; None: of everybody.
    keys: int | None
    open_to: int | None
    #: Names of further conditions, and ``dated``.
    words: tuple[str, ...]
    #: ``dated`` or ``undated``: among which the place to read from is; "" without one.
    place: str
    backwards: bool


def page(
    keys: int | None, open_to: int | None, words: str, place: str, backwards: bool, on_server: bool
) -> PreparedStatement:
    """Return the statement of a page; `keys` and `open_to` are numbers of keys and of people, `words` names conditions."""
    return _with_binds(_paging(_Shape(keys, open_to, tuple(words.split()), place, backwards)), on_server)


def counted(
    keys: int | None, open_to: int | None, words: str, place: str, backwards: bool, on_server: bool
) -> PreparedStatement:
    """Return the statement of a count."""
    return _with_binds(_counting(_Shape(keys, open_to, tuple(words.split()), place, backwards)), on_server)


def of_cases(cases: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Return the query for the tasks of cases."""
    return select(task).where(task.c.case_id.in_(cases))


def _with_binds(query: Any, on_server: bool) -> PreparedStatement:
    order = tuple(query.compile(dialect=dialect_of(on_server)).positiontup or ())
    return PreparedStatement(query, *order)


def _paging(shape: _Shape) -> Any:
    """Return the statement of a page: which rows it has is read in an index alone, and then those rows and no others."""
    parts = []
    for key in _keys(shape):
        for place in _places(shape):
            query = select(task.c.due_at, task.c.case_id).where(*_fits(shape, key), *place)
            order = [c.desc() if shape.backwards else c for c in (task.c.due_at, task.c.case_id)]
            query = at_most(query.order_by(*order), _LIMIT)
            found = (query.distinct() if shape.keys is None else query).subquery()
            if key is None:
                parts.append(select(*found.c))
            else:
                its = (task.c.case_id == found.c.case_id, task.c.key == bind(task, "key", f"key{key}"))
                parts.append(select(*task.c).select_from(found.join(task, and_(*its))))
    return _together(parts)


def _counting(shape: _Shape) -> Any:
    """Return the statement of a count. A case has one row for a key: where one key alone has enough, no others are compared."""
    queries = [
        select(task.c.case_id.label("found")).where(*_fits(shape, key), *_span(shape)) for key in _keys(shape)
    ]
    if shape.keys is None:
        return select(func.count()).select_from(at_most(queries[0].distinct(), _LIMIT).subquery())
    parts = [at_most(query, _LIMIT).subquery() for query in queries]
    enough = [select(func.count()).select_from(part).scalar_subquery() >= _LIMIT for part in parts]
    every = _together([select(*part.c) for part in parts]).subquery()
    counted = select(func.count(every.c.found.distinct())).scalar_subquery()
    return select(chosen((or_(*enough), _LIMIT), else_=counted))


def _together(parts: list[Select[Any]]) -> Any:
    return union_all(*parts) if len(parts) > 1 else parts[0]


def _keys(shape: _Shape) -> Sequence[int | None]:
    return [None] if shape.keys is None else range(shape.keys)


def _fits(shape: _Shape, key: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions of a query, those of its span aside."""
    found: list[ColumnElement[bool]] = []
    if key is not None:
        found.append(task.c.key == bind(task, "key", f"key{key}"))
    if shape.open_to is not None:
        people = [task.c.assignee == bind(task, "assignee", f"open{one}") for one in range(shape.open_to)]
        found.append(or_(task.c.assignee.is_(None), *people))
    conditions: dict[str, Callable[[], ColumnElement[bool]]] = {
        "section": lambda: task.c.section == bind(task, "section"),
        "workflow": lambda: task.c.workflow == bind(task, "workflow"),
        "due_from": lambda: task.c.due_on >= bind(task, "due_on", "due_from"),
        "due_to": lambda: task.c.due_on <= bind(task, "due_on", "due_to"),
    }
    return [*found, *(make() for word, make in conditions.items() if word in shape.words)]


def _span(shape: _Shape) -> list[ColumnElement[bool]]:
    """Return the bounds of the due instant, by which an index is entered; none where tasks without one fit too."""
    found: list[ColumnElement[bool]] = []
    if "dated" in shape.words:
        found.append(task.c.due_at.is_not(None))
    if "earliest" in shape.words:
        found.append(task.c.due_at >= bind(task, "due_at", "earliest"))
    if "latest" in shape.words:
        found.append(task.c.due_at <= bind(task, "due_at", "latest"))
    return found


def _places(shape: _Shape) -> Iterator[list[ColumnElement[bool]]]:
    """Yield where a page is read from: among the tasks with a due instant, and among those without, each by its index."""
    due, case = task.c.due_at, task.c.case_id
    at, named = bind(task, "due_at", "due"), bind(task, "case_id", "case")
    further = case < named if shape.backwards else case > named
    # Those without a due instant stand last: behind a place among them there is nothing else, in front of one among the
    # others there are none of them.
    if not (shape.place == "undated" and not shape.backwards):
        dated = [due.is_not(None), *_span(shape)]
        if shape.place == "dated":
            here, there = tuple_(due, case), tuple_(at, named)
            dated.append(here < there if shape.backwards else here > there)
        yield dated
    if "dated" not in shape.words and not (shape.place == "dated" and shape.backwards):
        yield [due.is_(None), further] if shape.place == "undated" else [due.is_(None)]
