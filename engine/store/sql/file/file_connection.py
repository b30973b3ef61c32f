"""A connection to a file of SQLite by the driver alone; SQLAlchemy is loaded where a query of its own is asked on it."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect, Engine

#: Seconds a transaction waits for another process to finish writing.
BUSY_TIMEOUT_SECONDS = 30
#: Bytes the write-ahead log of SQLite is cut to once it has been written back: else it stays as large as it ever was.
MAX_LOG_BYTES = 64 * 1024 * 1024


def how_to_open() -> dict[str, Any]:
    """Return how the driver opens a file."""
    return {"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False, "cached_statements": 256}


def set_up(driver: Any, *, writing: bool, synchronous: str) -> None:
    """Set a connection of the driver up: a log that is written ahead, transactions begun by the program alone."""
    # The driver must not begin transactions of its own accord.
    driver.isolation_level = None
    cursor = driver.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute(f"PRAGMA synchronous={synchronous}")
    cursor.execute(f"PRAGMA journal_size_limit={MAX_LOG_BYTES}")
    if not writing:
        cursor.execute("PRAGMA query_only=ON")
    cursor.close()


class FileConnection(DriverConnection):
    """A connection to a file, kept between transactions; each is begun on the driver."""

    __slots__ = ()

    def __init__(self, path: str, *, writing: bool, synchronous: str) -> None:
        driver = sqlite3.connect(path, **how_to_open())
        try:
            set_up(driver, writing=writing, synchronous=synchronous)
            self._set_up("sqlite", driver, writing=writing)
        except BaseException:
            driver.close()
            raise
        self._connection = None
        self._begun = None

    @property
    def dialect(self) -> Dialect:  # type: ignore[override]
        """Return the dialect of SQLAlchemy."""
        return _engine().dialect

    @property
    def is_wrapped(self) -> bool:
        """Tell whether SQLAlchemy has asked something on it."""
        return self._connection is not None

    def _of_sqlalchemy(self) -> Connection:
        if self._connection is None:
            self._connection = _around(self._driver)
        return self._connection

    def close(self) -> None:
        """Close it; what was not committed is rolled back."""
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                connection.close()
        finally:
            self._driver.close()


@cache
def _engine() -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", poolclass=StaticPool)
    # What SQLAlchemy asks of its first connection it asks of this one, and not in a transaction of ours.
    engine.connect().close()
    return engine


def _around(driver: Any) -> Connection:
    from sqlalchemy import Engine
    from sqlalchemy.pool import StaticPool

    known = _engine()
    return Engine(
        StaticPool(lambda: driver, reset_on_return=None, dialect=known.dialect), known.dialect, known.url
    ).connect()
