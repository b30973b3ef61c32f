from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.app.ports.records import IdempotencyRecord
from engine.app.ports.store import ConflictError
from engine.store.sql.repositories.idempotency import SqlIdempotencyRecords
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import idempotency_key

RECORD = IdempotencyRecord("r-1", "d" * 64, {"case": "c-1"}, datetime(2027, 3, 1, 1, tzinfo=UTC))


def test_a_row_for_each_request(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        assert isinstance(transaction._idempotency, SqlIdempotencyRecords)
        transaction.record_request(RECORD)
        with pytest.raises(ConflictError, match="r-1"):
            transaction.record_request(RECORD)
        assert transaction.idempotency_record("r-1") == RECORD
    assert rows(idempotency_key) == [("r-1", "d" * 64, '{"case":"c-1"}', "2027-03-01T01:00:00.000000Z")]
