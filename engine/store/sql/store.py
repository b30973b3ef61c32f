"""The SQL store: transactions on a database, opened by `open_store`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from engine.language import say
from engine.store.problem import ReadOnlyTransactionError, StoreUnavailableError
from engine.store.sql.connections import BUSY_TIMEOUT_SECONDS, server_engines, sqlite_engine
from engine.store.sql.database_url import address, check_sqlite
from engine.store.sql.revision_check import prepare
from engine.store.sql.transaction import SqlTransaction

if TYPE_CHECKING:
    from engine.store.sql.notifier import Notifier

#: How carefully SQLite waits for the disk: FULL survives a power cut, NORMAL may lose the last transactions in one.
SYNCHRONOUS = ("FULL", "NORMAL", "EXTRA")


class SqlStore:
    """`engine.app.ports.store.Store` on SQLite or PostgreSQL. May be used by several threads; not across a fork.

    After a ConflictError the transaction that raised it must be rolled back, or the savepoint that did.
    """

    def __init__(self, writer: Engine, reader: Engine, where: str) -> None:
        self._writer = writer
        self._reader = reader
        #: The database, as sentences name it.
        self.where = where
        # SQLite lets one write at a time. Threads of one process wait here, where the next is woken at once;
        # processes wait at the file, where SQLite looks again every now and then.
        self._write_lock = threading.Lock() if writer.dialect.name == "sqlite" else None
        self._writing_thread: int | None = None
        # The one connection that writes an SQLite file stays out of the pool between two transactions: what the pool
        # does to lend it and to take it back costs a tenth of a step.
        self._writing_connection: Connection | None = None
        self._writing_driver: Any = None
        self._notifier: Notifier | None = None
        if writer.dialect.name == "postgresql":
            from engine.store.sql.notifier import Notifier

            self._notifier = Notifier()

    @property
    def engine(self) -> Engine:
        """Return the engine that writes, for what is about the database as a whole."""
        if self._write_lock is not None and self._writing_thread != threading.get_ident():
            with self._write_lock:
                # Its connection goes back to the pool, where the caller finds it.
                self._release_connection()
        return self._writer

    @property
    def reader(self) -> Engine:
        """Return the engine that only reads."""
        return self._reader

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """Begin a transaction that may write; it commits at the end of the block, or rolls back if that raises.

        Raises StoreUnavailableError where the database cannot be written, RuntimeError inside another transaction of
        the same thread that writes.
        """
        if self._write_lock is None:
            with self._transaction(self._writer) as connection:
                transaction = SqlTransaction(connection, writing=True)
                yield transaction
                transaction.state()
                if self._notifier is not None and transaction.work:
                    self._notifier.notify(connection)
            return
        me = threading.get_ident()
        if self._writing_thread == me:
            raise RuntimeError("a transaction of this store that writes is already open in this thread")
        if not self._write_lock.acquire(timeout=BUSY_TIMEOUT_SECONDS):
            raise StoreUnavailableError(
                say("数据库 {where} 正在执行另一项长时间的写入，等候超时；请稍后重试", where=self.where)
            )
        try:
            self._writing_thread = me
            with self._explaining(self._writer):
                connection = self._connected()
                driver = self._writing_driver
                # By the driver itself: what SQLAlchemy does to begin and to commit costs as much as the writing. It learns of it
                # where something is asked of it (`DriverConnection.connection`).
                driver.execute("BEGIN IMMEDIATE")
                transaction = SqlTransaction(connection, writing=True, driver=driver)
                try:
                    yield transaction
                    transaction.state()
                    transaction.commit()
                except BaseException:
                    transaction.roll_back()
                    raise
        except BaseException:
            self._release_connection()
            raise
        finally:
            self._writing_thread = None
            self._write_lock.release()

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """Begin a transaction that only reads, on one consistent state. Raises ReadOnlyTransactionError where it writes."""
        with self._transaction(self._reader) as connection:
            yield SqlTransaction(connection, writing=False)

    @contextmanager
    def hold(self, name: str) -> Iterator[bool]:
        """Hold a name among all processes on this database while the block lasts; False where somebody else holds it.

        Of a file of SQLite it is a file beside it, on a server a lock of a session: both end with the process. Raises
        StoreUnavailableError, OSError.
        """
        from engine.store.sql.held_name import held_beside, held_on_server

        if self._write_lock is not None:
            holding = held_beside(Path(self.where), name)
        else:
            holding = held_on_server(self._writer, lambda: self._explaining(self._writer), name)
        with holding as held:
            yield held

    def _connected(self) -> Connection:
        if self._writing_connection is None:
            self._writing_connection = connection = self._writer.connect()
            self._writing_driver = connection.connection.driver_connection
        return self._writing_connection

    def _release_connection(self) -> None:
        """Give the connection back to the pool, which looks whether it is still good."""
        connection, self._writing_connection, self._writing_driver = self._writing_connection, None, None
        if connection is not None:
            connection.close()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with self._explaining(engine), engine.begin() as connection:
            yield connection

    @contextmanager
    def _explaining(self, engine: Engine) -> Iterator[None]:
        try:
            yield
        except NoFreeConnection as problem:
            message = say("数据库 {where} 的连接都在使用，等候超时；请稍后重试", where=self.where)
            raise StoreUnavailableError(message) from problem
        except (DBAPIError, engine.dialect.loaded_dbapi.Error) as problem:
            from engine.store.sql.error_messages import explained

            cause = getattr(problem, "orig", problem)
            if engine is self._reader and "SQLITE_READONLY" in str(getattr(cause, "sqlite_errorname", "")):
                raise ReadOnlyTransactionError from problem
            other = explained(problem, self.where)
            if other is problem:
                raise
            if engine is self._writer and isinstance(other, ReadOnlyTransactionError):
                # The server itself only reads: a standby took over its address, or somebody has set it so.
                message = say(
                    "数据库 {where} 现在只供读取，不能写入；请检查是否连到了备用服务器", where=self.where
                )
                raise StoreUnavailableError(message) from problem
            raise other from problem

    def clock(self) -> datetime | None:
        """Return the time of the database server, aware; None where there is no server."""
        if self._notifier is None:
            return None
        with self._transaction(self._reader) as connection:
            said: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
            return said

    def close(self) -> None:
        """Close the connections."""
        self._release_connection()
        self._writer.dispose()
        self._reader.dispose()


def open_store(named: str | Path, *, create: bool = False, synchronous: str = "FULL") -> SqlStore:
    """Open the database at a path (SQLite) or URL (``postgresql://…``).

    With `create`, one that is missing or empty is made, and one of an older version is brought up to date. Raises
    StoreUnavailableError where there is none, where it cannot be used, or where it belongs to another version.
    """
    if synchronous not in SYNCHRONOUS:
        raise StoreUnavailableError(
            say(
                "设置项 synchronous 应为 {expected} 之一，实为“{seen}”",
                expected=list(SYNCHRONOUS),
                seen=synchronous,
            )
        )
    url = address(str(named))
    if url.get_backend_name() == "sqlite":
        where = str(url.database)
        check_sqlite(Path(where), create=create)
        store = SqlStore(
            sqlite_engine(url, writing=True, synchronous=synchronous),
            sqlite_engine(url, writing=False, synchronous=synchronous),
            where,
        )
    else:
        where = url.render_as_string(hide_password=True)
        store = SqlStore(*server_engines(url), where)
    try:
        prepare(store.reader, store.engine, store.where, create=create)
    except BaseException:
        store.close()
        raise
    return store
