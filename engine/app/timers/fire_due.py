"""Firing what is due: claim and effect in one transaction, one bad timer set aside, the others not disturbed.

A timer is set aside for what it raises itself, each time it is tried. What fails in the environment (a store that is
locked, away or full, the disk, the memory) says nothing about a timer: it stays due, and the next sweep comes to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush

from engine.app.execution.answers import take_answer
from engine.app.execution.apply import apply_decision, run_automatic_steps
from engine.app.execution.case_incident import report_stuck
from engine.app.execution.execute import execute
from engine.app.execution.start.calendar_start import is_behind, open_by_calendar
from engine.app.ports.records import Timer
from engine.app.ports.store import ENVIRONMENT_ERRORS, ConflictError, Transaction, UnavailableError
from engine.app.services import Services
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.timers.untouched import escalate_untouched, is_due
from engine.collector import unsearched
from engine.lifecycle.case import Case
from engine.lifecycle.command import ENGINE, Actor, Advance
from engine.lifecycle.deadlines.on_timer import Recheck, TimedStep, on_timer
from engine.lifecycle.process import AFTER, ANSWER, DAILY, STUCK

#: Timers fired in one transaction. A crash undoes and repeats at most so many.
BATCH = 500


_BY_ENGINE = Actor(ENGINE)


@dataclass(frozen=True, slots=True)
class FiredTimers:
    """What a sweep did, and when the next timer is due."""

    fired: int
    set_aside: int
    next_at: datetime | None


def fire_due(services: Services, most: int = 100_000) -> FiredTimers:
    """Open the cases the calendar starts, fire everything that is due now, at most `most` timers, look for what nobody touched.

    Raises what failed in the environment (`ENVIRONMENT_ERRORS`): whatever was not fired by then stays due.
    """
    now = services.clock.now()
    today = now.astimezone(services.definitions.time.zone).date()
    # Mostly there is nothing to do: one look, and nobody waits for the one who writes.
    with services.store.read() as transaction:
        begins, untouched = is_behind(transaction, today), is_due(transaction, today)
        next_at = transaction.timers.next_at()
    if not begins and not untouched and (next_at is None or next_at > now):
        return FiredTimers(0, 0, next_at)
    fired = open_by_calendar(services) if begins else 0
    set_aside = 0
    while fired + set_aside < most:
        with unsearched():
            done, broken = _batch(services)
        fired += done
        set_aside += broken
        if done + broken == 0:
            # Not before: after days without a daemon, a timer may first close the case nobody has touched.
            fired += escalate_untouched(services) if untouched else 0
            break
    with services.store.read() as transaction:
        return FiredTimers(fired, set_aside, transaction.timers.next_at())


def _batch(services: Services) -> tuple[int, int]:
    now = services.clock.now()
    try:
        with services.store.write() as transaction:
            timers = transaction.timers.due(now, BATCH)
            if not timers:
                return 0, 0
            uow = UnitOfWork(services, transaction, now)
            # Beyond a full batch other timers may come first: what is armed there waits for the next one.
            last = timers[-1].at if len(timers) == BATCH else now
            queue = _Queue(_of_free_cases(uow, timers), last)
            fired = 0
            broken = []
            while (timer := queue.next()) is not None:
                if _armed_later(uow, timer):
                    continue
                problem = _fire_or_explain(uow, timer)
                if problem:
                    broken.append((timer, problem))
                else:
                    fired += 1
                    queue.add(_next_timers(uow, timer))
            uow.finish()
            for timer, problem in broken:
                transaction.timers.set_aside(timer, problem)
            return fired, len(broken)
    except UnavailableError:
        # Nobody could fire anything: looking at the timers one by one would only wait for the store again and again.
        raise
    except Exception:  # noqa: BLE001 - whatever it was, find the one timer it came from
        return _one_by_one(services, now)


class _Queue:
    """Timers in the order of their instants, those that firing arms among them.

    After a stop several steps of one case are due at once: the deadline that was missed comes before the step that
    closes the case for having missed it.
    """

    def __init__(self, timers: list[Timer], last: datetime) -> None:
        self._heap = [(timer.at, number, timer) for number, timer in enumerate(timers)]
        heapify(self._heap)
        self._timers = timers
        #: What is or was in the queue, once a timer asks to come in.
        self._known: set[Timer] = set()
        self._last = last

    def next(self) -> Timer | None:
        """Return the timer that is due first, or None when there is none left."""
        return heappop(self._heap)[2] if self._heap else None

    def add(self, timers: Iterable[Timer]) -> None:
        """Take in those of `timers` that are due within this batch."""
        for timer in timers:
            if timer.at > self._last:
                continue
            self._known = self._known or set(self._timers)
            if timer not in self._known:
                heappush(self._heap, (timer.at, len(self._known), timer))
                self._known.add(timer)


def _next_timers(uow: UnitOfWork, timer: Timer) -> Iterable[Timer]:
    """Return the timers that firing `timer` has set."""
    if timer.name.startswith((AFTER, DAILY, STUCK, ANSWER)):
        # The step has been taken in a unit of work of its own, which is written.
        return uow.transaction.timers.of_case(timer.case)
    again = uow.timer_set(timer.case, timer.name)
    return () if again is None else (again,)


def _armed_later(uow: UnitOfWork, timer: Timer) -> bool:
    """Tell whether a step of the same batch has set the clock of `timer` to a later instant."""
    case = uow.case(timer.case)
    running = case.clocks.get(timer.name) if case else None
    return running is not None and running.next_at is not None and running.next_at > timer.at


def _of_free_cases(uow: UnitOfWork, timers: list[Timer]) -> list[Timer]:
    """Hold the cases of timers that nobody else is writing; returns their timers, the others stay due.

    Whoever writes a case may want its timers, which this transaction has locked: waiting for the case would be a deadlock.
    """
    wanted = list(dict.fromkeys(timer.case for timer in timers))
    held = uow.transaction.cases.lock_available(wanted)
    uow.hold(held)
    elsewhere = {case for case in wanted if case not in held and uow.transaction.cases.get(case) is not None}
    # Steps of one case are taken in the order of their instants, whoever takes them.
    elsewhere |= uow.transaction.timers.due_before(timers)
    return [timer for timer in timers if timer.case not in elsewhere] if elsewhere else timers


def _fire_or_explain(uow: UnitOfWork, timer: Timer) -> str | None:
    """Fire one timer into the unit of work; returns what went wrong with the timer itself, if anything did."""
    case = uow.case(timer.case)
    if case is None:
        uow.drop_timer(timer)
        return None
    uow.planned = timer.at
    if timer.name.startswith(ANSWER):
        return _take_in_part(uow, timer, lambda inner, found: take_answer(inner, found, timer.name))
    try:
        outcome = on_timer(uow.process(case), case, timer.name, uow.now)
    except ENVIRONMENT_ERRORS:
        raise
    except Exception as problem:  # noqa: BLE001 - one bad timer must not stop the others
        return f"{type(problem).__name__}: {problem}"
    if outcome is None:
        uow.drop_timer(timer)
    elif isinstance(outcome, TimedStep):
        return _take_timed_step(uow, timer, outcome.step)
    elif isinstance(outcome, Recheck):
        return _look_again(uow, timer, outcome)
    else:
        apply_decision(uow, case, outcome, _BY_ENGINE)
    uow.planned = None
    return None


def _look_again(uow: UnitOfWork, timer: Timer, what: Recheck) -> str | None:
    """Ask the automatic steps of a case again; where it still waits for nothing, return that as the problem.

    In a part of the transaction that can be undone alone, as a step taken in it may be refused.
    """
    uow.drop_timer(timer)
    uow.flush()
    inner = UnitOfWork(uow.services, uow.transaction, uow.now)
    problem: str | None = None
    try:
        with uow.transaction.savepoint():
            case = inner.case(timer.case)
            if case is not None:
                run_automatic_steps(inner, case)
                after = inner.case(timer.case)
                if after is not None and after.open and inner.process(after).is_daily(after.state):
                    inner.ask_tomorrow(after)
                problem = report_stuck(inner, after) if what is Recheck.STUCK else None
                inner.flush()
                uow.arrivals.take(inner.arrivals)
    except CommandRefused as refused:
        problem = str(refused.refusal)
    uow.forget()
    if problem:
        uow.transaction.timers.put([timer])
    return problem


def _take_timed_step(uow: UnitOfWork, timer: Timer, step: str) -> str | None:
    """Take a step whose time has come."""
    return _take_in_part(
        uow, timer, lambda inner, case: execute(inner, case, Advance(step=step, actor=Actor(ENGINE)))
    )


def _take_in_part(uow: UnitOfWork, timer: Timer, act: Callable[[UnitOfWork, Case], object]) -> str | None:
    """Do what a timer is for in a part of the transaction that can be undone alone; returns why it could not be done."""
    uow.drop_timer(timer)
    uow.flush()
    inner = UnitOfWork(uow.services, uow.transaction, uow.now)
    problem: str | None = None
    try:
        with uow.transaction.savepoint():
            case = inner.case(timer.case)
            if case is not None:
                act(inner, case)
                inner.flush()
                uow.arrivals.take(inner.arrivals)
    except CommandRefused as refused:
        problem = str(refused.refusal)
    uow.forget()
    if problem:
        uow.transaction.timers.put([timer])
    return problem


def _one_by_one(services: Services, now: datetime) -> tuple[int, int]:
    """Fire the due timers each in its own transaction, so that the one that fails can be set aside alone.

    What fails in the environment is raised: at once where the store cannot be used, else when all have had their
    try, since a file that only one of them needs must not hold up the others.
    """
    with services.store.read() as transaction:
        timers = transaction.timers.due(now, BATCH)
    fired = broken = 0
    fault: OSError | MemoryError | None = None
    for timer in timers:
        try:
            done, aside = _fire_or_set_aside(services, timer, now)
        except ConflictError:
            # Somebody else is writing the case: the timer stays due, and the next sweep comes to it.
            continue
        except (OSError, MemoryError) as problem:
            fault = fault or problem
            continue
        fired, broken = fired + done, broken + aside
    if fault is not None:
        raise fault
    return fired, broken


def _fire_or_set_aside(services: Services, timer: Timer, now: datetime) -> tuple[bool, bool]:
    """Fire one timer alone, twice if need be; returns whether it was fired, and whether it was set aside.

    Raises what failed in the environment, and ConflictError: neither is of the timer's making, nor counted as a try.
    """
    try:
        return _fire_alone(services, timer, now)
    except (*ENVIRONMENT_ERRORS, ConflictError):
        raise
    except Exception:  # noqa: BLE001 - it may not have been the timer's own; only what fails again is
        try:
            return _fire_alone(services, timer, now)
        except (*ENVIRONMENT_ERRORS, ConflictError):
            raise
        except Exception as failure:  # noqa: BLE001 - see above
            return False, _set_aside(services, timer, f"{type(failure).__name__}: {failure}")


def _set_aside(services: Services, timer: Timer, problem: str) -> bool:
    """Make an incident of a timer that is still there; tells whether it was."""
    with services.store.write() as transaction:
        uow = UnitOfWork(services, transaction, services.clock.now())
        uow.case(timer.case)
        if _is_gone(transaction, timer):
            return False
        transaction.timers.set_aside(timer, problem)
    return True


def _fire_alone(services: Services, timer: Timer, now: datetime) -> tuple[bool, bool]:
    """Fire one timer in a transaction of its own; returns whether it was fired, and whether it was set aside."""
    with services.store.write() as transaction:
        uow = UnitOfWork(services, transaction, now)
        # The case first: while we waited for it somebody else may have fired the timer.
        uow.case(timer.case)
        if _is_gone(transaction, timer):
            return False, False
        problem = _fire_or_explain(uow, timer)
        uow.finish()
        if problem:
            transaction.timers.set_aside(timer, problem)
    return not problem, bool(problem)


def _is_gone(transaction: Transaction, timer: Timer) -> bool:
    return all(found != timer for found in transaction.timers.of_case(timer.case))
