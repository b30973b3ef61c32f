"""The SQL store: transactions on a database, opened by `open_store`."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from engine.language import say
from engine.store.problem import ReadOnlyTransactionError, StoreUnavailableError
from engine.store.revision import works_on
from engine.store.sql.file import file_connection
from engine.store.sql.file.file_connection import FileConnection
from engine.store.sql.file.file_place import check_sqlite
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.transaction import SqlTransaction

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from engine.store.sql.notifier import Notifier

#: How carefully SQLite waits for the disk: FULL survives a power cut, NORMAL may lose the last transactions in one.
SYNCHRONOUS = ("FULL", "NORMAL", "EXTRA")
#: Connections that read a file, kept between transactions.
KEPT_READERS = 5


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
        self._store.end_on_file(self._lock)

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
    opened: AbstractContextManager[SqlTransaction] | None = None
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

    def __init__(
        self, where: str, engines: Callable[[], tuple[Engine, Engine]], *, synchronous: str | None = None
    ) -> None:
        """`engines` makes an engine that writes and one that reads; with `synchronous` the database is a file."""
        #: The database, as sentences name it.
        self.where = where
        self._make_engines = engines
        self._making = threading.Lock()
        self._engines: tuple[Engine, Engine] | None = None
        self._synchronous = synchronous
        # SQLite lets one write at a time. Threads of one process wait here, where the next is woken at once;
        # processes wait at the file, where SQLite looks again every now and then.
        self._write_lock = None if synchronous is None else threading.Lock()
        self._writing_thread: int | None = None
        self._together = _Together()
        # The one connection that writes an SQLite file is kept between two transactions.
        self._writing_connection: FileConnection | None = None
        #: The transaction that writes the file, or the last one that did.
        self._writing: SqlTransaction | None = None
        #: Connections that read the file, by the driver; SQLAlchemy asks on one of them what is its own to ask. None of a server.
        self._readers: list[FileConnection] | None = [] if synchronous is not None else None
        self._notifier: Notifier | None = None
        if synchronous is None:
            from engine.store.sql.notifier import Notifier
            from engine.store.sql.trips.kept_connections import KeptConnections

            self._notifier = Notifier()
            self._kept = KeptConnections(self._both()[0])

    def _both(self) -> tuple[Engine, Engine]:
        """Return the engines, made when they are first asked for: a short command on a file needs none."""
        with self._making:
            if self._engines is None:
                self._engines = self._make_engines()
            return self._engines

    @property
    def engine(self) -> Engine:
        """Return the engine that writes, for what is about the database as a whole."""
        if self._write_lock is not None and self._writing_thread != threading.get_ident():
            with self._write_lock:
                # The engine opens one of its own.
                self._release_connection()
        return self._both()[0]

    @property
    def reader(self) -> Engine:
        """Return the engine that only reads."""
        return self._both()[1]

    def write(self) -> AbstractContextManager[SqlTransaction]:
        """Begin a transaction that may write; it commits at the end of the block, or rolls back if that raises.

        Raises StoreUnavailableError where the database cannot be written, RuntimeError inside another transaction of
        the same thread that writes.
        """
        if self._together.on:
            self._together.end()
        return (
            self._writing_to_server() if self._write_lock is None else _WritingToFile(self, self._write_lock)
        )

    @contextmanager
    def _writing_to_server(self) -> Iterator[SqlTransaction]:
        with self._explaining(writing=True), self._kept.transaction() as transaction:
            yield transaction
            transaction.state()
            if self._notifier is not None and transaction.work:
                self._notifier.notify(transaction.driver)

    def read(self) -> AbstractContextManager[SqlTransaction]:
        """Begin a transaction that only reads, on one consistent state. Raises ReadOnlyTransactionError where it writes."""
        return self._read_together() if self._together.on else self._read_alone()

    @contextmanager
    def _read_together(self) -> Iterator[SqlTransaction]:
        """Read on the transaction this thread reads together on; the first begins it."""
        together = self._together
        if together.transaction is None:
            opened = self._read_alone()
            together.transaction = opened.__enter__()
            together.opened = opened
        together.used += 1
        try:
            with self._explaining(writing=False):
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
    def _read_alone(self) -> Iterator[SqlTransaction]:
        """Begin a transaction that only reads, on a connection of its own."""
        readers = self._readers
        if readers is None:
            with self._transaction() as connection:
                yield SqlTransaction(DriverConnection(connection, writing=False))
            return
        with self._explaining(writing=False):
            try:
                driver = readers.pop()
            except IndexError:
                driver = self._opened(writing=False)
            try:
                driver.begin_anew()
                driver.begin()
                yield SqlTransaction(driver)
                driver.roll_back()
            except BaseException:
                driver.close()
                raise
            if self._readers is readers and len(readers) < KEPT_READERS:
                readers.append(driver)
            else:
                driver.close()

    def _opened(self, *, writing: bool) -> FileConnection:
        return FileConnection(self.where, writing=writing, synchronous=self._synchronous or "FULL")

    def _close_readers(self) -> None:
        """Close the connections that read; one that is in use is closed once it has read."""
        readers, self._readers = self._readers, None if self._readers is None else []
        while readers:
            readers.pop().close()

    def revision(self) -> str | None:
        """Return the revision of a file as the driver reads it; None where it cannot be read so."""
        try:
            with self.read() as transaction:
                row = transaction.driver.raw("SELECT version_num FROM alembic_version")
                return None if row is None else str(row[0])
        except (sqlite3.Error, StoreUnavailableError, ReadOnlyTransactionError):
            return None

    @contextmanager
    def hold(self, name: str) -> Iterator[bool]:
        """Hold a name among all processes on this database while the block lasts; False where somebody else holds it.

        Of a file of SQLite it is a file beside it, on a server a lock of a session: both end with the process. Raises
        StoreUnavailableError, OSError.
        """
        from engine.store.sql.file.held_name import held_beside, held_on_server

        if self._write_lock is not None:
            holding = held_beside(Path(self.where), name)
        else:
            holding = held_on_server(self._both()[0], lambda: self._explaining(writing=True), name)
        with holding as held:
            yield held

    def begin_on_file(self, lock: threading.Lock) -> SqlTransaction:
        """Begin the one transaction that writes the file, by the driver itself."""
        me = threading.get_ident()
        if self._writing_thread == me:
            raise RuntimeError("a transaction of this store that writes is already open in this thread")
        if not lock.acquire(timeout=file_connection.BUSY_TIMEOUT_SECONDS):
            raise StoreUnavailableError(
                say("数据库 {where} 正在执行另一项长时间的写入，等候超时；请稍后重试", where=self.where)
            )
        self._writing_thread = me
        try:
            # By the driver itself: what SQLAlchemy does to begin and to commit costs as much as the writing. It is loaded, and
            # learns of it, where something is asked of it (`DriverConnection.connection`).
            connection = self._writing_connection
            if self._writing is None or connection is None:
                self._writing_connection = connection = self._opened(writing=True)
                self._writing = SqlTransaction(connection)
            # Its repositories hold nothing of what was: to make them anew for every step is a tenth of its calls.
            connection.begin_anew()
            connection.begin()
        except BaseException as problem:
            self.end_on_file(lock, good=False)
            self.explain_writing(problem)
            raise
        return self._writing

    def end_on_file(self, lock: threading.Lock, *, good: bool = True) -> None:
        """Let others write the file."""
        if not good:
            self._release_connection()
        self._writing_thread = None
        lock.release()

    def _release_connection(self) -> None:
        """Close the connection that writes: another is opened for the next transaction."""
        connection, self._writing_connection, self._writing = self._writing_connection, None, None
        if connection is not None:
            connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._explaining(writing=False), self._both()[1].begin() as connection:
            yield connection

    @contextmanager
    def _explaining(self, *, writing: bool) -> Iterator[None]:
        try:
            yield
        except Exception as problem:
            self._explain(problem, writing=writing)
            raise

    def explain_writing(self, problem: BaseException) -> None:
        """Raise what a problem while writing is to the application; return where it has no other name there."""
        self._explain(problem, writing=True)

    def _explain(self, problem: BaseException, *, writing: bool) -> None:
        # Nothing of SQLAlchemy is raised where it is not loaded.
        if not isinstance(problem, sqlite3.Error) and "sqlalchemy.exc" not in sys.modules:
            return
        from engine.store.sql.error_messages import explained, is_of_driver, is_of_pool

        if is_of_pool(problem):
            message = say("数据库 {where} 的连接都在使用，等候超时；请稍后重试", where=self.where)
            raise StoreUnavailableError(message) from problem
        if isinstance(problem, Exception) and is_of_driver(problem):
            cause = getattr(problem, "orig", problem)
            if not writing and "SQLITE_READONLY" in str(getattr(cause, "sqlite_errorname", "")):
                raise ReadOnlyTransactionError from problem
            other = explained(problem, self.where)
            if other is problem:
                return
            if writing and isinstance(other, ReadOnlyTransactionError):
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
        with self._transaction() as connection:
            said: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
            return said

    def close(self) -> None:
        """Close the connections."""
        self._release_connection()
        if self._notifier is not None:
            self._kept.close()
        self._close_readers()
        for engine in self._engines or ():
            engine.dispose()


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
    name = str(named)
    if "://" not in name:
        return _opened_file(str(Path(name).absolute()), create=create, synchronous=synchronous)
    from engine.store.sql.database_url import address

    url = address(name)
    if url.get_backend_name() == "sqlite":
        return _opened_file(str(url.database), create=create, synchronous=synchronous)
    from engine.store.sql.connections import server_engines

    where = url.render_as_string(hide_password=True)
    return _prepared(SqlStore(where, lambda: server_engines(url)), create=create)


def _opened_file(where: str, *, create: bool, synchronous: str) -> SqlStore:
    check_sqlite(Path(where), create=create)

    def engines() -> tuple[Engine, Engine]:
        from engine.store.sql.connections import sqlite_engine
        from engine.store.sql.database_url import address

        url = address(where)
        return (
            sqlite_engine(url, writing=True, synchronous=synchronous),
            sqlite_engine(url, writing=False, synchronous=synchronous),
        )

    store = SqlStore(where, engines, synchronous=synchronous)
    if not create and works_on(store.revision() or ""):
        # A newer program may have added to the tables; what this one uses of them is unchanged.
        return store
    return _prepared(store, create=create)


def _prepared(store: SqlStore, *, create: bool) -> SqlStore:
    """Return a store once its tables are those of this version."""
    from engine.store.sql.revision_check import prepare

    try:
        prepare(store.reader, store.engine, store.where, create=create)
    except BaseException:
        store.close()
        raise
    return store
