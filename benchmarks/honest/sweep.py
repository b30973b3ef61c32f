"""Firing the timers that are due, on SQLite or PostgreSQL, by hand: a batch of 500 in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from benchmarks.honest.messages import OUTBOX, messages, outbox_row
from benchmarks.honest.schema import canonical, chained, marks, parsed, text_of
from benchmarks.honest.statement import INSERT as STATEMENT
from benchmarks.honest.statement import Statement
from benchmarks.honest.visit import (
    PARTY,
    STATES,
    Row,
    clock_text,
    late_before,
    reminded,
)
from benchmarks.honest.workdays import Deadlines

BATCH = 500
TAKE = (
    "SELECT case_id, name, at FROM timer WHERE error IS NULL AND at <= ?"
    f" ORDER BY at, case_id, name LIMIT {BATCH}"
)
CASES = 'SELECT id, workflow, version, state, rev, head, title, closed_at, body, suspended_at, assignee FROM "case" WHERE id IN ({})'
EVENT = "INSERT INTO event (stream, seq, at, actor, kind, body, previous, hash) VALUES (?, ?, ?, 'engine', ?, ?, ?, ?)"
CASE = 'UPDATE "case" SET rev = ?, head = ?, body = ? WHERE id = ? AND rev = ?'
TIMER = "UPDATE timer SET at = ? WHERE case_id = ? AND name = ?"


class Sweep:
    """The timers of the process ``visit``."""

    def __init__(
        self,
        connection: Any,
        deadlines: Deadlines,
        *,
        server: bool = False,
        channels: Sequence[str] = ("log",),
    ) -> None:
        """Take a connection of `benchmarks.honest.schema`; `server` for PostgreSQL."""
        self.connection = connection
        self.deadlines = deadlines
        self.channels = channels
        self.server = server
        self.skip = " FOR UPDATE SKIP LOCKED" if server else ""
        self.events: list[Row] = []
        self.letters: list[Row] = []

    def run(self, now: datetime) -> tuple[int, int]:
        """Fire everything due at `now`; returns how many were fired, and how many set aside."""
        fired = aside = 0
        while True:
            done, broken = self._batch(now)
            fired, aside = fired + done, aside + broken
            if not done + broken:
                return fired, aside

    def _execute(self, query: str, values: Sequence[Any] = ()) -> Any:
        return self.connection.execute(query.replace("?", "%s") if self.server else query, values)

    def _many(self, query: str, rows: Sequence[Sequence[Any]], changing: int | None = None) -> None:
        """Run a statement for every row; `changing` is how many rows it has to change in all."""
        if rows:
            cursor = self.connection.cursor()
            cursor.executemany(query.replace("?", "%s") if self.server else query, rows)
            if changing is not None and cursor.rowcount != changing:
                raise RuntimeError("somebody else wrote a case that is held")

    def _batch(self, now: datetime) -> tuple[int, int]:
        if not self.server:
            self.connection.execute("BEGIN IMMEDIATE")
        try:
            found = self._fire(now)
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise
        return found

    def _fire(self, now: datetime) -> tuple[int, int]:
        at, late = text_of(now), late_before(now)
        timers = self._execute(TAKE + self.skip, (at,)).fetchall()
        if not timers:
            return 0, 0
        last = timers[-1][2] if len(timers) == BATCH else at
        ids = sorted({row[0] for row in timers})
        query = f"{CASES.format(marks(ids))} ORDER BY id{self.skip}"
        cases = {row[0]: row for row in self._execute(query, ids).fetchall()}
        elsewhere: set[str] = set()
        if missing := [one for one in ids if one not in cases]:
            found = self._execute(f'SELECT id FROM "case" WHERE id IN ({marks(missing)})', missing)
            elsewhere = {row[0] for row in found.fetchall()}
        self.events, self.letters = [], []
        updates: list[Row] = []
        again: list[Row] = []
        carried: list[Row] = []
        timed: list[Row] = []
        gone: list[Row] = []
        aside: list[Row] = []
        fired = 0
        for case_id, name, planned in timers:
            case = cases.get(case_id)
            if case is None:
                if case_id not in elsewhere:
                    gone.append((case_id, name))
                    fired += 1
                continue
            if case[1] != "visit" or case[2] != 1:
                # What the product keeps of a process that is not there.
                aside.append((f"KeyError: '{case[1]} {case[2]}'", case_id, name))
                continue
            update, following, count, provisional = self._case(case, name, planned, at, last, late)
            fired += max(1, count)
            if update is not None:
                updates.append(update)
                rev, head, body, _, _ = update
                carried.append((case_id, rev, head, case[9], case[10], body))
            if following is None:
                gone.append((case_id, name))
            else:
                again.append((following, case_id, name))
                timed.append((case_id, name, following, provisional, None))
        statement = Statement()
        statement.events([(row[0], row[1], row[-1]) for row in self.events])
        statement.changed("case.carried", 1, carried)
        statement.removed("timer", gone)
        statement.wrote("timer", timed)
        statement.wrote("outbox", [outbox_row(row) for row in self.letters])
        statement.changed("timer.error", 2, [(case_id, name, error) for error, case_id, name in aside])
        self._many(EVENT, self.events)
        self._many(CASE, updates, len(updates))
        self._many(TIMER, again)
        self._many("DELETE FROM timer WHERE case_id = ? AND name = ?", gone)
        self._many("UPDATE timer SET error = ? WHERE case_id = ? AND name = ?", aside)
        self._many(OUTBOX, self.letters)
        self._many(STATEMENT, statement.close())
        return fired, len(aside)

    def _case(
        self, case: Row, name: str, planned: str, at: str, last: str, late: str
    ) -> tuple[Row | None, str | None, int, bool]:
        """Fire a clock as often as it is due.

        Returns what the case becomes, when it is due next, how often it was, and whether its due day is provisional.
        """
        case_id, _, _, state, seen, head, title, closed_at, raw, _, _ = case
        body = parsed(raw)
        clocks = body.get("clocks", {})
        clock = clocks.get(name)
        if clock is None or closed_at is not None or clock.get("next_at", "~") > at:
            return None, None, 0, False
        due_on, due_at, started_at = clock["due_on"], clock["due_at"], clock["started_at"]
        provisional = clock.get("provisional", False)
        ladder = (*self.deadlines.of_due[due_on].reminders, due_at)
        overdue = len(ladder) - 1
        step, seq = clock.get("step", 0), seen
        next_at: str | None = planned
        while True:
            fired, step, next_at = step, step + 1, None
            for number in range(step, len(ladder)):
                if ladder[number] >= at or number == overdue:
                    step, next_at = number, ladder[number]
                    break
            text = clock_text(started_at, due_on, due_at, provisional, step, next_at)
            entry = f'{{"clocks":{{"{name}":{text}}},"credential":"engine","step":"{name}","title":"{STATES[name]}"}}'
            kind = "overdue" if fired == overdue else "reminded"
            seq += 1
            made = chained(case_id, seq, at, "engine", kind, entry, head)
            self.events.append((case_id, seq, at, kind, entry, head, made))
            head = made
            if fired != overdue:
                firm = body.get("subject", {}).get("name")
                payload = reminded(case_id, title, firm, state, due_on, provisional, planned, late)
                members = body["parties"].get(PARTY, ())
                self.letters += messages(case_id, seq, members, self.channels, payload, at)
            if next_at is None or next_at > last:
                break
            planned = next_at
        body["last_at"] = at
        if len(clocks) == 1:
            del body["clocks"]
            rest = canonical(body)
            whole = f'{{"clocks":{{"{name}":{text}}}{"," if len(rest) > 2 else ""}{rest[1:]}'
        else:
            clocks[name] = parsed(text)
            whole = canonical(body)
        return (seq, head, whole, case_id, seen), next_at, seq - seen, provisional
