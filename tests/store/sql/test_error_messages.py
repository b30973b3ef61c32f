from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from engine.app.ports.store import ConflictError
from engine.store.problem import ReadOnlyTransactionError, StoreUnavailableError
from engine.store.revision import MOVED
from engine.store.sql.error_messages import explained


class ServerError(Exception):
    """An error of a server, as the driver has it."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("said by the server")
        self.sqlstate = sqlstate


def of_sqlite(name: str) -> sqlite3.OperationalError:
    problem = sqlite3.OperationalError("said by SQLite")
    problem.sqlite_errorname = name
    return problem


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("SQLITE_BUSY", "占用"),
        ("SQLITE_BUSY_SNAPSHOT", "占用"),
        ("SQLITE_READONLY_DIRECTORY", "不可写"),
        ("SQLITE_FULL", "磁盘已满"),
        ("SQLITE_NOTADB", "不是数据库文件"),
        ("SQLITE_CORRUPT", "已损坏"),
    ],
)
def test_errors_of_sqlite_become_sentences(name: str, part: str) -> None:
    made = explained(OperationalError("SELECT", (), of_sqlite(name)), "a.db")
    assert isinstance(made, StoreUnavailableError)
    assert "a.db" in str(made)
    assert part in str(made)


def test_a_fault_of_the_program_stays_what_it_is() -> None:
    for problem in (of_sqlite("SQLITE_ERROR"), ServerError("42P01")):
        assert explained(problem, "a.db") is problem


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("40001", ConflictError),
        ("40P01", ConflictError),
        ("25006", ReadOnlyTransactionError),
        ("25P03", StoreUnavailableError),
        ("28P01", StoreUnavailableError),
        ("53100", StoreUnavailableError),
    ],
)
def test_errors_of_a_server(state: str, kind: type[Exception]) -> None:
    assert isinstance(explained(ServerError(state), "db"), kind)


def test_a_database_that_has_moved_says_so() -> None:
    made = explained(sqlite3.IntegrityError(MOVED), "a.db")
    assert "已搬到别处" in str(made)
