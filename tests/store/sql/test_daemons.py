from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.app.ports.records import Heartbeat
from engine.store.sql.repositories.daemons import SqlDaemons
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import daemon

NOW, TEXT = datetime(2027, 3, 1, 1, tzinfo=UTC), "2027-03-01T01:00:00.000000Z"


def test_rows_of_daemons(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.daemons, SqlDaemons)
        transaction.daemons.put(Heartbeat("host:1", NOW, "0.1.0", True, timedelta(milliseconds=-7)))
        transaction.daemons.put(Heartbeat("host:2", NOW, "0.1.0", left=True))
        transaction.daemons.put(Heartbeat("host:3", NOW - timedelta(seconds=1), "0.1.0"))
        transaction.daemons.drop_before(NOW)
    assert rows(daemon) == [("host:1", TEXT, "0.1.0", 1, -7, 0), ("host:2", TEXT, "0.1.0", 0, None, 1)]
