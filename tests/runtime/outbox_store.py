"""A store with an outbox alone, which knows whether a transaction is open and can be told to fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from engine.app.ports.records import OutboxItem

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)


def item(number: int, channel: str = "log", recipient: str | None = "p1", **more: Any) -> OutboxItem:
    """Return a message, older ones having lower numbers."""
    values: dict[str, Any] = {
        "id": f"inspection-{number}:1:1",
        "kind": "message",
        "channel": channel,
        "recipient": recipient,
        "case": f"inspection-{number}",
        "payload": {"about": "remind", "title": f"抽查 {number}", "text": f"请于今日办结第 {number} 件"},
        "created_at": NOW.replace(minute=number % 60),
    }
    return OutboxItem(**{**values, **more})


class OutboxStore:
    """One writer at a time; what a block did is undone when it raises."""

    def __init__(self, *items: OutboxItem) -> None:
        self.items = {i.id: i for i in items}
        self.open = 0
        self.marks: list[tuple[str, str]] = []
        self.refuse: set[tuple[str, str]] = set()
        self._lock = threading.RLock()

    @contextmanager
    def write(self) -> Iterator[Any]:
        with self._lock:
            before = dict(self.items)
            self.open += 1
            try:
                yield _Unit(self)
            except BaseException:
                self.items = before
                raise
            finally:
                self.open -= 1

    read = write

    @contextmanager
    def hold(self, _name: str) -> Iterator[bool]:
        """Nobody else is there."""
        yield True

    def close(self) -> None:
        """Nothing to let go of."""

    def status(self) -> dict[str, str]:
        return {i.id: i.status for i in self.items.values()}


class _Unit:
    def __init__(self, store: OutboxStore) -> None:
        self.outbox = _Outbox(store)


class _Outbox:
    def __init__(self, store: OutboxStore) -> None:
        self._store = store

    def take(self, now: datetime, limit: int, channels: Sequence[str]) -> list[OutboxItem]:
        due = [
            i
            for i in self._store.items.values()
            if i.channel in channels and i.status == "waiting" and (i.next_at is None or i.next_at <= now)
        ]
        return sorted(due, key=lambda i: (i.created_at, i.id))[:limit]

    def sent(self, ids: Sequence[str], at: datetime) -> None:
        for one in ids:
            self._mark("sent", one)
            self._store.items[one] = replace(self._store.items[one], status="sent", sent_at=at)

    def failed(
        self, item_id: str, error: str, retry_at: datetime | None, *, leases: int | None = None
    ) -> None:
        self._mark("failed", item_id)
        found = self._store.items[item_id]
        if leases not in (None, found.leases):
            return
        self._store.items[item_id] = replace(
            found,
            status="incident" if retry_at is None else "waiting",
            attempts=found.attempts + 1,
            next_at=retry_at,
            error=error,
            leases=0,
        )

    def lease(self, ids: Sequence[str], until: datetime, note: str) -> None:
        for one in ids:
            self._mark("claim", one)
            found = self._store.items[one]
            self._store.items[one] = replace(found, next_at=until, error=note, leases=found.leases + 1)

    def extend_lease(self, ids: Sequence[str], until: datetime) -> None:
        for one in ids:
            self._mark("hold", one)
            self._store.items[one] = replace(self._store.items[one], next_at=until)

    def return_lease(self, items: Sequence[OutboxItem]) -> None:
        for given in items:
            self._mark("release", given.id)
            self._store.items[given.id] = given

    def _mark(self, what: str, item_id: str) -> None:
        if (what, item_id) in self._store.refuse:
            raise RuntimeError(f"the store does not take {what} {item_id}")
        self._store.marks.append((what, item_id))
