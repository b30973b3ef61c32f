"""Starting many cases at once on SQLite, by hand: made and written a thousand at a time, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from benchmarks.honest.schema import GENESIS, RefusedError
from benchmarks.honest.statement import INSERT as STATEMENT
from benchmarks.honest.statement import Statement
from benchmarks.honest.visit import STATES, Batch
from benchmarks.honest.workdays import Deadlines

CHUNK = 1000
CASE = (
    'INSERT INTO "case" (id, workflow, version, state, rev, head, parent, section, subject_id, title, opened_at,'
    " entered_at, body) VALUES (?, 'visit', 1, 'there', 1, ?, ?, ?, ?, ?, ?, ?, ?)"
)
EVENT = (
    "INSERT INTO event (stream, seq, at, actor, kind, body, previous, hash)"
    f" VALUES (?, 1, ?, ?, 'started', ?, '{GENESIS}', ?)"
)
TASK = (
    "INSERT INTO task (case_id, key, workflow, state, title, case_title, section, due_on, due_at, provisional, opened_at)"
    f" VALUES (?, ?, 'visit', 'there', '{STATES['there']}', ?, ?, ?, ?, ?, ?)"
)
TIMER = "INSERT INTO timer (case_id, name, at, provisional) VALUES (?, 'there', ?, ?)"


def spawn(
    connection: sqlite3.Connection,
    deadlines: Deadlines,
    now: datetime,
    actor: str,
    rows: Iterable[Mapping[str, Any]],
) -> list[str]:
    """Start a case of ``visit`` for each row; returns the ids. Raises RefusedError where the process is not published."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        ids = _spawn(connection, deadlines, now, actor, iter(rows))
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return ids


def _spawn(
    connection: sqlite3.Connection,
    deadlines: Deadlines,
    now: datetime,
    actor: str,
    rows: Iterator[Mapping[str, Any]],
) -> list[str]:
    latest = connection.execute(
        "SELECT number FROM workflow_version WHERE workflow = 'visit' ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if latest != (1,):
        raise RefusedError("workflow")
    ids: list[str] = []
    statement = Statement()
    while chunk := list(islice(rows, CHUNK)):
        (last,) = connection.execute(
            "INSERT INTO sequence_counter (name, last) VALUES ('visit', ?)"
            " ON CONFLICT (name) DO UPDATE SET last = last + excluded.last RETURNING last",
            (len(chunk),),
        ).fetchone()
        batch = Batch(actor, now, deadlines)
        first = last - len(chunk) + 1
        own = [f"visit-{number}" for number in range(first, last + 1)]
        for case_id, new in zip(own, chunk, strict=True):
            batch.add(case_id, new)
        connection.executemany(CASE, batch.cases)
        connection.executemany(EVENT, batch.events)
        connection.executemany(TASK, batch.tasks)
        connection.executemany(TIMER, batch.timers)
        batch.state(statement, last)
        ids += own
    connection.executemany(STATEMENT, statement.close())
    return ids
