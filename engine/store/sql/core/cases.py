"""Cases in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import ClauseElement, ColumnElement, Integer, bindparam, func, select, update

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


def find(words: str) -> PreparedStatement:
    """Return the query for cases that fit, ordered by id; `words` names its conditions."""
    query = select(case).where(*_conditions(words)).order_by(case.c.id)
    return PreparedStatement(at_most(query, bindparam("most", type_=Integer)), *_valued(words), "most")


def count(words: str) -> PreparedStatement:
    """Return the query that counts the cases that fit; `words` names its conditions."""
    query = select(func.count(type_=Integer)).select_from(case).where(*_conditions(words))
    return PreparedStatement(query, *_valued(words))


#: Name of a condition of a filter -> the condition; those of `_STATES` have no value.
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    **{
        name: case.c[name] == bind(case, name)
        for name in ("workflow", "version", "state", "parent", "section")
    },
    "subject": case.c.subject_id == bind(case, "subject_id", "subject"),
    "opened_from": case.c.opened_at >= bind(case, "opened_at", "opened_from"),
    "opened_before": case.c.opened_at < bind(case, "opened_at", "opened_before"),
    "after": case.c.id > bind(case, "id", "after"),
}
_STATES = {"open": case.c.closed_at.is_(None), "closed": case.c.closed_at.is_not(None)}


def _conditions(words: str) -> list[ColumnElement[bool]]:
    every = _CONDITIONS | _STATES
    return [every[name] for name in words.split()]


def _valued(words: str) -> list[str]:
    return [name for name in words.split() if name in _CONDITIONS]


_KIND = (case.c.workflow, case.c.state, _STATES["open"])
#: Counts the children of a case by workflow, state, and whether they are open.
COUNT_CHILDREN = PreparedStatement(
    select(*_KIND, func.count(type_=Integer)).where(case.c.parent == bind(case, "parent")).group_by(*_KIND),
    "parent",
)
