"""A connection to PostgreSQL on which a step is two trips: what it looks at, and what it writes with the commit.

Nothing waits for the answer of a statement whose outcome is certain: one on rows that the transaction has locked, or one
that fails where it does not do what it is to. Such statements are sent as one, as the parts of one WITH, which the server
prepares once. Whoever asks for anything else ends this: the rest of the transaction waits for each answer, as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from psycopg import Error as DriverError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from engine.store.sql.prepared import Columns, DriverConnection, PreparedStatement, Rows, Sent

#: What a connection that is no longer good ends in.
BROKEN = (DriverError, SQLAlchemyError, OSError)
#: So many statements are sent as one at most.
MAX_WAITING = 24


class PipelinedConnection(DriverConnection):
    """A connection that writes, kept between transactions."""

    __slots__ = ("_joined", "_pipeline", "_tables", "_waiting")

    def __init__(self, connection: Connection, driver: Any) -> None:
        super().__init__(connection, writing=True, driver=driver)
        self._pipeline: Any = None
        self._waiting: list[tuple[PreparedStatement, tuple[Any, ...]]] = []
        self._tables: set[str] = set()
        #: Statements -> the one they are sent as.
        self._joined: dict[tuple[PreparedStatement, ...], str] = {}

    def begin(self) -> None:
        """Begin a transaction: the driver does that with its first statement."""
        if self._pipeline is None:
            self._pipeline = self._driver.pipeline()
            self._pipeline.__enter__()
        self.piped = True

    @property
    def connection(self) -> Connection:
        """Return the connection of SQLAlchemy, in the transaction; it waits for each answer."""
        self.wait()
        connection = self._of_sqlalchemy()
        if self._begun is None:
            self._begun = connection.begin()
        return connection

    def send(self, table: str, *pairs: Sent) -> None:
        """Run statements on a table, each for every one of its rows, at the latest when the transaction commits."""
        if not self.piped:
            super().send(table, *pairs)
            return
        # The parts of one statement do not see what the others do.
        if table in self._tables or len(self._waiting) > MAX_WAITING:
            self._send_waiting()
        self._tables.add(table)
        self._waiting += [(statement, row) for statement, rows in pairs for row in rows]

    def exec_driver_sql(self, text: str) -> None:
        """Run a text as it is, which answers nothing."""
        self._send_waiting()
        self._execute(text)

    def _send_waiting(self) -> None:
        waiting = self._waiting
        if not waiting:
            return
        self._waiting, self._tables = [], set()
        if len(waiting) > MAX_WAITING:
            for statement, row in waiting:
                self._execute(statement.text(self.dialect), row)
            return
        # The last is the one that is not inside the WITH; it must not begin with one itself.
        waiting.sort(key=lambda one: not one[0].text(self.dialect).startswith("WITH"))
        statements = tuple(statement for statement, _ in waiting)
        text = self._joined.get(statements)
        if text is None:
            *inside, last = (statement.text(self.dialect) for statement in statements)
            parts = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(inside))
            text = self._joined[statements] = f"WITH {parts} {last}" if parts else last
        self._execute(text, tuple(value for _, row in waiting for value in row))

    def wait(self) -> None:
        """Send what has not been sent, and wait for each answer from now on. Raises what a statement has failed with."""
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is None:
            return
        try:
            self._send_waiting()
        finally:
            self.piped = False
            pipeline.__exit__(None, None, None)

    def first(self, statement: PreparedStatement, row: tuple[Any, ...] = ()) -> Columns | None:
        """Return the first row a query finds."""
        self._send_waiting()
        found: Columns | None = self._execute(statement.text(self.dialect), row).fetchone()
        return found

    def run(self, statement: PreparedStatement, row: tuple[Any, ...] = ()) -> Rows:
        """Run a statement once."""
        self.wait()
        return super().run(statement, row)

    def run_many(self, statement: PreparedStatement, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run a statement for every row; returns how many rows it changed in all."""
        if rows:
            self.wait()
        return super().run_many(statement, rows)

    def run_each(self, statement: PreparedStatement, rows: Sequence[tuple[Any, ...]]) -> list[bool]:
        """Run a statement for every row; returns for each whether it changed one."""
        if rows:
            self.wait()
        return super().run_each(statement, rows)

    def commit(self) -> None:
        """Commit the transaction."""
        if self._begun is None:
            self._send_waiting()
            self._driver.commit()
        else:
            super().commit()

    def roll_back(self) -> None:
        """Roll the transaction back. What fails then is not raised: the connection is not used again."""
        self._waiting, self._tables = [], set()
        with suppress(*BROKEN):
            self.wait()
        with suppress(*BROKEN):
            if self._begun is None:
                self._driver.rollback()
            else:
                super().roll_back()
