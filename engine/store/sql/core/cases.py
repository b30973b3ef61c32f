"""Cases in SQL: the statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, Integer, Select, bindparam, func, select, update

from engine.app.ports.records import CaseFilter
from engine.kernel.instants import to_text
from engine.store.case_codec import CARRIED, MOVED
from engine.store.sql.building import at_most, bind, insert_new
from engine.store.sql.compiling import Inserting
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import case, sequence_counter

_GET = select(case).where(case.c.id == bind(case, "id"))
GET = PreparedStatement(_GET, "id")
LOCK = PreparedStatement(_GET.with_for_update(), "id")
MANY = select(case).where(case.c.id.in_(bindparam("values", expanding=True))).order_by(case.c.id)
LOCK_MANY = MANY.with_for_update()
LOCK_AVAILABLE = MANY.with_for_update(skip_locked=True)
REVISIONS = select(case.c.id, case.c.rev, case.c.head).where(
    case.c.id.in_(bindparam("values", expanding=True))
)
ADD = insert_new(case)
_KEPT = tuple(column.name for column in case.c if column.name != "id")
SAVE = PreparedStatement(
    update(case)
    .where(case.c.id == bind(case, "id", "case_id"), case.c.rev == bind(case, "rev", "seen"))
    .values({name: bind(case, name) for name in _KEPT}),
    *_KEPT,
    "case_id",
    "seen",
)
#: Without the columns of the indexes: SQLite would write each index anew.
SAVE_IN_PLACE = PreparedStatement(
    update(case)
    .where(case.c.id == bind(case, "id", "case_id"), case.c.rev == bind(case, "rev", "seen"))
    .values({name: bind(case, name) for name in CARRIED}),
    *CARRIED,
    "case_id",
    "seen",
)
SAVE_MOVED = PreparedStatement(
    update(case)
    .where(case.c.id == bind(case, "id", "case_id"), case.c.rev == bind(case, "rev", "seen"))
    .values({name: bind(case, name) for name in MOVED}),
    *MOVED,
    "case_id",
    "seen",
)
NEXT_STATE = PreparedStatement(
    at_most(
        select(case.c.state)
        .where(
            case.c.parent == bind(case, "parent"),
            case.c.workflow == bind(case, "workflow"),
            case.c.state > bind(case, "state"),
            case.c.closed_at.is_(None),
        )
        .order_by(case.c.state)
    ),
    "parent",
    "workflow",
    "state",
)


def _take_numbers(insert: Inserting) -> ClauseElement:
    statement = insert(sequence_counter).values(
        name=bind(sequence_counter, "name"), last=bind(sequence_counter, "last")
    )
    made: ClauseElement = statement.on_conflict_do_update(
        index_elements=["name"], set_={"last": sequence_counter.c.last + statement.excluded["last"]}
    )
    return made


TAKE_NUMBERS = PreparedStatement(_take_numbers, "name", "last")
LAST_NUMBER = PreparedStatement(
    select(sequence_counter.c.last).where(sequence_counter.c.name == bind(sequence_counter, "name")), "name"
)


def many(count: int, lock: str) -> PreparedStatement:
    """Return the query for so many cases by id; `lock` says ``wait`` or ``skip`` where they are locked, or nothing."""
    names = [f"value_{number}" for number in range(count)]
    query = select(case).where(case.c.id.in_([bind(case, "id", name) for name in names])).order_by(case.c.id)
    return PreparedStatement(query.with_for_update(skip_locked=lock == "skip") if lock else query, *names)


def revisions(count: int) -> PreparedStatement:
    """Return the query for the revisions and hashes of so many cases."""
    names = [f"value_{number}" for number in range(count)]
    query = select(case.c.id, case.c.rev, case.c.head)
    return PreparedStatement(query.where(case.c.id.in_([bind(case, "id", name) for name in names])), *names)


def find(wanted: CaseFilter, limit: int, after: str | None) -> Select[*tuple[Any, ...]]:
    """Return the query for cases that fit, ordered by id."""
    query: Select[*tuple[Any, ...]] = (
        select(case).where(*_conditions(wanted)).order_by(case.c.id).limit(limit)
    )
    return query if after is None else query.where(case.c.id > after)


def count(wanted: CaseFilter) -> Select[int]:
    """Return the query that counts the cases that fit."""
    return select(func.count(type_=Integer)).select_from(case).where(*_conditions(wanted))


def count_children(parent: str) -> Select[*tuple[Any, ...]]:
    """Return the query that counts the children of a case by workflow, state, and whether they are open."""
    is_open = case.c.closed_at.is_(None)
    kind = (case.c.workflow, case.c.state, is_open)
    query: Select[*tuple[Any, ...]] = select(*kind, func.count(type_=Integer))
    return query.where(case.c.parent == parent).group_by(*kind)


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    columns: dict[str, Any] = {
        "workflow": wanted.workflow,
        "version": wanted.version,
        "state": wanted.state,
        "parent": wanted.parent,
        "section": wanted.section,
        "subject_id": wanted.subject,
    }
    out = [case.c[name] == value for name, value in columns.items() if value is not None]
    if wanted.open is not None:
        out.append(case.c.closed_at.is_(None) if wanted.open else case.c.closed_at.is_not(None))
    if wanted.opened_from is not None:
        out.append(case.c.opened_at >= to_text(wanted.opened_from))
    if wanted.opened_before is not None:
        out.append(case.c.opened_at < to_text(wanted.opened_before))
    return out
