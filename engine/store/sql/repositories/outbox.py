"""The outbox in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Integer, and_, func, literal_column, null, or_, select, text, update

from engine.app.ports.records import OutboxItem
from engine.kernel.instants import to_text
from engine.store.codec import instant, outbox_of, outbox_row
from engine.store.sql.prepared import (
    NOUGHT,
    ONE,
    DriverConnection,
    PreparedStatement,
    bind,
    insert_new,
    insert_plain,
)
from engine.store.sql.tables import outbox

# Written out, not bound: the partial indexes are used only where the planner sees the value.
_WAITING = text("outbox.status = 'waiting'")
_INCIDENT = text("outbox.status = 'incident'")
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


class SqlOutbox:
    """`engine.app.ports.repositories.Outbox`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, items: Sequence[OutboxItem]) -> None:
        """Add items; one whose id is already there is left as it is."""
        rows = [outbox_row(item) for item in items]
        stems = tuple(self._driver.stems)
        if stems and all(item.id.startswith(stems) for item in items):
            # Of events that are new themselves.
            self._driver.send("outbox", (ADD, rows))
            added = [True] * len(rows)
        elif self._are_new(items):
            self._driver.run_many(ADD, rows)
            added = [True] * len(rows)
        else:
            added = self._driver.run_each(PUT, rows)
        self._driver.wrote("outbox", [row for row, new in zip(rows, added, strict=True) if new])
        self._driver.work |= bool(items)

    def _are_new(self, items: Sequence[OutboxItem]) -> bool:
        """Tell whether items are of events that are new themselves, and the first that bear their numbers."""
        fresh, self._driver.fresh = self._driver.fresh, set()
        return bool(fresh) and {item.id.rpartition(":")[0] for item in items} <= fresh

    def take(self, now: datetime, limit: int, channels: Sequence[str]) -> list[OutboxItem]:
        """Take up to `limit` undelivered items of `channels` whose time has come, oldest first."""
        query = (
            select(outbox)
            .where(
                _WAITING,
                outbox.c.channel.in_(channels),
                or_(outbox.c.next_at.is_(None), outbox.c.next_at <= to_text(now)),
            )
            .order_by(outbox.c.created_at, outbox.c.id)
            .limit(limit)
        )
        if self._driver.writing:
            query = query.with_for_update(skip_locked=True)
        return [outbox_of(row) for row in self._driver.connection.execute(query)]

    def sent(self, ids: Sequence[str], at: datetime) -> None:
        """Mark items as delivered."""
        moment = to_text(at)
        found = self._driver.run_each(SENT, [(moment, item_id) for item_id in ids])
        self._driver.changed(
            "outbox.status", [(item, "sent", moment) for item, there in zip(ids, found, strict=True) if there]
        )

    def failed(
        self, item_id: str, error: str, retry_at: datetime | None, *, leases: int | None = None
    ) -> None:
        """Note a failed attempt; an item that was delivered meanwhile stays delivered."""
        status = "incident" if retry_at is None else "waiting"
        row = (status, instant(retry_at), error, item_id)
        done = (
            self._driver.run(FAILED, row)
            if leases is None
            else self._driver.run(FAILED_OF_SENDER, (*row, leases))
        )
        if done.rowcount:
            # What was not delivered has no time of delivery.
            self._driver.changed("outbox.status", [(item_id, status, None)])

    def lease(self, ids: Sequence[str], until: datetime, note: str) -> None:
        """Lease the items to one sender until an instant, without counting an attempt."""
        moment = to_text(until)
        self._driver.run_many(LEASE, [(moment, note, item_id) for item_id in dict.fromkeys(ids)])

    def extend_lease(self, ids: Sequence[str], until: datetime) -> None:
        """Let waiting items wait until an instant."""
        moment = to_text(until)
        self._driver.run_many(EXTEND_LEASE, [(moment, item_id) for item_id in ids])

    def return_lease(self, items: Sequence[OutboxItem]) -> None:
        """End the lease of items that were not tried: they are again as they were when they were taken."""
        rows = [(instant(item.next_at), item.error, item.leases, item.id, item.leases + 1) for item in items]
        self._driver.run_many(RETURN_LEASE, rows)

    def retry(self, item_id: str) -> bool:
        """Let an incident be tried once more."""
        return self._now(RETRY, item_id, "waiting")

    def dismiss(self, item_id: str) -> bool:
        """Close an incident that is not to be tried again."""
        return self._now(DISMISS, item_id, "dismissed")

    def _now(self, statement: PreparedStatement, item_id: str, status: str) -> bool:
        if self._driver.run(statement, (item_id,)).rowcount != 1:
            return False
        self._driver.changed("outbox.status", [(item_id, status, None)])
        return True

    def incident(self, item_id: str) -> OutboxItem | None:
        """Return one item if it is an incident."""
        row = self._driver.first(INCIDENT, (item_id,))
        return None if row is None else outbox_of(row)

    def listed(self, *, status: str | None = None, limit: int = 1000) -> list[OutboxItem]:
        """Return items by status, newest first."""
        query = select(outbox).order_by(*_NEWEST_FIRST).limit(limit)
        if status == "incident":
            query = query.where(_INCIDENT)
        elif status is not None:
            query = query.where(outbox.c.status == status)
        return [outbox_of(row) for row in self._driver.connection.execute(query)]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many items there are by (kind, status)."""
        query = select(outbox.c.kind, outbox.c.status, func.count(type_=Integer)).group_by(
            outbox.c.kind, outbox.c.status
        )
        return {(row[0], row[1]): row[2] for row in self._driver.connection.execute(query)}
