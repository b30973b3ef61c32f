"""One durable step on SQLite, by hand: one query for all that is looked at, one statement for each table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.honest.advances import JudgedAdvances
from benchmarks.honest.messages import OUTBOX, messages, notified
from benchmarks.honest.schema import PEOPLE, RefusedError, sqlite
from benchmarks.honest.statement import INSERT as STATEMENT
from benchmarks.honest.visit import (
    CASE_COLUMNS,
    STATES,
    People,
    Step,
    keys_of,
    order_text,
)
from benchmarks.honest.workdays import Deadlines

_NEWEST = ", ".join(
    f"(SELECT hash FROM event WHERE stream = '{stream}' ORDER BY seq DESC LIMIT 1)" for stream in PEOPLE
)
LOOK = (
    f"SELECT r.digest, r.answer, {_NEWEST}, (SELECT max(at) FROM daemon),"
    " (SELECT hash FROM event WHERE stream = c.id AND seq = c.rev), "
    + ", ".join(f"c.{name}" for name in CASE_COLUMNS.split(", "))
    + ' FROM (SELECT 1) LEFT JOIN idempotency_key r ON r.id = ? LEFT JOIN "case" c ON c.id = ?'
)
EVENT = "INSERT INTO event (stream, seq, at, actor, kind, body, previous, hash) VALUES (?, ?, ?, ?, 'advanced', ?, ?, ?)"
CASE = (
    'UPDATE "case" SET state = ?, rev = ?, head = ?, entered_at = ?, closed_at = ?, assignee = NULL, body = ?'
    " WHERE id = ? AND rev = ?"
)
TASKS = (
    "UPDATE task SET state = ?, title = ?, assignee = NULL, due_on = ?, due_at = ?, provisional = ?, opened_at = ?"
    " WHERE case_id = ?"
)
TASK = (
    "INSERT INTO task (case_id, key, workflow, state, title, case_title, section, due_on, due_at, provisional, opened_at)"
    " VALUES (?, ?, 'visit', ?, ?, ?, ?, ?, ?, ?, ?)"
)
TIMER = "UPDATE timer SET name = ?, at = ?, provisional = ?, error = NULL WHERE case_id = ? AND name = ?"
DRAFT = "DELETE FROM draft WHERE person = ? AND case_id = ? AND step = ?"
RECEIPT = "INSERT INTO idempotency_key (id, digest, answer, at) VALUES (?, ?, ?, ?)"


class Advances(JudgedAdvances):
    """Steps of the process ``visit`` in one SQLite file."""

    def __init__(
        self,
        path: Path | str,
        deadlines: Deadlines,
        clock: Callable[[], datetime],
        channels: Sequence[str] = ("log",),
    ) -> None:
        self.connection = sqlite(path)
        self.cursor = self.connection.cursor()
        people = People(lambda query, values: self.connection.execute(query, values).fetchall())
        super().__init__(deadlines, clock, channels, people)

    def advance(
        self,
        case_id: str,
        step: str,
        person: str,
        answers: Mapping[str, Any] | None,
        reason: str | None = None,
        *,
        request: str,
    ) -> str:
        """Take a step in one transaction; returns what is answered as JSON. Raises RefusedError."""
        digest = sha256(order_text(case_id, step, person, answers, reason).encode()).hexdigest()
        execute = self.cursor.execute
        execute("BEGIN IMMEDIATE")
        try:
            seen, answer, one, two, three, beat, head, *case = execute(LOOK, (request, case_id)).fetchone()
            if seen is not None:
                if seen != digest:
                    raise RefusedError("request")
                execute("ROLLBACK")
                return str(answer)
            if case[0] is None:
                raise RefusedError("case")
            done = self.judge(case_id, case, (one, two, three), beat, head, step, person, answers, reason)
            draft = None
            if answers is not None:
                # What was typed for the step is handed in now.
                execute(DRAFT, (person, case_id, step))
                draft = (person, case_id, step) if self.cursor.rowcount == 1 else None
            answer = self._write(execute, case_id, case, done, person, request, digest, draft)
            execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                execute("ROLLBACK")
            raise
        return answer

    def _write(
        self,
        execute: Any,
        case_id: str,
        case: Sequence[Any],
        done: Step,
        person: str,
        request: str,
        digest: str,
        draft: tuple[str, str, str] | None,
    ) -> str:
        _, rev, head, section, _, title, *_ = case
        at, told = done.at, []
        execute(EVENT, (case_id, done.seq, at, person, done.entry, head, done.hash))
        closed = at if done.final else None
        execute(CASE, (done.state, done.seq, done.hash, at, closed, done.body, case_id, rev))
        if self.cursor.rowcount != 1:
            raise RefusedError("conflict")
        clock = done.clock
        if clock is None:
            execute("DELETE FROM task WHERE case_id = ?", (case_id,))
            execute("DELETE FROM timer WHERE case_id = ? AND name = ?", (case_id, done.before))
        else:
            due = (clock.due_on, clock.due_at, clock.provisional, at)
            keys = keys_of(done.members)
            execute(TASKS, (done.state, STATES[done.state], *due, case_id))
            if self.cursor.rowcount != len(keys):
                execute("DELETE FROM task WHERE case_id = ?", (case_id,))
                for key in keys:
                    execute(TASK, (case_id, key, done.state, STATES[done.state], title, section, *due))
            execute(TIMER, (done.state, clock.next_at, clock.provisional, case_id, done.before))
            if self.cursor.rowcount != 1:
                execute(
                    "INSERT OR REPLACE INTO timer (case_id, name, at, provisional) VALUES (?, ?, ?, ?)",
                    (case_id, done.state, clock.next_at, clock.provisional),
                )
        if done.tells:
            told = messages(
                case_id, done.seq, self.people.clerks(section), self.channels, notified(title, done.firm), at
            )
            for message in told:
                execute(OUTBOX, message)
        answer = done.answer(case_id)
        receipt = (request, digest, answer, at)
        execute(RECEIPT, receipt)
        for stated in done.statement(case_id, tuple(case), told, receipt, draft):
            execute(STATEMENT, stated)
        return answer

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()
