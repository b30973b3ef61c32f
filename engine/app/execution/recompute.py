"""A new calendar year: what moves, before and after. Deadlines are counted again, each move is in the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.app.execution.escalate import tell_of_moved_days
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import ENGINE
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.model.deadline import ClockRule

if TYPE_CHECKING:
    from engine.app.services import Services

#: Cases looked at in one transaction.
PAGE = 500


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """One deadline that another calendar puts on another day, or makes certain."""

    case: str
    title: str
    clock: str
    before: date
    after: date
    #: 暂定 before and after
    was_provisional: bool
    is_provisional: bool
    becomes_overdue: bool

    def as_json(self) -> dict[str, object]:
        """Return plain values."""
        return {
            "case": self.case,
            "title": self.title,
            "clock": self.clock,
            "before": self.before.isoformat(),
            "after": self.after.isoformat(),
            "was_provisional": self.was_provisional,
            "provisional": self.is_provisional,
            "becomes_overdue": self.becomes_overdue,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> MovedDeadline:
        """Return what `as_json` wrote."""
        return cls(
            case=body["case"],
            title=body["title"],
            clock=body["clock"],
            before=date.fromisoformat(body["before"]),
            after=date.fromisoformat(body["after"]),
            was_provisional=body["was_provisional"],
            is_provisional=body["provisional"],
            becomes_overdue=body["becomes_overdue"],
        )


def moved_deadlines(
    services: Services, transaction: Transaction, now: datetime, time: DeadlineCalculator
) -> list[MovedDeadline]:
    """Return every move `time` would bring. Changes nothing."""
    moves: list[MovedDeadline] = []
    for case in _running(transaction):
        uow = UnitOfWork(services, transaction, now)
        moves += [move for move, _ in _moves(uow, case, time)]
        moves += _timed_moves(uow, case, time)
    return moves


def recount_all(
    services: Services, transaction: Transaction, now: datetime, time: DeadlineCalculator, by: str
) -> list[MovedDeadline]:
    """Count every running deadline again with `time`, all in this transaction. Returns what moved."""
    moves: list[MovedDeadline] = []
    after: str | None = None
    while True:
        found, after = _recount_page(services, transaction, now, time, by, after)
        moves += found
        if after is None:
            return moves


def recount_by_pages(services: Services, time: DeadlineCalculator, by: str) -> list[MovedDeadline]:
    """Count every running deadline again with `time`, and with it from now on; a transaction for each page of cases.

    Broken off half-way, it can simply be done again. Returns what moved.
    """
    moves: list[MovedDeadline] = []
    after: str | None = None
    while True:
        found, after = retry_on_conflict(partial(_recount_alone, services, time, by, after))
        moves += found
        if after is None:
            break
    services.definitions.retime(time)
    return moves


def _recount_alone(
    services: Services, time: DeadlineCalculator, by: str, after: str | None
) -> tuple[list[MovedDeadline], str | None]:
    """Count a page of cases again in a transaction of its own."""
    with services.store.write() as transaction:
        return _recount_page(services, transaction, services.clock.now(), time, by, after)


def _recount_page(
    services: Services,
    transaction: Transaction,
    now: datetime,
    time: DeadlineCalculator,
    by: str,
    after: str | None,
) -> tuple[list[MovedDeadline], str | None]:
    """Count a page of cases again; return what moved, and the last case of the page (None: there are no more)."""
    page = transaction.cases.find(CaseFilter(open=True), limit=PAGE, after=after)
    moves: list[MovedDeadline] = []
    if not page:
        return moves, None
    uow = UnitOfWork(services, transaction, now)
    uow.hold({case.id: case for case in page})
    new_days: list[tuple[Case, str, date, date]] = []
    for case in page:
        found = list(_moves(uow, case, time))
        timed = _timed_moves(uow, case, time)
        if found or timed:
            change = Change(clocks={move.clock: clock for move, clock in found})
            body: dict[str, object] = {"step": "calendar"}
            if timed:
                body["timed"] = {move.clock: move.after.isoformat() for move in timed}
            after_it = uow.record(case, EventKind.RECOMPUTED.value, by or ENGINE, body, change)
            new_days += [(after_it, move.clock, move.before, move.after) for move, _ in found]
            moves += [*(move for move, _ in found), *timed]
        # By the sweep: only then every deadline of the bureau, and the day itself, is counted with the new calendar.
        uow.ask_at_once(case)
    tell_of_moved_days(uow, new_days, by)
    uow.flush()
    return moves, page[-1].id


def _timed_moves(uow: UnitOfWork, case: Case, time: DeadlineCalculator) -> list[MovedDeadline]:
    """Set the timed steps (``after:``) of a case by another calendar; return what moves."""
    zone = uow.process(case).time.zone
    return [
        MovedDeadline(
            case=case.id,
            title=case.title,
            clock=timer.name,
            before=old.at.astimezone(zone).date(),
            after=timer.at.astimezone(zone).date(),
            was_provisional=old.provisional,
            is_provisional=timer.provisional,
            becomes_overdue=False,
        )
        for old, timer in uow.rearm_timed_steps(case, time)
    ]


def _reminded_elsewhen(
    uow: UnitOfWork,
    clock: ClockRule,
    running: RunningClock,
    old: DeadlineCalculator,
    time: DeadlineCalculator,
) -> RunningClock | None:
    """Return a clock whose due day stays but whose next steps fall on other instants; None where they do not."""
    if running.next_at is None:
        return None
    before, after = (
        [step.at for step in counted.steps(clock, running) if step.number >= running.step]
        for counted in (old, time)
    )
    if before == after:
        return None
    moved = time.arm(clock, running, uow.now, running.step)
    return None if moved == running else moved


def _running(transaction: Transaction) -> Iterator[Case]:
    after: str | None = None
    while page := transaction.cases.find(CaseFilter(open=True), limit=PAGE, after=after):
        yield from page
        after = page[-1].id


def _moves(
    uow: UnitOfWork, case: Case, time: DeadlineCalculator
) -> Iterator[tuple[MovedDeadline, RunningClock]]:
    process = uow.process(case)
    time = time.of_bureau(process.bureau)
    clocks = dict(case.clocks)
    for clock in process.clocks:
        running = case.clocks.get(clock.id)
        if running is None:
            continue
        due = time.recount(clock, running, clocks)
        if (due.due_on, due.due_at, due.provisional) == (running.due_on, running.due_at, running.provisional):
            moved = _reminded_elsewhen(uow, clock, running, process.time, time)
            if moved is None:
                continue
        else:
            moved = time.recounted(clock, running, uow.now, clocks)
        clocks[clock.id] = moved
        move = MovedDeadline(
            case=case.id,
            title=case.title,
            clock=clock.id,
            before=running.due_on,
            after=due.due_on,
            was_provisional=running.provisional,
            is_provisional=due.provisional,
            becomes_overdue=running.due_at > uow.now >= due.due_at,
        )
        yield move, moved
