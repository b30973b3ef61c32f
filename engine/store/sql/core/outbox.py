"""The outbox in SQL: the statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, literal_column, null, or_, select, text, update

from engine.store.sql.building import NOUGHT, ONE, at_most, bind, insert_new, insert_plain
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import outbox

# Written out, not bound: the partial indexes are used only where the planner sees the value.
_WAITING = text("outbox.status = 'waiting'")
_INCIDENTS = text("outbox.status = 'incident'")
_NEWEST_FIRST = (outbox.c.created_at.desc(), outbox.c.id.desc())
PUT, ADD = insert_new(outbox), insert_plain(outbox)
SENT = PreparedStatement(
    update(outbox)
    .where(outbox.c.id == bind(outbox, "id", "item"))
    .values(
        status=literal_column("'sent'"),
        next_at=null(),
        sent_at=bind(outbox, "sent_at"),
        error=null(),
        leases=NOUGHT,
    ),
    "sent_at",
    "item",
)
_FAILED = (
    update(outbox)
    .where(outbox.c.id == bind(outbox, "id", "item"), outbox.c.status != literal_column("'sent'"))
    .values(
        status=bind(outbox, "status"),
        attempts=outbox.c.attempts + ONE,
        next_at=bind(outbox, "next_at"),
        error=bind(outbox, "error"),
        leases=NOUGHT,
    )
)
FAILED = PreparedStatement(_FAILED, "status", "next_at", "error", "item")
#: The same of one sender alone: whose lease ran out, and who found that another has leased it since, says nothing of it.
_OWN_LEASE = outbox.c.leases == bind(outbox, "leases", "own")
FAILED_OF_SENDER = PreparedStatement(_FAILED.where(_OWN_LEASE), "status", "next_at", "error", "item", "own")
_THIS_WAITING = and_(
    outbox.c.id == bind(outbox, "id", "item"), outbox.c.status == literal_column("'waiting'")
)
LEASE = PreparedStatement(
    update(outbox)
    .where(_THIS_WAITING)
    .values(next_at=bind(outbox, "next_at"), error=bind(outbox, "error"), leases=outbox.c.leases + ONE),
    "next_at",
    "error",
    "item",
)
EXTEND_LEASE = PreparedStatement(
    update(outbox).where(_THIS_WAITING).values(next_at=bind(outbox, "next_at")), "next_at", "item"
)
RETURN_LEASE = PreparedStatement(
    update(outbox)
    .where(_THIS_WAITING, _OWN_LEASE)
    .values(next_at=bind(outbox, "next_at"), error=bind(outbox, "error"), leases=bind(outbox, "leases")),
    "next_at",
    "error",
    "leases",
    "item",
    "own",
)
_THIS_INCIDENT = and_(
    outbox.c.id == bind(outbox, "id", "item"), outbox.c.status == literal_column("'incident'")
)
INCIDENT = PreparedStatement(select(outbox).where(_THIS_INCIDENT), "item")
RETRY = PreparedStatement(
    update(outbox)
    .where(_THIS_INCIDENT)
    .values(status=literal_column("'waiting'"), next_at=null(), leases=NOUGHT),
    "item",
)
DISMISS = PreparedStatement(
    update(outbox).where(_THIS_INCIDENT).values(status=literal_column("'dismissed'"), next_at=null()), "item"
)


def take(channels: int, lock: str) -> PreparedStatement:
    """Return the query for undelivered items of so many channels whose time has come, oldest first; `lock` is ``skip`` or nothing."""
    names = [f"channel_{number}" for number in range(channels)]
    is_due = or_(outbox.c.next_at.is_(None), outbox.c.next_at <= bind(outbox, "next_at", "now"))
    those = outbox.c.channel.in_([bind(outbox, "channel", name) for name in names])
    query = select(outbox).where(_WAITING, those, is_due).order_by(outbox.c.created_at, outbox.c.id)
    query = at_most(query, bindparam("most", type_=Integer))
    return PreparedStatement(
        query.with_for_update(skip_locked=True) if lock == "skip" else query, *names, "now", "most"
    )


def listed(status: str | None, limit: int) -> Select[*tuple[Any, ...]]:
    """Return the query for items by status, newest first."""
    query: Select[*tuple[Any, ...]] = select(outbox).order_by(*_NEWEST_FIRST).limit(limit)
    if status == "incident":
        return query.where(_INCIDENTS)
    return query if status is None else query.where(outbox.c.status == status)


def counts() -> Select[str, str, int]:
    """Return the query that counts items by kind and status."""
    query = select(outbox.c.kind, outbox.c.status, func.count(type_=Integer))
    return query.group_by(outbox.c.kind, outbox.c.status)
