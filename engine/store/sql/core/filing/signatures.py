"""Signatures and records of retention in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import select

from engine.store.sql.building import bind, insert_new, insert_or_replace
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import retention, signature

ADD = insert_new(signature)
OF_CASE = PreparedStatement(
    select(signature)
    .where(signature.c.case_id == bind(signature, "case_id"))
    .order_by(signature.c.signed_at, signature.c.id),
    "case_id",
)
PUT = insert_or_replace(retention)
GET = PreparedStatement(select(retention).where(retention.c.case_id == bind(retention, "case_id")), "case_id")
ALL = PreparedStatement(select(retention).order_by(retention.c.case_id))
