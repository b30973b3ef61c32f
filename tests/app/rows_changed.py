"""Rows changed by SQL, as whoever holds the database can change them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.store.sql import SqlStore
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.transaction import SqlTransaction


@contextmanager
def changed(store: SqlStore, *statements: Any) -> Iterator[SqlTransaction]:
    """Yield a transaction that sees what was done by hand, and undo it."""
    with store.engine.connect() as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount, str(statement)
        yield SqlTransaction(DriverConnection(connection, writing=False))
        connection.rollback()
