"""The inbox in SQL: the statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, update

from engine.store.sql.building import bind, insert_new
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import inbox

PUT = insert_new(inbox)
ACK = PreparedStatement(
    update(inbox)
    .where(
        inbox.c.id == bind(inbox, "id", "entry"),
        inbox.c.recipient == bind(inbox, "recipient", "reader"),
        inbox.c.acked_at.is_(None),
    )
    .values(acked_at=bind(inbox, "acked_at")),
    "acked_at",
    "entry",
    "reader",
)


def of(recipient: str, unacked: bool, limit: int) -> Select[*tuple[Any, ...]]:
    """Return the query for a person's entries, newest first."""
    query: Select[*tuple[Any, ...]] = select(inbox).where(inbox.c.recipient == recipient)
    query = query.order_by(inbox.c.created_at.desc(), inbox.c.id.desc()).limit(limit)
    return query.where(inbox.c.acked_at.is_(None)) if unacked else query
