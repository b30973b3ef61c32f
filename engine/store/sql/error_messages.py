"""Sentences for the errors of a database driver, for the person who can do something about them."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from shutil import disk_usage
from typing import Any

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from engine.app.ports.store import ConflictError
from engine.language import Message, say
from engine.store.problem import ReadOnlyTransactionError, StoreUnavailableError
from engine.store.revision import MOVED

#: What SQLAlchemy and the driver of SQLite raise, and what reading rows that are not as they were written can.
DATABASE_ERRORS = (
    *(SQLAlchemyError, sqlite3.Error, sqlite3.Warning, ValueError, KeyError, TypeError, AttributeError),
    *(IndexError, OverflowError, RecursionError),
)
#: PostgreSQL: two transactions wanted each other's rows, wrote over each other, or made the same new row (which a
#: serialized one may be reported before it is reported that it was overtaken). Trying again helps.
_OVERTAKEN = ("40001", "40P01", "23505")
#: PostgreSQL: classes of errors that lie with the server: connection, authorization, no such database, resources,
#: limits, an operator's hand, the system, its files, damage.
_OF_SERVER = ("08", "28", "3D", "53", "54", "57", "58", "F0", "XX")
#: PostgreSQL: the transaction did nothing for so long that others were given what it held (``postgres.yaml``).
_HUNG = "25P03"


def is_of_pool(problem: BaseException) -> bool:
    """Tell whether a problem is that no connection became free in time."""
    return isinstance(problem, NoFreeConnection)


def is_of_driver(problem: BaseException) -> bool:
    """Tell whether a problem is one of a driver, or of SQLAlchemy about one."""
    if isinstance(problem, (DBAPIError, sqlite3.Error)):
        return True
    # The driver of PostgreSQL is there where it was loaded.
    psycopg: Any = sys.modules.get("psycopg")
    return psycopg is not None and isinstance(problem, psycopg.Error)


def explained(problem: Exception, where: str) -> Exception:
    """Return what to raise instead of a driver's exception: a sentence where a person can help, else the same."""
    cause: Any = problem.orig if isinstance(problem, DBAPIError) else problem
    if MOVED in str(cause):
        return StoreUnavailableError(moved(where))
    name = getattr(cause, "sqlite_errorname", None)
    if name is not None:
        return _of_sqlite(problem, str(name), where)
    if isinstance(cause, sqlite3.Error):
        # Not of SQLite but of its driver, such as about a text that is none in UTF-8: the database is there.
        return problem
    state = getattr(cause, "sqlstate", None)
    if state in _OVERTAKEN:
        return ConflictError("")
    if state == "25006":
        return ReadOnlyTransactionError()
    # No SQLSTATE: the server was never reached, or went away. Its kinds have names of their own (ConnectionTimeout, …).
    if state is None and any(kind.__name__ == "OperationalError" for kind in type(cause).__mro__):
        return StoreUnavailableError(
            say(
                "连不上数据库 {where}：{problem}。请检查数据库服务是否运行、地址和密码是否正确",
                where=where,
                problem=str(cause).strip(),
            )
        )
    if state == _HUNG:
        return StoreUnavailableError(
            say(
                "数据库 {where} 中断了这次写入：程序停顿太久，占着的已让给别人；没有保存任何内容，请重试",
                where=where,
            )
        )
    if state is not None and (state[:2] in _OF_SERVER or state == "55P03"):
        return StoreUnavailableError(
            say("数据库 {where} 拒绝服务：{problem}", where=where, problem=str(cause).strip())
        )
    return problem


def moved(where: str) -> Message:
    """Return what to say where the data of a database has moved to another one."""
    return say(
        "数据库 {where} 的数据已搬到别处（ssj migrate-store），不能再用；settings.yaml 的 database 一项写着新的数据库，正在运行的程序请重新启动",
        where=where,
    )


def _of_sqlite(problem: Exception, name: str, where: str) -> Exception:
    if name.startswith("SQLITE_IOERR") and _no_room(where):
        # SQLite takes a full disk for a broken one where it is the shared memory that finds no room.
        name = "SQLITE_FULL"
    for prefix, sentence in _SQLITE:
        if name.startswith(prefix):
            return StoreUnavailableError(Message(sentence.text, {"where": where, "problem": str(problem)}))
    return problem


def _no_room(where: str) -> bool:
    """Tell whether the disk below a database is as good as full."""
    try:
        return disk_usage(Path(where).parent).free < _ROOM
    except OSError:
        return False


#: Bytes without which SQLite cannot work: its shared memory and a few pages of its log.
_ROOM = 128 * 1024

_SQLITE: tuple[tuple[str, Message], ...] = (
    (
        "SQLITE_BUSY",
        say("数据库 {where} 正被其他程序占用，等候超时；请稍后重试，或检查是否有程序长时间没有退出"),
    ),
    ("SQLITE_LOCKED", say("数据库 {where} 正被其他程序占用，等候超时；请稍后重试")),
    (
        "SQLITE_READONLY",
        say("数据库 {where} 不可写：请检查文件和所在目录的权限，当前用户对两者都要有写权限"),
    ),
    ("SQLITE_CANTOPEN", say("无法打开数据库 {where}：请检查所在目录是否存在、当前用户是否有读写权限")),
    ("SQLITE_PERM", say("无权访问数据库 {where}：请检查文件权限")),
    ("SQLITE_FULL", say("磁盘已满，数据库 {where} 无法写入；本次操作没有保存，请清理磁盘后重试")),
    (
        "SQLITE_NOTADB",
        say("{where} 不是数据库文件，或已损坏；请核对路径，必要时用最近的备份恢复（ssj restore）"),
    ),
    ("SQLITE_CORRUPT", say("数据库 {where} 已损坏；请保留该文件备查，并用最近的备份恢复（ssj restore）")),
    ("SQLITE_IOERR", say("读写数据库 {where} 时磁盘出错；本次操作没有保存，请检查磁盘是否已满或损坏")),
    *(
        (name, say("数据库 {where} 现在不能使用：{problem}；请稍后重试"))
        for name in ("SQLITE_PROTOCOL", "SQLITE_INTERRUPT", "SQLITE_NOMEM", "SQLITE_NOLFS", "SQLITE_AUTH")
    ),
)
