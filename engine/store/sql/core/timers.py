"""Timers in SQL. A timer that was set aside keeps its row, with what went wrong: the statements."""

from __future__ import annotations

from sqlalchemy import Integer, bindparam, delete, func, null, select, update

from engine.store.sql.building import at_most, bind, insert_or_replace
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import timer

_ASLEEP = timer.c.error.is_(None)
_KEY = (timer.c.case_id == bind(timer, "case_id"), timer.c.name == bind(timer, "name"))
PUT = insert_or_replace(timer, reset=["error"])
DROP = PreparedStatement(delete(timer).where(*_KEY), "case_id", "name")
#: SQLite: one that has the name already gives way.
MOVE = PreparedStatement(
    update(timer)
    .prefix_with("OR REPLACE")
    .where(timer.c.case_id == bind(timer, "case_id", "of"), timer.c.name == bind(timer, "name", "was"))
    .values({**{name: bind(timer, name) for name in ("name", "at", "provisional")}, "error": null()}),
    *("name", "at", "provisional", "of", "was"),
)
_DUE = at_most(
    select(timer)
    .where(_ASLEEP, timer.c.at <= bind(timer, "at"))
    .order_by(timer.c.at, timer.c.case_id, timer.c.name),
    bindparam("most", type_=Integer),
)
DUE = PreparedStatement(_DUE, "at", "most")
#: Skips what another transaction has taken: two daemons share the work instead of waiting for each other.
TAKE = PreparedStatement(_DUE.with_for_update(skip_locked=True), "at", "most")
NEXT = PreparedStatement(at_most(select(timer.c.at).where(_ASLEEP).order_by(timer.c.at)))
SET_ASIDE = PreparedStatement(
    update(timer).where(*_KEY, _ASLEEP).values(error=bind(timer, "error")), "error", "case_id", "name"
)
INCIDENTS = PreparedStatement(
    select(timer).where(timer.c.error.is_not(None)).order_by(timer.c.case_id, timer.c.name)
)
INCIDENT = PreparedStatement(select(timer).where(*_KEY, timer.c.error.is_not(None)), "case_id", "name")
OF_CASE = PreparedStatement(
    select(timer).where(timer.c.case_id == bind(timer, "case_id"), _ASLEEP).order_by(timer.c.name), "case_id"
)
OF_CASES = select(timer.c.case_id, timer.c.name, timer.c.at).where(
    timer.c.case_id.in_(bindparam("values", expanding=True)), _ASLEEP
)


_OF = (timer.c.case_id, timer.c.name, timer.c.at)


def of_cases(count: int) -> PreparedStatement:
    """Return the query for the sleeping timers of so many cases."""
    names = [f"value_{number}" for number in range(count)]
    wanted = timer.c.case_id.in_([bind(timer, "case_id", name) for name in names])
    return PreparedStatement(select(*_OF).where(wanted, _ASLEEP), *names)


PROVISIONAL = PreparedStatement(
    select(timer.c.case_id).distinct().where(_ASLEEP, timer.c.provisional).order_by(timer.c.case_id)
)
COUNT = PreparedStatement(select(func.count(type_=Integer)).select_from(timer).where(_ASLEEP))
