"""A copy of a PostgreSQL database, as it is at one moment, in an SQLite file: what a backup of a deployment holds.

Made of one transaction that only reads, so that nobody is held up and no step is half there. Both sides are then
compared table by table.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.commands import Clock
from engine.deployment.home import Home
from engine.language import Message, say
from engine.store.problem import StoreUnavailableError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.store.sql.store import SqlStore

#: A daemon whose last sign is younger is taken to be running still, on whatever machine.
ALIVE = timedelta(minutes=3)


class ServerCopyError(Exception):
    """The copy cannot be made; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def on_server(home: Home) -> bool:
    """Tell whether the database of a deployment is on a server."""
    from engine.store.sql.database_url import address

    return address(home.database).get_backend_name() != "sqlite"


def copy_from_server(home: Home, target: Path) -> None:
    """Write the database of a deployment into a new SQLite file. Raises ServerCopyError, StoreUnavailableError.

    One of an earlier revision is copied as it is: it must be backed up before it is upgraded.
    """
    from sqlalchemy import MetaData
    from sqlalchemy.exc import DBAPIError

    from engine.store import migrations
    from engine.store.sql import copy as moving
    from engine.store.sql.connections import server_engines, sqlite_engine
    from engine.store.sql.database_url import address
    from engine.store.sql.error_messages import explained

    server, reader = server_engines(address(home.database))
    # A copy that a power cut leaves behind is thrown away, so it need not wait for the disk.
    made = sqlite_engine(address(str(target)), writing=True, synchronous="NORMAL")
    try:
        with reader.begin() as old:
            revision = _revision(old)
            with made.begin() as new:
                migrations.upgrade(new, revision)
                found = MetaData()
                found.reflect(new)
                tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
                moving.copy(old, new, lambda _table, _rows: None, tables)
            # While the server still shows the same moment; the other side can take its time.
            before = moving.sums(old, tables)
        with made.begin() as new:
            after = moving.sums(new, tables)
    except DBAPIError as problem:
        other = explained(problem, address(home.database).render_as_string(hide_password=True))
        if other is problem:
            raise
        raise other from problem
    finally:
        made.dispose()
        server.dispose()
    different = [name for name, sum_ in before.items() if sum_ != after.get(name)]
    if different:
        raise ServerCopyError(say("从服务器复制的 {tables} 与原来不符，没有备份；请重试", tables=different))


def revision_on_server(home: Home) -> str:
    """Return the revision of the tables of a deployment on a server. Raises ServerCopyError, StoreUnavailableError."""
    from sqlalchemy.exc import DBAPIError

    from engine.store.sql.connections import server_engines
    from engine.store.sql.database_url import address
    from engine.store.sql.error_messages import explained

    server, reader = server_engines(address(home.database))
    try:
        with reader.begin() as connection:
            return _revision(connection)
    except DBAPIError as problem:
        other = explained(problem, address(home.database).render_as_string(hide_password=True))
        raise other from problem
    finally:
        server.dispose()


def _revision(connection: Connection) -> str:
    """Return the revision of the server's tables, one that this program works with."""
    from engine.store.migrations import current
    from engine.store.revision import EXPECTED, order

    revision = current(connection)
    if revision is None:
        raise ServerCopyError(say("数据库中没有本系统的数据；请核对 settings.yaml 的 database 一项"))
    try:
        known = order(revision) <= order(EXPECTED)
    except ValueError:
        raise ServerCopyError(say("数据库已搬走或不是本系统的（结构版本“{seen}”）", seen=revision)) from None
    if not known:
        # What a later program has added would be left out in silence.
        raise ServerCopyError(
            say(
                "数据库的结构版本为 {seen}，比本程序的 {expected} 新；请用新版本的程序备份",
                seen=revision,
                expected=EXPECTED,
            )
        )
    return revision


def who_works(home: Home, clock: Clock) -> list[str]:
    """Return the daemons that work on the database of a deployment, by name; none where it cannot be asked."""
    try:
        with _opened(home) as store, store.read() as transaction:
            return [one.name for one in transaction.daemons.all() if one.alive(clock.now(), ALIVE)]
    except StoreUnavailableError:
        return []


@contextmanager
def _opened(home: Home) -> Iterator[SqlStore]:
    from engine.store.sql import open_store

    store = open_store(home.database)
    try:
        yield store
    finally:
        store.close()
