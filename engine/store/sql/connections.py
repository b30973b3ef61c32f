"""SQLAlchemy engines set up for writing and for reading."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from engine.language import say
from engine.store.problem import StoreUnavailableError
from engine.store.sql.file.file_connection import BUSY_TIMEOUT_SECONDS, how_to_open, set_up

#: Connections the pool for reading keeps open.
POOL_SIZE = 5
#: How many more it may open for a time.
MAX_OVERFLOW = 20
_TIMES = Path(__file__).with_name("postgres.yaml")


def sqlite_engine(url: URL, *, writing: bool, synchronous: str) -> Engine:
    """Return an engine on an SQLite file in WAL mode.

    A writing transaction begins with BEGIN IMMEDIATE: one that began as a reader and wanted to write later would
    fail at once when somebody else has written meanwhile, however long it may wait. A reading one cannot write.
    """
    engine = create_engine(
        url,
        connect_args=how_to_open(),
        # One that writes; another for maintenance of the file beside it (`SqlStore.engine`).
        pool_size=1 if writing else POOL_SIZE,
        max_overflow=1 if writing else MAX_OVERFLOW,
        pool_timeout=BUSY_TIMEOUT_SECONDS,
    )

    def connected(connection: Any, _record: Any) -> None:
        set_up(connection, writing=writing, synchronous=synchronous)

    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"

    def begun(connection: Connection) -> None:
        # To the driver itself, as with the prepared statements: its errors are translated all the same.
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:
            driver.execute(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def postgres_engines(url: URL) -> tuple[Engine, Engine]:
    """Return a writing and a reading engine on PostgreSQL, which share their connections.

    A reading transaction sees one state from its first look to its end. The server ends the transactions of a client
    that vanished or hangs within the times of ``postgres.yaml``, so that what it had locked is free for the others.
    """
    # The driver and the pool log a broken connection by themselves, to stderr where no logging is set up; the person
    # gets one sentence.
    for logger in map(logging.getLogger, ("psycopg", "sqlalchemy.pool")):
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    engine = create_engine(
        url, paramstyle="format", pool_size=POOL_SIZE, max_overflow=MAX_OVERFLOW, pool_pre_ping=True
    )
    settings = "; ".join(f"SET {name} = {value}" for name, value in postgres_times()["session"].items())

    def connected(connection: Any, _record: Any) -> None:
        connection.execute(settings)
        connection.commit()

    event.listen(engine, "connect", connected)
    return (
        engine.execution_options(isolation_level="READ COMMITTED"),
        engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True),
    )


def postgres_times() -> Mapping[str, Any]:
    """Return the times used by the processes on one PostgreSQL, from ``postgres.yaml``."""
    from engine.yamltext.resource import read_resource

    found: Mapping[str, Any] = read_resource(_TIMES)
    return found


def server_engines(url: Any) -> tuple[Engine, Engine]:
    """Return a writing and a reading engine on PostgreSQL. Raises StoreUnavailableError where there is no driver."""
    try:
        return postgres_engines(url)
    except ModuleNotFoundError:
        raise StoreUnavailableError(
            say('没有安装 PostgreSQL 驱动；请运行 pip install "shuangsuiji[postgres]"')
        ) from None
