"""The outbox in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter, methodcaller
from typing import TYPE_CHECKING

from engine.app.ports.records import OutboxItem
from engine.kernel.instants import to_text
from engine.store.codec import instant, outbox_of, outbox_row
from engine.store.sql.kept.kept_statements import kept, made
from engine.store.sql.prepared import DriverConnection, PreparedStatement

if TYPE_CHECKING:
    from engine.store.sql.core import outbox as core
else:
    core = kept("outbox")


_id = itemgetter(0)


class SqlOutbox:
    """`engine.app.ports.repositories.Outbox`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, items: Sequence[OutboxItem]) -> None:
        """Add items; one whose id is already there is left as it is."""
        link = self._driver
        rows = [*map(outbox_row, items)]
        stems = tuple(link.stems)
        if stems and all(map(methodcaller("startswith", stems), map(_id, rows))):
            # Of events that are new themselves.
            link.send("outbox", (core.ADD, rows))
        elif self._are_new(items):
            link.run_many(core.ADD, rows)
        else:
            added = link.run_each(core.PUT, rows)
            rows = [row for row, new in zip(rows, added, strict=True) if new]
        link.wrote("outbox", rows)
        link.work |= bool(items)

    def _are_new(self, items: Sequence[OutboxItem]) -> bool:
        """Tell whether items are of events that are new themselves, and the first that bear their numbers."""
        fresh, self._driver.fresh = self._driver.fresh, set()
        return bool(fresh) and {item.id.rpartition(":")[0] for item in items} <= fresh

    def take(self, now: datetime, limit: int, channels: Sequence[str]) -> list[OutboxItem]:
        """Take up to `limit` undelivered items of `channels` whose time has come, oldest first."""
        if not channels:
            return []
        statement = made("outbox", "take", len(channels), "skip" if self._driver.writing else "")
        return [outbox_of(row) for row in self._driver.run(statement, (*channels, to_text(now), limit))]

    def sent(self, ids: Sequence[str], at: datetime) -> None:
        """Mark items as delivered."""
        moment = to_text(at)
        found = self._driver.run_each(core.SENT, [(moment, item_id) for item_id in ids])
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
            self._driver.run(core.FAILED, row)
            if leases is None
            else self._driver.run(core.FAILED_OF_SENDER, (*row, leases))
        )
        if done.rowcount:
            # What was not delivered has no time of delivery.
            self._driver.changed("outbox.status", [(item_id, status, None)])

    def lease(self, ids: Sequence[str], until: datetime, note: str) -> None:
        """Lease the items to one sender until an instant, without counting an attempt."""
        moment = to_text(until)
        self._driver.run_many(core.LEASE, [(moment, note, item_id) for item_id in dict.fromkeys(ids)])

    def extend_lease(self, ids: Sequence[str], until: datetime) -> None:
        """Let waiting items wait until an instant."""
        moment = to_text(until)
        self._driver.run_many(core.EXTEND_LEASE, [(moment, item_id) for item_id in ids])

    def return_lease(self, items: Sequence[OutboxItem]) -> None:
        """End the lease of items that were not tried: they are again as they were when they were taken."""
        rows = [(instant(item.next_at), item.error, item.leases, item.id, item.leases + 1) for item in items]
        self._driver.run_many(core.RETURN_LEASE, rows)

    def retry(self, item_id: str) -> bool:
        """Let an incident be tried once more."""
        return self._now(core.RETRY, item_id, "waiting")

    def dismiss(self, item_id: str) -> bool:
        """Close an incident that is not to be tried again."""
        return self._now(core.DISMISS, item_id, "dismissed")

    def _now(self, statement: PreparedStatement, item_id: str, status: str) -> bool:
        if self._driver.run(statement, (item_id,)).rowcount != 1:
            return False
        self._driver.changed("outbox.status", [(item_id, status, None)])
        return True

    def incident(self, item_id: str) -> OutboxItem | None:
        """Return one item if it is an incident."""
        row = self._driver.first(core.INCIDENT, (item_id,))
        return None if row is None else outbox_of(row)

    def listed(self, *, status: str | None = None, limit: int = 1000) -> list[OutboxItem]:
        """Return items by status, newest first."""
        query = core.listed(status, limit)
        return [outbox_of(row) for row in self._driver.connection.execute(query)]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many items there are by (kind, status)."""
        query = core.counts()
        return {(row[0], row[1]): row[2] for row in self._driver.connection.execute(query)}
