"""Drafts in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import delete, select

from engine.store.sql.building import bind, insert_or_replace
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import draft as table

_KEY = ("person", "case_id", "step")
_THIS = [table.c[name] == bind(table, name) for name in _KEY]
GET = PreparedStatement(select(*table.c).where(*_THIS), *_KEY)
OF = PreparedStatement(
    select(*table.c)
    .where(table.c.person == bind(table, "person"))
    .order_by(table.c.person, table.c.case_id, table.c.step),
    "person",
)
PUT = insert_or_replace(table)
DROP = PreparedStatement(delete(table).where(*_THIS), *_KEY)
