"""Tasks in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import Integer, bindparam, delete, select, update

from engine.store.sql.building import at_most, bind, insert_or_replace
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import task

PUT = insert_or_replace(task)
DROP = PreparedStatement(delete(task).where(task.c.case_id == bind(task, "case_id")), "case_id")
_REST = tuple(column.name for column in task.c if column.name not in ("case_id", "key"))
RENEW = PreparedStatement(
    update(task)
    .where(task.c.case_id == bind(task, "case_id"))
    .values({name: bind(task, name) for name in _REST}),
    *_REST,
    "case_id",
)
OF_CASE = PreparedStatement(
    select(task).where(task.c.case_id == bind(task, "case_id")).order_by(task.c.key), "case_id"
)
_URGENT_FIRST = (task.c.due_at.asc().nulls_last(), task.c.case_id, task.c.key)


def of_keys(count: int) -> PreparedStatement:
    """Return the statement for tasks of any of so many keys, earliest due first."""
    names = [f"key_{number}" for number in range(count)]
    query = select(task).where(task.c.key.in_([bind(task, "key", name) for name in names]))
    return PreparedStatement(
        at_most(query.order_by(*_URGENT_FIRST), bindparam("most", type_=Integer)), *names, "most"
    )


def every(words: str) -> PreparedStatement:
    """Return the query for open tasks, earliest due first; `words` names its conditions: a section, late at an instant."""
    conditions = {
        "section": task.c.section == bind(task, "section"),
        "overdue_at": task.c.due_at <= bind(task, "due_at", "overdue_at"),
    }
    names = words.split()
    query = select(task).where(*(conditions[name] for name in names)).order_by(*_URGENT_FIRST)
    return PreparedStatement(at_most(query, bindparam("most", type_=Integer)), *names, "most")
