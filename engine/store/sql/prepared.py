"""Statements compiled once, and the connection that runs them.

What runs with every step is built from Core (`engine.store.sql.core`), compiled to the text of the dialect at its first use,
and run from then on as text with tuples: nothing is compiled, looked up or converted per row. The texts for SQLite are kept
beside the program, so that a short command loads nothing of SQLAlchemy (`kept_statements`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.store.reports import BEFORE, EVENTS, MAX_REPORTS, PARTIAL, REMOVED, ROWS, Report

if TYPE_CHECKING:
    from sqlalchemy import ClauseElement, Connection, Dialect, Select
    from sqlalchemy.engine import RootTransaction

    from engine.lifecycle.chain import Event
    from engine.store.sql.compiling import Inserting

Columns: TypeAlias = "tuple[Any, ...]"

#: Says that nothing was fetched ahead: the database has to be asked.
ASK: Any = object()

#: How many values go into one ``IN (…)``.
CHUNK = 500


class PreparedStatement:
    """A statement whose text never changes; `binds` are its parameters, in the order in which a row gives them."""

    def __init__(self, build: ClauseElement | Callable[[Inserting], ClauseElement], *binds: str) -> None:
        self._build = build
        #: Name of a dialect -> the statement as its driver takes it, once it was asked for.
        self.texts: dict[str, str] = {}
        self.binds = binds

    def text(self, dialect: Dialect) -> str:
        """Return the statement as the driver of `dialect` takes it, its parameters in the order of `binds`."""
        text = self.texts.get(dialect.name)
        return self.compile(dialect) if text is None else text

    def compile(self, dialect: Dialect) -> str:
        """Make the text for a dialect, and keep it."""
        from engine.store.sql.compiling import compiled

        text = self.texts[dialect.name] = compiled(self._build, dialect, self.binds)
        return text


class Rows:
    """What the driver answered to one prepared statement: rows as tuples."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        """Return how many rows were changed."""
        count: int = self._cursor.rowcount
        return count

    def first(self) -> Columns | None:
        """Return the first row, or None."""
        row: Columns | None = self._cursor.fetchone()
        return row

    def scalar_one(self) -> Any:
        """Return the only value there is."""
        return self._cursor.fetchone()[0]

    def __iter__(self) -> Iterator[Columns]:
        rows: list[Columns] = self._cursor.fetchall()
        return iter(rows)


#: A statement, and the rows it is run for.
Sent: TypeAlias = "tuple[PreparedStatement, Sequence[tuple[Any, ...]]]"


class DriverConnection:
    """A connection in a transaction, as the repositories use it.

    Prepared statements go to the driver's own cursor: what SQLAlchemy adds for each of them (a context, a result with
    its metadata) costs more than SQLite takes to answer. The transaction, its savepoints and all other queries are
    SQLAlchemy's.
    """

    __slots__ = (
        "_begun",
        "_connection",
        "_cursor",
        "_driver",
        "_execute",
        "_name",
        "_reported",
        "add_statement",
        "ahead",
        "dialect",
        "fresh",
        "heads",
        "holders",
        "looked_at",
        "on_server",
        "piped",
        "reports",
        "stems",
        "touched",
        "work",
        "writing",
    )

    def __init__(self, connection: Connection, *, writing: bool, driver: Any = None) -> None:
        """With `driver`, a transaction has been begun on it that SQLAlchemy does not know of."""
        self.dialect = connection.dialect
        own: Any = connection.connection.driver_connection if driver is None else driver
        self._set_up(connection.dialect.name, own, writing=writing)
        self._connection: Connection | None = connection
        #: SQLAlchemy's transaction, where one was begun on the driver; None as long as there is none.
        self._begun: RootTransaction | bool | None = True if driver is None else None

    def _set_up(self, name: str, driver: Any, *, writing: bool) -> None:
        self._name = name
        #: The database is a server.
        self.on_server = name == "postgresql"
        self.writing = writing
        #: What has a certain outcome is sent without waiting for it.
        self.piped = False
        #: Something was written that a daemon has to do: it is notified when the transaction commits.
        self.work = False
        #: Registers, delegations or settings were written.
        self.touched = False
        self._driver = driver
        self._execute = driver.execute
        #: For statements whose answer is looked at before the next one runs.
        self._cursor = driver.cursor()
        #: What has been written, until it is stated.
        self.reports: list[Report] = []
        self._reported = 0
        #: What was fetched together before it is asked for (`SqlTransaction.look_ahead`), each for the first who asks, and
        #: none of it once something is written.
        self.ahead: dict[Any, Any] | None = None
        #: Of what was looked at ahead, and no other transaction can change: stream -> number and hash of the newest event;
        #: case -> the keys of its tasks.
        self.heads: dict[str, tuple[int, str]] = {}
        self.holders: dict[str, list[str]] = {}
        #: The case that was looked at ahead and locked, and its number as it is stored.
        self.looked_at: tuple[str, int] | None = None
        #: ``stream:number`` of events that were sent: what bears their number is new.
        self.stems: list[str] = []
        #: ``stream:number`` of events that were appended together, as long as nothing was sent that bears their number.
        self.fresh: set[str] = set()
        #: Writes the statement of reports.
        self.add_statement: Callable[[list[Report]], None] | None = None

    @contextmanager
    def decoding_anything(self) -> Iterator[None]:
        """Read a text of SQLite that is none in UTF-8 with signs no text can be written with, instead of failing; ask for what such a text names."""
        if self.on_server:
            yield
            return
        from engine.store.sql.file.undecodable import AnyTextCursor, asking_for_anything

        before = self._driver.text_factory, self._execute, self._cursor
        self._driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        self._cursor = AnyTextCursor(before[2])
        self._execute = lambda *given: AnyTextCursor(self._driver.cursor()).execute(*given)
        try:
            with asking_for_anything(self.connection):
                yield
        finally:
            self._driver.text_factory, self._execute, self._cursor = before

    def begin_anew(self) -> None:
        """Forget the transaction that has ended: the next one has been begun on the driver."""
        self.work = self.touched = False
        self._begun = self.ahead = self.looked_at = None
        self.heads, self.holders, self.stems, self.fresh = {}, {}, [], set()
        self.reports, self._reported = [], 0

    @property
    def connection(self) -> Connection:
        """Return the connection of SQLAlchemy, in the transaction."""
        connection = self._connection or self._of_sqlalchemy()
        if self._begun is None:
            self._begun = connection.begin()
        return connection

    def _of_sqlalchemy(self) -> Connection:
        """Return the connection as SQLAlchemy has it."""
        if self._connection is None:
            raise AssertionError("made without SQLAlchemy")
        return self._connection

    def begin(self) -> None:
        """Begin a transaction on the driver of SQLite."""
        self._cursor.execute("BEGIN IMMEDIATE" if self.writing else "BEGIN")

    def commit(self) -> None:
        """Commit a transaction that was begun on the driver."""
        if self._begun is None:
            self._cursor.execute("COMMIT")
        elif not isinstance(self._begun, bool):
            self._begun.commit()

    def roll_back(self) -> None:
        """Roll back a transaction that was begun on the driver."""
        if self._begun is None:
            self._driver.rollback()
        elif not isinstance(self._begun, bool):
            self._begun.rollback()

    def wait(self) -> None:
        """Wait for each answer from now on, as is done anyhow."""

    def exec_driver_sql(self, text: str) -> None:
        """Run a text as it is, which answers nothing."""
        self._execute(text)

    def raw(self, text: str) -> Columns | None:
        """Return the first row a query finds that is given as a text."""
        found: Columns | None = self._execute(text).fetchone()
        return found

    def run(self, statement: PreparedStatement, row: tuple[Any, ...] = ()) -> Rows:
        """Run a statement once."""
        return Rows(self._execute(statement.texts.get(self._name) or statement.compile(self.dialect), row))

    def run_many(self, statement: PreparedStatement, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run a statement for every row; returns how many rows it changed in all."""
        if not rows:
            return 0
        text = statement.texts.get(self._name) or statement.compile(self.dialect)
        cursor = self._cursor
        if len(rows) == 1:
            cursor.execute(text, rows[0])
        else:
            cursor.executemany(text, rows)
        changed: int = cursor.rowcount
        return changed

    def send(self, table: str, *pairs: Sent) -> None:
        """Run statements on a table, each for every one of its rows; it is certain what they do, and none sees another."""
        for statement, rows in pairs:
            self.run_many(statement, rows)

    def run_each(self, statement: PreparedStatement, rows: Sequence[tuple[Any, ...]]) -> list[bool]:
        """Run a statement for every row; returns for each whether it changed one."""
        if not rows:
            return []
        text = statement.texts.get(self._name) or statement.compile(self.dialect)
        if len(rows) == 1:
            return [self._execute(text, rows[0]).rowcount == 1]
        cursor = self._driver.cursor()
        if not self.on_server:
            return [cursor.execute(text, row).rowcount == 1 for row in rows]
        # Sent together: one trip to the server for all.
        cursor.executemany(text, rows, returning=True)
        changed = [cursor.rowcount == 1]
        while cursor.nextset():
            changed.append(cursor.rowcount == 1)
        return changed

    # Each does the same and calls nothing more: it is done several times in every step.

    def appended(self, events: Sequence[Event]) -> None:
        """Report events that were appended."""
        if events:
            self.ahead = None
            self.reports.append((EVENTS, "", events))
            self._reported += len(events)
            if self._reported >= MAX_REPORTS:
                self.state()

    def wrote(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Report rows that were written, each with all columns of the table."""
        if rows:
            self.ahead = None
            self.reports.append((ROWS, table, rows))
            self._reported += len(rows)
            if self._reported >= MAX_REPORTS:
                self.state()

    def changed(self, part: str, rows: Sequence[Sequence[Any]]) -> None:
        """Report parts of rows that were written, each with the values of the columns of the part."""
        if rows:
            self.ahead = None
            self.reports.append((PARTIAL, part, rows))
            self._reported += len(rows)
            if self._reported >= MAX_REPORTS:
                self.state()

    def replaces(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Report rows as they are now, each with all columns of the table, which are about to be written over or removed."""
        if rows:
            self.reports.append((BEFORE, table, rows))

    def removed(self, table: str, keys: Sequence[tuple[Any, ...]]) -> None:
        """Report rows that were removed; a key without its last value means all that share the rest."""
        if keys:
            self.ahead = None
            self.reports.append((REMOVED, table, keys))
            self._reported += len(keys)
            if self._reported >= MAX_REPORTS:
                self.state()

    def state(self) -> None:
        """Write the statement of what has been reported."""
        if self.reports and self.add_statement is not None:
            reports, self.reports, self._reported = self.reports, [], 0
            self.add_statement(reports)

    def first(self, statement: PreparedStatement, row: tuple[Any, ...] = ()) -> Columns | None:
        """Return the first row a query finds."""
        cursor = self._cursor
        cursor.execute(statement.texts.get(self._name) or statement.compile(self.dialect), row)
        found: Columns | None = cursor.fetchone()
        return found

    def chosen(
        self,
        query: Select[*Columns],
        full: Callable[[], PreparedStatement],
        values: Sequence[str],
        **more: str,
    ) -> Iterator[Any]:
        """Yield the rows of a query with an expanding parameter ``values``, asked in pieces, and of `more` parameters.

        `full` makes the same for `CHUNK` values, then the others: SQLAlchemy would put its text together for each piece.
        """
        for piece in pieces(dict.fromkeys(values), CHUNK):
            if len(piece) == CHUNK:
                yield from self.run(full(), (*piece, *more.values()))
            else:
                yield from self.connection.execute(query, {"values": piece, **more}).all()


def pieces(values: Any, size: int) -> Iterator[list[Any]]:
    """Yield lists of at most `size` values."""
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece
