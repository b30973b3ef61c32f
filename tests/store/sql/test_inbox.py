from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.app.ports.records import InboxEntry
from engine.store.codec import inbox_row
from engine.store.sql.repositories.inbox import SqlInbox
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import inbox

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def make(name: str, recipient: str = "p", minutes: int = 0) -> InboxEntry:
    return InboxEntry(
        id=name,
        recipient=recipient,
        case="c",
        about="remind",
        title="甲",
        text="乙",
        urgent=False,
        created_at=NOW + timedelta(minutes=minutes),
    )


def test_entries_newest_first_and_kept_as_they_came(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    one, two, three = make("a"), make("b", minutes=5), make("c")
    with store.write() as transaction:
        assert isinstance(transaction.inbox, SqlInbox)
        transaction.inbox.put([one, two, three, make("d", "q")])
        transaction.inbox.put([replace(one, text="other")])
        transaction.inbox.put([])
    with store.read() as transaction:
        assert transaction.inbox.of("p") == [two, three, one]
        assert transaction.inbox.of("p", limit=1) == [two]
        assert transaction.inbox.of("nobody") == []
    assert inbox_row(one) in [tuple(row) for row in rows(inbox)]


def test_only_ones_own_entries_are_marked_and_once(store: SqlStore) -> None:
    entries = [make("a"), make("b"), make("c", "q")]
    at = NOW + timedelta(hours=1)
    with store.write() as transaction:
        transaction.inbox.put(entries)
        assert transaction.inbox.ack("p", ["c", "b", "b", "z"], at) == ["b"]
        assert transaction.inbox.ack("p", ["b", "a"], at + timedelta(hours=1)) == ["a"]
        assert transaction.inbox.ack("p", [], at) == []
    with store.read() as transaction:
        assert [entry.acked_at for entry in transaction.inbox.of("p")] == [at, at + timedelta(hours=1)]
        assert transaction.inbox.of("p", unacked=True) == []
        assert transaction.inbox.of("q", unacked=True) == [entries[2]]


def test_an_instant_without_a_zone_is_refused(store: SqlStore) -> None:
    naive = datetime(2027, 3, 1)  # noqa: DTZ001 - what must be refused
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.inbox.ack("p", [], naive)
