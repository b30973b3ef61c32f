"""Which revision of the tables a database has, and whether this program can use it."""

from __future__ import annotations

import re

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from engine.kernel.plain_text import visible
from engine.language import say
from engine.store.migrations import current, upgrade
from engine.store.problem import StoreUnavailableError
from engine.store.revision import EXPECTED, MOVED, order, works_on


def prepare(reader: Engine, writer: Engine, where: str, *, create: bool) -> None:
    """Make sure that the database has the tables of this version; with `create` make them or bring them up to date.

    Raises StoreUnavailableError where it has none, or those of a version this program cannot use.
    """
    try:
        # Looked at by a reader first, so that opening never waits for somebody who writes.
        with reader.connect() as connection:
            seen = current(connection)
        if seen != EXPECTED and create and _known(seen):
            with writer.begin() as connection:
                seen = _brought_up(connection)
    except DBAPIError as problem:
        from engine.store.sql.error_messages import explained

        other = explained(problem, where)
        if other is problem:
            raise
        raise other from problem
    if seen is not None and works_on(seen):
        # A newer program may have added to the tables; what this one uses of them is unchanged.
        return
    if seen is None:
        raise StoreUnavailableError(
            say("{where} 中没有本系统的数据；请核对地址，或先用 ssj init DIR 新建部署", where=where)
        )
    if seen == MOVED:
        from engine.store.sql.error_messages import moved

        raise StoreUnavailableError(moved(where))
    if not _is_revision(seen):
        raise StoreUnavailableError(
            say(
                "数据库 {where} 已损坏：表 alembic_version 的行“{seen}”不是结构版本，应为 {expected}；"
                "请保留该文件备查，并用最近的备份恢复（ssj restore）",
                where=where,
                seen=visible(seen),
                expected=EXPECTED,
            )
        )
    if not _known(seen):
        raise StoreUnavailableError(
            say(
                "数据库 {where} 的结构版本为 {seen}，比本程序的 {expected} 新；请升级程序，不要用旧程序打开",
                where=where,
                seen=seen,
                expected=EXPECTED,
            )
        )
    raise StoreUnavailableError(
        say(
            "数据库 {where} 的结构版本为 {seen}，本程序需要 {expected}；请先备份（ssj backup），再运行 ssj doctor 并按提示升级",
            where=where,
            seen=seen,
            expected=EXPECTED,
        )
    )


def _brought_up(connection: Connection) -> str | None:
    """Upgrade a database, one process at a time; returns its revision afterwards."""
    if connection.dialect.name == "postgresql":
        # SQLite has locked out the others already. The number is any that nothing else here uses.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20190127)")
    if current(connection) != EXPECTED:
        upgrade(connection)
    return current(connection)


def _is_revision(seen: str) -> bool:
    """Tell whether some program may call a revision so, and be it a later one."""
    return re.fullmatch(r"[\w.-]+", seen, re.ASCII) is not None


def _known(revision: str | None) -> bool:
    """Tell whether this program can start from `revision`: revisions are numbered in order."""
    try:
        return revision is None or order(revision) <= order(EXPECTED)
    except ValueError:
        return False
