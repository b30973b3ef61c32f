"""What requests answered, in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import select

from engine.store.sql.building import bind, insert_new, insert_plain
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import idempotency_key

GET = PreparedStatement(
    select(idempotency_key).where(idempotency_key.c.id == bind(idempotency_key, "id")), "id"
)
PUT, ADD = insert_new(idempotency_key), insert_plain(idempotency_key)
