"""Timers in SQL. A timer that was set aside keeps its row, with what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.ports.records import Timer
from engine.kernel.instants import from_text, to_text
from engine.store.codec import Row, timer_of, timer_row
from engine.store.sql.kept.kept_statements import kept, made
from engine.store.sql.prepared import CHUNK, DriverConnection, PreparedStatement

if TYPE_CHECKING:
    from engine.store.sql.core import timers as core
else:
    core = kept("timers")


class SqlTimers:
    """`engine.app.ports.repositories.Timers`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, timers: Sequence[Timer]) -> None:
        """Set timers; one with the same case and name is replaced, also one that was set aside."""
        rows = [timer_row(one) for one in timers]
        self._driver.run_many(core.PUT, rows)
        self._driver.wrote("timer", [(*row, None) for row in rows])
        self._driver.work |= bool(timers)

    def drop(self, keys: Sequence[tuple[str, str]]) -> None:
        """Remove timers, also those set aside."""
        self._driver.run_many(core.DROP, list(keys))
        self._driver.removed("timer", keys)

    def replace(self, keys: Sequence[tuple[str, str]], timers: Sequence[Timer]) -> None:
        """Remove some timers, and set others."""
        rows = [*map(timer_row, timers)]
        if not (len(keys) == len(rows) == 1 and keys[0][0] == rows[0][0] and self._move(keys[0], rows[0])):
            # Sent as one, neither sees what the other has done.
            apart = self._driver.piped and not {row[:2] for row in rows}.isdisjoint(keys)
            if apart:
                self._driver.run_many(core.DROP, keys)
            self._driver.send("timer", (core.DROP, [] if apart else keys), (core.PUT, rows))
        self._driver.removed("timer", keys)
        self._driver.wrote("timer", [(*row, None) for row in rows])
        self._driver.work |= bool(rows)

    def _move(self, key: tuple[str, str], row: Row) -> bool:
        """Make one timer of a case another one; tell whether it was there."""
        return not self._driver.on_server and self._driver.run_many(core.MOVE, [(*row[1:], *key)]) == 1

    def due(self, now: datetime, limit: int) -> list[Timer]:
        """Take up to `limit` timers that are due, earliest first; in a transaction that only reads, return them."""
        rows = self._driver.run(core.TAKE if self._driver.writing else core.DUE, (to_text(now), limit))
        return [timer_of(row) for row in rows]

    def due_before(self, taken: Sequence[Timer]) -> set[str]:
        """Return the cases of timers just taken of which another transaction has taken an earlier one."""
        if not self._driver.on_server:
            # One transaction writes at a time.
            return set()
        own = {(one.case, one.name) for one in taken}
        first: dict[str, str] = {}
        for one in taken:
            at = to_text(one.at)
            first[one.case] = min(at, first.get(one.case, at))
        rows = self._driver.chosen(core.OF_CASES, _of_cases, list(first))
        return {case for case, name, at in rows if (case, name) not in own and at <= first[case]}

    def next_at(self) -> datetime | None:
        """Return when the earliest timer is due."""
        row = self._driver.first(core.NEXT)
        return None if row is None else from_text(row[0])

    def set_aside(self, timer: Timer, error: str) -> None:
        """Mark a timer as an incident."""
        if self._driver.run(core.SET_ASIDE, (error, timer.case, timer.name)).rowcount:
            self._driver.changed("timer.error", [(timer.case, timer.name, error)])

    def incidents(self) -> list[tuple[Timer, str]]:
        """Return the timers set aside, ordered by case and name."""
        return [(timer_of(row), row[4]) for row in self._driver.run(core.INCIDENTS)]

    def incident(self, case_id: str, name: str) -> tuple[Timer, str] | None:
        """Return one timer if it is set aside, with what went wrong."""
        row = self._driver.first(core.INCIDENT, (case_id, name))
        return None if row is None else (timer_of(row), row[4])

    def of_case(self, case_id: str) -> list[Timer]:
        """Return the sleeping timers of one case, ordered by name."""
        return [timer_of(row) for row in self._driver.run(core.OF_CASE, (case_id,))]

    def provisional(self) -> list[str]:
        """Return the ids of cases with a provisional timer, ordered."""
        return [row[0] for row in self._driver.run(core.PROVISIONAL)]

    def count(self) -> int:
        """Return how many timers sleep."""
        count: int = self._driver.run(core.COUNT).scalar_one()
        return count


def _of_cases() -> PreparedStatement:
    return made("timers", "of_cases", CHUNK)
