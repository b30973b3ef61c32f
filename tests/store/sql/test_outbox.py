from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.app.ports.records import OutboxItem
from engine.store.sql.repositories.outbox import SqlOutbox
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import outbox

NOW = datetime(2027, 3, 1, tzinfo=UTC)
ITEM = OutboxItem(id="i", kind="message", channel="log", recipient="p", case=None, payload={}, created_at=NOW)


def test_a_lease_is_counted_extended_and_returned(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    def kept() -> tuple[Any, ...]:
        (row,) = rows(outbox)
        found = dict(zip(outbox.columns.keys(), row, strict=True))
        return found["status"], found["attempts"], found["next_at"], found["error"], found["leases"]

    with store.write() as transaction:
        assert isinstance(transaction.outbox, SqlOutbox)
        transaction.outbox.put([ITEM, ITEM])
        (taken,) = transaction.outbox.take(NOW, 9, ["log"])
        transaction.outbox.lease(["i"], NOW + timedelta(minutes=1), "sending")
        assert transaction.work
    assert kept() == ("waiting", 0, "2027-03-01T00:01:00.000000Z", "sending", 1)
    with store.write() as transaction:
        transaction.outbox.extend_lease(["i"], NOW + timedelta(minutes=2))
    assert kept() == ("waiting", 0, "2027-03-01T00:02:00.000000Z", "sending", 1)
    with store.write() as transaction:
        transaction.outbox.return_lease([taken])
    assert kept() == ("waiting", 0, None, None, 0)
