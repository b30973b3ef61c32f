"""One durable step on PostgreSQL, by hand, pipelined: one trip to look, one to write and commit.

Everything that is written is one statement. Before it is sent the row of the case is held and its tasks and timers are
counted, so that no count has to come back before the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Any

from benchmarks.honest.advances import JudgedAdvances
from benchmarks.honest.messages import messages, notified
from benchmarks.honest.schema import PEOPLE, RefusedError, postgresql
from benchmarks.honest.visit import (
    CASE_COLUMNS,
    STATES,
    People,
    Step,
    keys_of,
    order_text,
)
from benchmarks.honest.workdays import Deadlines

#: The daemons are called at most so often.
CALL_SECONDS = 1
TRIES = 3

_NEWEST = ", ".join(
    f"(SELECT hash FROM event WHERE stream = '{stream}' ORDER BY seq DESC LIMIT 1)" for stream in PEOPLE
)
LOOK = (
    "SELECT (SELECT digest FROM idempotency_key WHERE id = %s), (SELECT answer FROM idempotency_key WHERE id = %s),"
    " (SELECT count(*) FROM draft WHERE person = %s AND case_id = %s AND step = %s), (SELECT max(at) FROM daemon),"
    f" {_NEWEST}, (SELECT hash FROM event WHERE stream = c.id AND seq = c.rev),"
    " (SELECT count(*) FROM task WHERE case_id = c.id),"
    " (SELECT count(*) FROM timer WHERE case_id = c.id AND name = c.state), "
    + ", ".join(f"c.{name}" for name in CASE_COLUMNS.split(", "))
    + ' FROM "case" c WHERE id = %s FOR UPDATE OF c'
)
_EVENT = (
    "INSERT INTO event (stream, seq, at, actor, kind, body, previous, hash)"
    " VALUES (%(case)s, %(seq)s, %(at)s, %(person)s, 'advanced', %(entry)s, %(head)s, %(hash)s)"
)
_CASE = (
    'UPDATE "case" SET state = %(state)s, rev = %(seq)s, head = %(hash)s, entered_at = %(at)s,'
    " closed_at = %(closed)s, assignee = NULL, body = %(body)s WHERE id = %(case)s AND rev = %(rev)s"
)
_TASKS = (
    "UPDATE task SET state = %(state)s, title = %(shown)s, assignee = NULL, due_on = %(due_on)s, due_at = %(due_at)s,"
    " provisional = %(provisional)s, opened_at = %(at)s WHERE case_id = %(case)s"
)
_TIMER = (
    "UPDATE timer SET name = %(state)s, at = %(next_at)s, provisional = %(provisional)s, error = NULL"
    " WHERE case_id = %(case)s AND name = %(before)s"
)
_OUTBOX = (
    "INSERT INTO outbox (id, kind, channel, recipient, case_id, payload, created_at, status, attempts, leases)"
    " SELECT m.id, 'message', m.channel, m.recipient, %(case)s, %(payload)s, %(at)s, 'waiting', 0, 0"
    " FROM unnest(%(ids)s::text[], %(channels)s::text[], %(people)s::text[]) AS m(id, channel, recipient)"
)
_STATEMENT = (
    "INSERT INTO row_statement (kind, events, rows, hash)"
    " VALUES ('written', %(stated_events)s, %(stated_rows)s, %(stated_hash)s)"
)
_RECEIPT = "INSERT INTO idempotency_key (id, digest, answer, at) VALUES (%(request)s, %(digest)s, %(answer)s, %(at)s)"
ALL = f"WITH e AS ({_EVENT}), c AS ({_CASE}), t AS ({_TASKS}), m AS ({_TIMER}), o AS ({_OUTBOX}), s AS ({_STATEMENT}) {_RECEIPT}"
DRAFT = "DELETE FROM draft WHERE person = %s AND case_id = %s AND step = %s"
TASK = (
    "INSERT INTO task (case_id, key, workflow, state, title, case_title, section, due_on, due_at, provisional, opened_at)"
    " VALUES (%s, %s, 'visit', %s, %s, %s, %s, %s, %s, %s, %s)"
)


class Advances(JudgedAdvances):
    """Steps of the process ``visit`` in one PostgreSQL."""

    def __init__(
        self,
        address: str,
        deadlines: Deadlines,
        clock: Callable[[], datetime],
        channels: Sequence[str] = ("log",),
    ) -> None:
        self.connection = postgresql(address)
        # Prepared at their first use.
        self.connection.prepare_threshold = 0
        self.called_at: float | None = None
        people = People(lambda query, values: self.connection.execute(query, values).fetchall(), "%s")
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
        for attempt in range(TRIES):
            try:
                return self._advance(case_id, step, person, answers, reason, request, digest)
            except RefusedError as refused:
                self.connection.rollback()
                if refused.codes != ("conflict",) or attempt + 1 == TRIES:
                    raise
            except BaseException:
                self.connection.rollback()
                raise
        raise AssertionError("unreachable: every try returns or raises")

    def _advance(
        self,
        case_id: str,
        step: str,
        person: str,
        answers: Mapping[str, Any] | None,
        reason: str | None,
        request: str,
        digest: str,
    ) -> str:
        connection = self.connection
        with connection.pipeline():
            found = connection.execute(LOOK, (request, request, person, case_id, step, case_id)).fetchone()
            if found is None:
                raise RefusedError("case")
            seen, answer, drafts, beat, one, two, three, head, tasks, timers, *case = found
            if seen is not None:
                if seen != digest:
                    raise RefusedError("request")
                connection.rollback()
                return str(answer)
            done = self.judge(case_id, case, (one, two, three), beat, head, step, person, answers, reason)
            answer = done.answer(case_id)
            draft = (person, case_id, step) if drafts and answers is not None else None
            if draft is not None:
                connection.execute(DRAFT, draft)
            self._write(case_id, case, done, person, request, digest, answer, (tasks, timers), draft)
            connection.commit()
        return answer

    def _write(
        self,
        case_id: str,
        case: Sequence[Any],
        done: Step,
        person: str,
        request: str,
        digest: str,
        answer: str,
        counted: tuple[int, int],
        draft: tuple[str, str, str] | None,
    ) -> None:
        _, rev, head, section, _, title, *_ = case
        clock, at = done.clock, done.at
        told = self.people.clerks(section) if done.tells else []
        payload = notified(title, done.firm)
        rows = messages(case_id, done.seq, told, self.channels, payload, at)
        # One step is far below the size at which a statement is parted.
        (stated,) = done.statement(case_id, tuple(case), rows, (request, digest, answer, at), draft)
        values = {
            "case": case_id, "seq": done.seq, "at": at, "person": person, "entry": done.entry, "head": head,
            "hash": done.hash, "state": done.state, "closed": at if done.final else None, "body": done.body,
            "rev": rev, "shown": STATES[done.state], "before": done.before, "payload": payload,
            "ids": [row[0] for row in rows], "channels": [row[1] for row in rows],
            "people": [row[2] for row in rows], "request": request, "digest": digest, "answer": answer,
            "stated_events": stated[0], "stated_rows": stated[1], "stated_hash": stated[2],
        }  # fmt: skip
        keys = keys_of(done.members)
        if clock is not None and counted == (len(keys), 1):
            values |= {
                "due_on": clock.due_on, "due_at": clock.due_at, "provisional": clock.provisional,
                "next_at": clock.next_at,
            }  # fmt: skip
            self.connection.execute(ALL, values)
        else:
            self._one_by_one(case_id, done, keys, title, section, values)
        if rows and (self.called_at is None or monotonic() - self.called_at >= CALL_SECONDS):
            self.connection.execute("NOTIFY ssj_work")
            self.called_at = monotonic()

    def _one_by_one(
        self,
        case_id: str,
        done: Step,
        keys: Sequence[str],
        title: str,
        section: str | None,
        values: Mapping[str, Any],
    ) -> None:
        """Write a step that ends the case, or whose tasks or timer are not there to be changed."""
        execute = self.connection.execute
        for statement in (_EVENT, _CASE, _OUTBOX, _RECEIPT, _STATEMENT):
            execute(statement, values)
        execute("DELETE FROM task WHERE case_id = %s", (case_id,))
        execute(
            "DELETE FROM timer WHERE case_id = %s AND name IN (%s, %s)", (case_id, done.before, done.state)
        )
        clock = done.clock
        if clock is not None:
            due = (clock.due_on, clock.due_at, clock.provisional, done.at)
            for key in keys:
                execute(TASK, (case_id, key, done.state, STATES[done.state], title, section, *due))
            execute(
                "INSERT INTO timer (case_id, name, at, provisional) VALUES (%s, %s, %s, %s)",
                (case_id, done.state, clock.next_at, clock.provisional),
            )

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()
