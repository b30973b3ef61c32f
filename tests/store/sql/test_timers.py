from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.app.ports.records import Timer
from engine.store.sql.repositories.timers import SqlTimers
from engine.store.sql.store import open_store

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def test_what_one_transaction_has_taken_another_does_not_get(postgres_database: str) -> None:
    timers = [Timer("a", f"t{n}", NOW + timedelta(seconds=n)) for n in range(4)]
    store = open_store(postgres_database, create=True)
    try:
        with store.write() as transaction:
            assert isinstance(transaction.timers, SqlTimers)
            transaction.timers.put(timers)
        with store.write() as one, store.write() as other:
            assert one.timers.due(NOW + timedelta(minutes=1), 2) == timers[:2]
            rest = other.timers.due(NOW + timedelta(minutes=1), 9)
            assert rest == timers[2:]
            assert other.timers.due_before(rest) == {"a"}
            one.timers.drop([("a", "t0"), ("a", "t1")])
        with store.read() as transaction:
            assert transaction.timers.count() == 2
            assert transaction.timers.next_at() == timers[2].at
    finally:
        store.close()


@pytest.mark.parametrize("limit", [0, 1])
def test_a_limit(limit: int, postgres_database: str) -> None:
    store = open_store(postgres_database, create=True)
    try:
        with store.write() as transaction:
            transaction.timers.put([Timer("a", "t", NOW)])
            assert len(transaction.timers.due(NOW, limit)) == limit
    finally:
        store.close()
