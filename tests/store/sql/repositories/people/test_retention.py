"""What is past its term is gone from the table, a few rows at a time."""

from __future__ import annotations

from sample_rows import after, make_reading

from engine.store.sql.repositories.people.retention import SqlPruning
from engine.store.sql.store import SqlStore


def test_a_few_rows_at_a_time(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.readings.add([make_reading(f"p-{number}") for number in range(5)])
    with store.write() as transaction:
        assert isinstance(transaction.pruning, SqlPruning)
        assert [transaction.pruning.prune("readings", after(days=1), 3) for _ in range(3)] == [3, 2, 0]
