"""What writing transactions of SQLite do, counted.

Statements are those the writing connection is given between BEGIN IMMEDIATE and COMMIT; work is what its virtual machine
does meanwhile, in instructions: whatever is read or written row by row costs some for each row.
"""

from __future__ import annotations

import sqlite3
import sqlite3.dbapi2
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

#: Instructions between two counts.
EVERY = 10


@dataclass(slots=True)
class Work:
    """What was done in writing transactions by these connections."""

    connections: list[sqlite3.Connection] = field(repr=False)
    transactions: int = 0
    statements: int = 0
    instructions: int = 0
    writing: bool = False
    #: Of the transaction with the most of them.
    most_statements: int = 0
    most_instructions: int = 0
    _before: tuple[int, int] = field(default=(0, 0), repr=False)

    def saw(self, statement: str) -> None:
        """Count a statement."""
        if statement.startswith("BEGIN IMMEDIATE"):
            self._write(True)
            self.transactions += 1
            self._before = (self.statements, self.instructions)
        self.statements += self.writing
        if statement.startswith(("COMMIT", "ROLLBACK")) and self.writing:
            self._write(False)
            self.most_statements = max(self.most_statements, self.statements - self._before[0])
            self.most_instructions = max(self.most_instructions, self.instructions - self._before[1])

    def _write(self, writing: bool) -> None:
        # Whoever only reads a history is not interrupted at every tenth instruction, which would be most of the time.
        self.writing = writing
        for connection in self.connections:
            connection.set_progress_handler(self.went_on if writing else None, EVERY)

    def went_on(self) -> None:
        """Count instructions."""
        self.instructions += EVERY * self.writing


@contextmanager
def connections_noted() -> Iterator[list[sqlite3.Connection]]:
    """Keep every connection to SQLite that is made meanwhile. Looking for them among all objects would take most of the time."""
    made: list[sqlite3.Connection] = []
    connect = sqlite3.dbapi2.connect

    def noting(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        made.append(connect(*args, **kwargs))
        return made[-1]

    with pytest.MonkeyPatch.context() as patched:
        # SQLAlchemy asks for it by the one name, the store by the other.
        patched.setattr(sqlite3.dbapi2, "connect", noting)
        patched.setattr(sqlite3, "connect", noting)
        yield made


def is_open(connection: sqlite3.Connection) -> bool:
    """Tell whether a connection has not been closed."""
    try:
        connection.total_changes  # noqa: B018 - asked for its refusal
    except sqlite3.ProgrammingError:
        return False
    return True


@contextmanager
def measured(noted: list[sqlite3.Connection]) -> Iterator[Work]:
    """Count what every connection to SQLite of those that were noted does while the block runs."""
    connections = [found for found in noted if is_open(found)]
    work = Work(connections)
    for connection in connections:
        connection.set_trace_callback(work.saw)
    try:
        yield work
    finally:
        for connection in connections:
            connection.set_trace_callback(None)
            connection.set_progress_handler(None, 0)
        work.connections.clear()
