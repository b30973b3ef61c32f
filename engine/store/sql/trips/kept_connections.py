"""Connections to PostgreSQL that write, kept between transactions: the pool asks the server each time whether they are still good."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine

from engine.store.sql.transaction import SqlTransaction
from engine.store.sql.trips.pipelined import BROKEN, PipelinedConnection

#: So many are kept at most, of those the pool lends; the others are for whoever reads.
MAX_RESTING = 4
#: One that has rested longer goes back to the pool, which asks.
RESTED_SECONDS = 30


class KeptConnections:
    """The connections of one process that write. May be used by several threads."""

    def __init__(self, engine: Engine, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._monotonic = monotonic
        self._lock = threading.Lock()
        #: Last transaction, when it ended.
        self._resting: list[tuple[SqlTransaction, Connection, float]] = []

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """Begin a transaction; it commits at the end of the block, or rolls back if that raises."""
        former, connection = self._taken()
        transaction = former.next()
        try:
            transaction.begin()
            yield transaction
            transaction.commit()
        except BaseException:
            transaction.roll_back()
            self._give_back(transaction, connection)
            raise
        with self._lock:
            keep = len(self._resting) < MAX_RESTING
            if keep:
                self._resting.append((transaction, connection, self._monotonic()))
        if not keep:
            self._give_back(transaction, connection)

    def close(self) -> None:
        """Give all back to the pool."""
        with self._lock:
            resting, self._resting = self._resting, []
        for transaction, connection, _ in resting:
            self._give_back(transaction, connection)

    def _taken(self) -> tuple[SqlTransaction, Connection]:
        while True:
            with self._lock:
                found = self._resting.pop() if self._resting else None
            if found is None:
                connection = self._engine.connect()
                driver = PipelinedConnection(connection, connection.connection.driver_connection)
                return SqlTransaction(driver), connection
            transaction, connection, since = found
            if self._monotonic() - since <= RESTED_SECONDS and not _spoken_to(connection):
                return transaction, connection
            self._give_back(transaction, connection)

    @staticmethod
    def _give_back(transaction: SqlTransaction, connection: Connection) -> None:
        # What is wrong with it was raised where it was used.
        with suppress(*BROKEN):
            transaction.driver.wait()
        with suppress(*BROKEN):
            connection.close()


def _spoken_to(connection: Connection) -> bool:
    """Tell whether the server has said something while nothing was asked: that it closes the connection."""
    driver = connection.connection.driver_connection
    if driver is None or driver.closed:
        return True
    readable, _, _ = select.select([driver.fileno()], [], [], 0)
    return bool(readable)
