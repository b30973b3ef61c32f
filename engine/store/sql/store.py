"""The SQL store: transactions on a database, opened by `open_store`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from engine.language import say
from engine.store.problem import ReadOnlyTransactionError, StoreUnavailableError
from engine.store.sql.connections import BUSY_TIMEOUT_SECONDS, server_engines, sqlite_engine
from engine.store.sql.database_url import address, check_sqlite
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.revision_check import prepare
from engine.store.sql.transaction import SqlTransaction

if TYPE_CHECKING:
    from engine.store.sql.notifier import Notifier

#: How carefully SQLite waits for the disk: FULL survives a power cut, NORMAL may lose the last transactions in one.
SYNCHRONOUS = ("FULL", "NORMAL", "EXTRA")


class _WritingToFile:
    """The one transaction that writes a file of SQLite. A class: a generator costs ten calls more, and each step has one."""

    __slots__ = ("_lock", "_store", "_transaction")

    def __init__(self, store: SqlStore, lock: threading.Lock) -> None:
        self._store, self._lock = store, lock

    def __enter__(self) -> SqlTransaction:
        self._transaction = transaction = self._store.begin_on_file(self._lock)
        return transaction

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if problem is not None:
            self._give_up(problem)
            return
        try:
            self._transaction.state()
            self._transaction.commit()
        except BaseException as failed:
            self._give_up(failed)
            raise
        self._store.end_on_file(self._lock, good=True)

    def _give_up(self, problem: BaseException) -> None:
        """Roll back; raises what the problem is to the application, where it has another name there."""
        try:
            self._transaction.roll_back()
        finally:
            self._store.end_on_file(self._lock, good=False)
        self._store.explain_writing(problem)


class _Together(threading.local):
    """What one thread reads together: the transaction, once something is read, and how many blocks use it now."""

    on = False
    transaction: SqlTransaction | None = None
    opened: AbstractContextManager[Connection] | None = None
    used = 0
    stale = False

    def end(self) -> None:
        """Give the connection back, where somebody reads on it now once they have: what is read next is read anew."""
        self.stale = self.used > 0
        if self.opened is not None and not self.stale:
            opened, self.opened, self.transaction = self.opened, None, None
            opened.__exit__(None, None, None)


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
        self._together = _Together()
        # The one connection that writes an SQLite file stays out of the pool between two transactions: what the pool
        # does to lend it and to take it back costs a tenth of a step.
        self._writing_connection: Connection | None = None
        #: The transaction that writes the file, or the last one that did.
        self._writing: SqlTransaction | None = None
        self._notifier: Notifier | None = None
        if writer.dialect.name == "postgresql":
            from engine.store.sql.notifier import Notifier
            from engine.store.sql.trips.kept_connections import KeptConnections

            self._notifier = Notifier()
            self._kept = KeptConnections(writer)

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

    def write(self) -> AbstractContextManager[SqlTransaction]:
        """Begin a transaction that may write; it commits at the end of the block, or rolls back if that raises.

        Raises StoreUnavailableError where the database cannot be written, RuntimeError inside another transaction of
        the same thread that writes.
        """
        self._together.end()
        return (
            self._writing_to_server() if self._write_lock is None else _WritingToFile(self, self._write_lock)
        )

    @contextmanager
    def _writing_to_server(self) -> Iterator[SqlTransaction]:
        with self._explaining(self._writer), self._kept.transaction() as transaction:
            yield transaction
            transaction.state()
            if self._notifier is not None and transaction.work:
                self._notifier.notify(transaction.driver)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """Begin a transaction that only reads, on one consistent state. Raises ReadOnlyTransactionError where it writes."""
        together = self._together
        if not together.on:
            with self._transaction(self._reader) as connection:
                yield SqlTransaction(connection, writing=False)
            return
        if together.transaction is None:
            opened = self._transaction(self._reader)
            together.transaction = SqlTransaction(opened.__enter__(), writing=False)
            together.opened = opened
        together.used += 1
        try:
            with self._explaining(self._reader):
                yield together.transaction
        except BaseException:
            together.used -= 1
            # A server reads no more in a transaction in which something failed.
            together.end()
            raise
        together.used -= 1
        if together.stale:
            together.end()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let what this thread reads in the block be read on one connection and one state, until it writes."""
        together = self._together
        if together.on:
            yield
            return
        together.on = True
        try:
            yield
        finally:
            together.on = False
            together.end()

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

    def begin_on_file(self, lock: threading.Lock) -> SqlTransaction:
        """Begin the one transaction that writes the file, by the driver itself."""
        me = threading.get_ident()
        if self._writing_thread == me:
            raise RuntimeError("a transaction of this store that writes is already open in this thread")
        if not lock.acquire(timeout=BUSY_TIMEOUT_SECONDS):
            raise StoreUnavailableError(
                say("数据库 {where} 正在执行另一项长时间的写入，等候超时；请稍后重试", where=self.where)
            )
        self._writing_thread = me
        try:
            # By the driver itself: what SQLAlchemy does to begin and to commit costs as much as the writing. It learns of it
            # where something is asked of it (`DriverConnection.connection`).
            if self._writing is None:
                connection = self._writing_connection = self._writer.connect()
                driver = DriverConnection(
                    connection, writing=True, driver=connection.connection.driver_connection
                )
                self._writing = SqlTransaction(connection, writing=True, driver=driver)
            self._writing = self._writing.next()
            self._writing.begin()
        except BaseException as problem:
            self.end_on_file(lock, good=False)
            self.explain_writing(problem)
            raise
        return self._writing

    def end_on_file(self, lock: threading.Lock, *, good: bool) -> None:
        """Let others write the file."""
        if not good:
            self._release_connection()
        self._writing_thread = None
        lock.release()

    def _release_connection(self) -> None:
        """Give the connection back to the pool, which looks whether it is still good."""
        connection, self._writing_connection, self._writing = self._writing_connection, None, None
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
        except Exception as problem:
            self._explain(engine, problem)
            raise

    def explain_writing(self, problem: BaseException) -> None:
        """Raise what a problem while writing is to the application; return where it has no other name there."""
        self._explain(self._writer, problem)

    def _explain(self, engine: Engine, problem: BaseException) -> None:
        if isinstance(problem, NoFreeConnection):
            message = say("数据库 {where} 的连接都在使用，等候超时；请稍后重试", where=self.where)
            raise StoreUnavailableError(message) from problem
        if isinstance(problem, (DBAPIError, engine.dialect.loaded_dbapi.Error)):
            from engine.store.sql.error_messages import explained

            cause = getattr(problem, "orig", problem)
            if engine is self._reader and "SQLITE_READONLY" in str(getattr(cause, "sqlite_errorname", "")):
                raise ReadOnlyTransactionError from problem
            other = explained(problem, self.where)
            if other is problem:
                return
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
        if self._notifier is not None:
            self._kept.close()
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
