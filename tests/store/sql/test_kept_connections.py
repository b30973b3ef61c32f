from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from sqlalchemy import Engine

from engine.store.sql.store import SqlStore, open_store
from engine.store.sql.trips.kept_connections import MAX_RESTING, RESTED_SECONDS, KeptConnections


@pytest.fixture
def store(postgres_database: str) -> Iterator[SqlStore]:
    with closing(open_store(postgres_database, create=True)) as found:
        yield found


def process(kept: KeptConnections) -> int:
    """Write a setting; return the process of the server that did it."""
    with kept.transaction() as transaction:
        transaction.settings.put("a", 1)
        return int(transaction.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def fails(kept: KeptConnections) -> None:
    with kept.transaction() as transaction:
        transaction.settings.put("b", 1)
        raise LookupError


def lent(engine: Engine) -> int:
    count: int = engine.pool.checkedout()  # type: ignore[attr-defined]  # of a pool that counts
    return count


def test_the_connection_is_kept_until_it_has_rested_or_is_given_back(store: SqlStore) -> None:
    now = 0.0
    kept = KeptConnections(store.engine, lambda: now)
    first = process(kept)
    assert process(kept) == first
    assert lent(store.engine) == 1
    now += RESTED_SECONDS + 1
    process(kept)
    assert lent(store.engine) == 1
    kept.close()
    assert lent(store.engine) == 0


def test_one_that_the_server_has_ended_is_not_used_again(store: SqlStore) -> None:
    kept = KeptConnections(store.engine)
    gone = process(kept)
    with store.reader.connect() as other:
        assert other.exec_driver_sql(f"SELECT pg_terminate_backend({gone}, 10000)").scalar_one()
    assert process(kept) != gone
    kept.close()


def test_no_more_are_kept_than_may_be(store: SqlStore) -> None:
    kept = KeptConnections(store.engine)
    with ExitStack() as block:
        for _ in range(MAX_RESTING + 2):
            block.enter_context(kept.transaction())
        assert lent(store.engine) == MAX_RESTING + 2
    assert lent(store.engine) == MAX_RESTING
    kept.close()


def test_what_raises_is_undone_and_its_connection_given_back(store: SqlStore) -> None:
    kept = KeptConnections(store.engine)
    with pytest.raises(LookupError):
        fails(kept)
    assert lent(store.engine) == 0
    with store.read() as transaction:
        assert transaction.settings.get("b") is None
