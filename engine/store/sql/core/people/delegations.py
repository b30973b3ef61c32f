"""Delegations in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import Integer, func, literal_column, select, true, update

from engine.store.sql.building import bind, insert_new
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import delegation

_COLUMNS = [column for column in delegation.c if column.name != "number"]
ALL = PreparedStatement(select(*_COLUMNS).order_by(delegation.c.number, delegation.c.id))
NEXT = PreparedStatement(
    select(
        func.coalesce(func.max(delegation.c.number), literal_column("0", Integer))
        + literal_column("1", Integer)
    )
)
ADD = insert_new(delegation)
END = PreparedStatement(
    update(delegation).where(delegation.c.id == bind(delegation, "id", "delegation_id")).values(ended=true()),
    "delegation_id",
)
