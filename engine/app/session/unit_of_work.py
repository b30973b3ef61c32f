"""Unit of work: collects everything one command changes and writes it in one transaction.

Events make the changes: nothing in a case changes but by an event of its chain, so that a case can always be made
again from its history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any

from engine.app.definitions.derived_settings import field_names
from engine.app.history.credential import add_credential
from engine.app.history.event_time import behind, event_time
from engine.app.people.directory import candidates
from engine.app.ports.records import Task, Timer
from engine.app.ports.store import Transaction
from engine.app.session.arrivals import (
    earliest_clock,
)
from engine.app.session.messages import Messages
from engine.language import Message
from engine.lifecycle.case import Case, Change, RunningClock, evolve
from engine.lifecycle.chain import Event, canonical, follow
from engine.lifecycle.command import ENGINE, Actor
from engine.lifecycle.forms.personal import without_id
from engine.lifecycle.migration.former_names import NO_NAMES, FieldNames
from engine.lifecycle.process import AFTER, ANSWER, DAILY, STUCK, Process

if TYPE_CHECKING:
    from engine.app.services import Services
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

_key = attrgetter("key")
#: Kinds of signals of a unit of work.
SHARED, FREED = "shared", "freed"


class UnitOfWork(Messages):
    """Unit of work of one command. Collects cases, events, tasks, timers, messages; `flush` writes them."""

    def __init__(self, services: Services, transaction: Transaction, now: datetime) -> None:
        super().__init__(services, transaction)
        #: What the clock said; and the instant of what is done: never before the last event of a case that is held.
        self.clock = now
        self.now = now
        self._cases: dict[str, Case] = {}
        self._seen: dict[str, int] = {}
        #: Cases that have come to another state or version, or have ended.
        self._moved: set[str] = set()
        self._events: list[Event] = []
        self._retask: dict[str, Case] = {}
        #: The cases as they were when their tasks were written last.
        self._formerly: dict[str, Case] = {}
        #: Cases whose escalations are over: another state, or another due day.
        self._begun_anew: set[str] = set()
        #: Cases that went to another version -> what their state was called before.
        self._migrated: dict[str, str] = {}
        #: Cases that came to another state, and those that may have come to other people; before the next `_write`.
        self._entered: set[str] = set()
        self._handed: set[str] = set()
        self._set: dict[tuple[str, str], Timer] = {}
        self._dropped: dict[tuple[str, str], None] = {}
        #: Warnings for the acting person, besides the outcome.
        self.warnings: list[Message] = []
        #: What the engine has entered last: the change, the instant, the body that was given and the whole one, its text.
        self._said_last: tuple[Change, datetime, Mapping[str, Any], dict[str, Any], str] | None = None
        self.spawned = 0
        #: What the fields of each process are called by its versions, once asked for.
        self._names: Mapping[str, FieldNames] | None = None
        #: Changes that may concern other cases and have not been looked at: the case before and after.
        self.concerning: list[tuple[Case, Case]] = []
        #: What other cases may have waited for: (`SHARED`, a case whose children may read something new), (`FREED`, a lock).
        self.signals: list[tuple[str, str]] = []
        #: case -> who brought it to its state, and the steps that have been taken for them since (同一审批人).
        self.movers: dict[str, tuple[Actor, set[str]]] = {}

    def case(self, case_id: str) -> Case | None:
        """Return a case with the changes of this unit of work, locked against other writers."""
        found = self._cases.get(case_id)
        if found is None:
            found = self.transaction.cases.get(case_id, lock=True)
            if found is not None:
                last = found.entered_at if found.last_at is None else found.last_at
                if last > self.now:
                    self.now = event_time(self.now, last)
                self._cases[case_id] = found
        return found

    def seen(self, case_id: str) -> Case | None:
        """Return a case with the changes of this unit of work, to be read only."""
        return self._cases.get(case_id) or self.transaction.cases.get(case_id)

    def keeps_personal(self, case_id: str | None) -> bool:
        """Tell whether a case held here may have personal answers."""
        held = self._cases.get(case_id or "")
        return held is not None and (held.personal is not None or self.process(held).personal)

    def hold(self, cases: Mapping[str, Case]) -> None:
        """Take cases that were fetched together."""
        if cases:
            self.now = event_time(self.now, max([case.last_event_at for case in cases.values()]))
        for case_id, case in cases.items():
            self._cases.setdefault(case_id, case)

    def entered(self, case_id: str) -> list[Event]:
        """Return the events of a case that are not written yet."""
        return [event for event in self._events if event.stream == case_id]

    def record(
        self, case: Case, kind: str, actor: str, body: Mapping[str, Any], change: Change | None = None
    ) -> Case:
        """Add an event to the chain of `case` and return the case after it."""
        seq = case.rev + 1
        process, personal = self.process(case), case.personal
        written: Mapping[str, Any]
        if change is None:
            apart = next(without_id(body), None) is not None
        else:
            apart = process.personal or personal is not None or change.version is not None
        if apart:
            if actor != ENGINE:
                self.acted.add(actor)
            # Most workflows ask nothing personal.
            from engine.app.session.sealed_answers import seal_answers

            given, text = self._written(actor, body, change), None
            written, personal = seal_answers(self.services, case.id, personal, given)
        elif actor == ENGINE:
            written, text = self._said_by_engine(body, change)
        else:
            self.acted.add(actor)
            written, text = self._written(actor, body, change), None
        event = follow(case.id, seq, self.now, actor, kind, written, case.head, text)
        self._events.append(event)
        after = evolve(case, change or Change(), self.now, seq, event.hash, personal)
        self._seen.setdefault(case.id, case.rev)
        self._cases[case.id] = after
        if change is not None:
            if change.state is not None or change.final or change.version:
                self._moved.add(case.id)
            self._follow(case, after, change, process if change.version is None else self.process(after))
        return after

    def _written(self, actor: str, body: Mapping[str, Any], change: Change | None) -> dict[str, Any]:
        """Return the whole body of an entry."""
        written = {**body, **change.as_json()} if change else {**body}
        add_credential(actor, written)
        if self.now is not self.clock:
            written |= behind(self.clock, self.now)
        return written

    def _said_by_engine(
        self, body: Mapping[str, Any], change: Change | None
    ) -> tuple[Mapping[str, Any], str]:
        """Return the whole body of an entry of the engine, with its text: timers of one batch enter the same of many cases."""
        last = self._said_last
        if last is not None and change is last[0] and self.now is last[1] and _hold_the_same(body, last[2]):
            return last[3], last[4]
        written = self._written(ENGINE, body, change)
        text = canonical(written)
        self._said_last = None if change is None else (change, self.now, body, written, text)
        return written, text

    def _follow(self, before: Case, after: Case, change: Change, process: Process) -> None:
        """Note which tasks and timers the change moves."""
        redated = bool(change.clocks) and _any_redated(before, change)
        if self._concerns_task(before, after, change) or redated:
            self._formerly.setdefault(after.id, before)
            if self._ends_escalations(after, change, redated=redated):
                self._begun_anew.add(after.id)
            self._retask[after.id] = after
        if change.version is not None:
            self._follow_migration(before, after)
        elif process.concerns_others and (change.state is not None or change.fields):
            self.concerning.append((before, after))
        still = paused_clocks(process, after) if after.suspended_at is not None else ()
        for name, clock in change.clocks.items():
            if clock is None or clock.next_at is None or name in still:
                self._drop(after.id, name)
            else:
                self._put(Timer(after.id, name, clock.next_at, clock.provisional))
        if (
            change.state is not None
            and change.version is None
            and not (before.state in process.quiet and after.state in process.quiet)
        ):
            self._drop_timed_steps(process, before)
            if process.is_silent(before.state):
                self._drop(after.id, STUCK)
            self._arm_timed_steps(process, after, after.entered_at)
        if change.suspended is not None:
            self._follow_suspension(process, before, after, still, suspended=change.suspended)
        if before.state in process.awaiting and (change.state is not None or change.suspended is False):
            self.look_at_answers(after)

    def _follow_suspension(
        self, process: Process, before: Case, after: Case, still: tuple[str, ...], *, suspended: bool
    ) -> None:
        """Let the timers of a case that is suspended rest, and set them anew when it goes on."""
        if suspended:
            for name in [n for n in still if n in after.clocks]:
                self._drop(after.id, name)
            self._drop_timed_steps(process, after)
        elif before.suspended_at is not None:
            self._arm_timed_steps(process, after, after.entered_at + after.held)

    def _ends_escalations(self, after: Case, change: Change, *, redated: bool) -> bool:
        """Tell whether whoever a matter was escalated to has it no longer. A migration leaves it, while it is late."""
        if change.version is not None:
            return not any(clock.late(self.now) for clock in after.clocks.values())
        return change.state is not None or redated

    def _follow_migration(self, before: Case, after: Case) -> None:
        """Set what the engine waits for anew: in the version before it may have been something else."""
        old, new = self.process(before), self.process(after)
        self._drop_timed_steps(old, before)
        if old.is_silent(before.state):
            self._drop(after.id, STUCK)
        if after.suspended_at is None:
            self._arm_timed_steps(new, after, after.entered_at + after.held)

    def _concerns_task(self, before: Case, after: Case, change: Change) -> bool:
        """Tell whether a change moves the task or whom it is for, and note which."""
        if change.version is not None:
            self._migrated[after.id] = before.state
            self._handed.add(after.id)
            return True
        if change.state is not None and change.state != before.state:
            self._entered.add(after.id)
        if change.state is not None or change.assignee or change.parties or change.signing:
            self._handed.add(after.id)
            return True
        if (change.fields or change.answers is not None) and self.process(after).has_choice(after.state):
            # Another branch may be asked for, or one no more, though the case stays where it is.
            self._handed.add(after.id)
            return True
        return change.assignee is not None or bool(change.asked or change.branches)

    def _arm_timed_steps(self, process: Process, case: Case, entered: datetime) -> None:
        for name, at, provisional in process.timed_starts(case.state, entered):
            self._put(Timer(case.id, name, at, provisional))
        if process.is_daily(case.state):
            self.ask_tomorrow(case)

    def _drop_timed_steps(self, process: Process, case: Case) -> None:
        for step in process.timed_steps(case.state):
            self._drop(case.id, AFTER + step.id)
        if process.is_daily(case.state):
            self._drop(case.id, DAILY)

    def try_timed_steps_again(self, case: Case) -> None:
        """Let steps of `case` that the engine takes after a time, and that were refused and set aside, be tried once more."""
        for step in self.process(case).timed_steps(case.state) if case.open else ():
            aside = self.transaction.timers.incident(case.id, AFTER + step.id)
            if aside is not None:
                self.transaction.timers.put([aside[0]])

    def ask_tomorrow(self, case: Case) -> None:
        """Have the automatic steps of `case` asked again when the next day begins."""
        self._put(Timer(case.id, DAILY, self.process(case).next_day(self.now), False))

    def ask_at_once(self, case: Case) -> None:
        """Have the next sweep ask the automatic steps of `case` again, where they look at the day."""
        if case.suspended_at is None and self.process(case).is_daily(case.state):
            self._put(Timer(case.id, DAILY, self.now, False))

    def keep_answer(self, case: Case, timer: str) -> None:
        """Have the answer a timer is about looked at again when the next day begins, or when the case goes on before that."""
        self._put(Timer(case.id, timer, self.process(case).next_day(self.now), False))

    def look_at_answers(self, case: Case) -> None:
        """Have the next sweep look at the answers of other systems that `case` could not take when they came."""
        for timer in self.transaction.timers.of_case(case.id):
            if timer.name.startswith(ANSWER) and timer.at > self.now:
                self._put(replace(timer, at=self.now))

    def look_at_stuck(self, case: Case) -> None:
        """Have the next sweep look at a case that seems to wait for nothing."""
        self._put(Timer(case.id, STUCK, self.now, False))

    def _put(self, timer: Timer) -> None:
        self._dropped.pop((timer.case, timer.name), None)
        self._set[timer.case, timer.name] = timer

    def timer_set(self, case_id: str, name: str) -> Timer | None:
        """Return a timer that has been set here and not yet written."""
        return self._set.get((case_id, name))

    def _drop(self, case_id: str, name: str) -> None:
        self._set.pop((case_id, name), None)
        self._dropped[case_id, name] = None

    def rearm_timed_steps(self, case: Case, time: DeadlineCalculator) -> list[tuple[Timer, Timer]]:
        """Count the timed steps of an open case again with `time`; returns the timers that move, before and after."""
        process = self.process(case)
        if case.suspended_at is not None or not process.timed_steps(case.state):
            return []
        timers = {timer.name: timer for timer in self.transaction.timers.of_case(case.id)}
        anew = process.with_time(time).timed_starts(case.state, case.entered_at + case.held)
        moved = [
            (timers[name], timer)
            for name, at, provisional in anew
            if name in timers and (timer := Timer(case.id, name, at, provisional)) != timers[name]
        ]
        for _, timer in moved:
            self._put(timer)
        return moved

    def drop_timer(self, timer: Timer) -> None:
        """Take away a timer that has fired and is not set again."""
        key = (timer.case, timer.name)
        if key not in self._set:
            self._dropped[key] = None

    def forget(self) -> None:
        """Forget the cases held, after another unit of work on the same transaction may have written them."""
        self.flush()
        self._cases = {}

    def opened(self, cases: Iterable[Case]) -> None:
        """Note cases that were just added, so that they can be worked on in the same unit of work."""
        for case in cases:
            self._cases[case.id] = case

    def escalate(self, case: Case, key: str) -> None:
        """Let the holders of `key` see the task in their own lists too."""
        self.flush()
        tasks = self.transaction.tasks.of_case(case.id)
        if tasks and all(task.key != key for task in tasks):
            self.transaction.tasks.put([replace(tasks[0], key=key, assignee=None)])

    def _escalated(self, case: Case, fresh: list[Task]) -> list[Task]:
        """Return the tasks of `case`, besides `fresh`, that an escalation has put before a higher role and that still stand."""
        keys = {task.key for task in fresh} | self._keys_before(case.id)
        pattern = replace(fresh[0], assignee=None)
        return [
            replace(pattern, key=task.key)
            for task in self.transaction.tasks.of_case(case.id)
            if task.key.startswith("r:")
            and task.key not in keys
            and task.state == self._migrated.get(case.id, case.state)
        ]

    def _keys_before(self, case_id: str) -> set[str]:
        """Return the keys the tasks of a case had before, besides those of escalations."""
        before = self._formerly.get(case_id)
        return set() if before is None else set(candidates(self.process(before), before))

    def tasks(self, process: Process, case: Case) -> list[Task]:
        """Return the tasks of `case` in its present state."""
        if not case.open:
            return []
        found = earliest_clock(case)
        clock = found[1] if found else None
        state = process.state(case.state)
        return [
            Task(
                case=case.id,
                key=key,
                workflow=case.workflow,
                state=case.state,
                title=state.title,
                case_title=case.title,
                section=case.section,
                assignee=assignee,
                due_on=clock.due_on if clock else None,
                due_at=clock.due_at if clock else None,
                provisional=clock.provisional if clock else False,
                opened_at=case.entered_at,
            )
            for key, assignee in candidates(process, case).items()
        ]

    def finish(self) -> None:
        """Write what has been collected, and tell those to whom a task has come. To be called at the end."""
        self._write()
        if self.arrivals:
            self._tell_arrivals()
        self._write_messages()

    def names_of(self, workflow: str) -> FieldNames:
        """Return what the fields of a process are called by its versions."""
        if self._names is None:
            self._names = field_names(self.transaction)
        return self._names.get(workflow, NO_NAMES)

    def flush(self) -> None:
        """Write what has been collected. May be called before the end, for a query that must see it."""
        self._write()
        self._write_messages()

    def _write(self) -> None:
        transaction = self.transaction
        if self._events:
            transaction.events.append(self._events)
            self._events = []
        if self._seen:
            migrated: list[tuple[Case, int]] = []
            moved: list[tuple[Case, int]] = []
            staying: list[tuple[Case, int]] = []
            for case_id, seen in self._seen.items():
                how = staying
                if case_id in self._moved:
                    how = migrated if case_id in self._migrated else moved
                how.append((self._cases[case_id], seen))
            if migrated:
                transaction.cases.save_many(migrated)
            if moved:
                transaction.cases.save_moved(moved)
            if staying:
                transaction.cases.save_in_place(staying)
            self._seen = {}
            self._moved = set()
        if self._retask:
            self._write_tasks()
        if self._dropped or self._set:
            transaction.timers.replace(list(self._dropped), list(self._set.values()))
            self._dropped, self._set = {}, {}

    def _write_tasks(self) -> None:
        """Write the tasks of the cases that have other ones now."""
        fresh: list[Task] = []
        for case in self._retask.values():
            process = self.process(case)
            own = self.tasks(process, case)
            if case.id in self._handed:
                self._note_arrival(process, case, own)
            fresh += own
            if own and case.id not in self._begun_anew:
                fresh += self._escalated(case, own)
        self.transaction.tasks.replace(list(self._retask), fresh)
        self._retask = {}
        self._begun_anew = set()
        self._formerly = {}
        self._entered, self._handed = set(), set()
        self._migrated = {}

    def _note_arrival(self, process: Process, case: Case, tasks: list[Task]) -> None:
        """Note who has the task of `case` now and had not before."""
        keys = [*map(_key, tasks)]
        if case.id not in self._entered:
            former = self._keys_before(case.id)
            keys = [key for key in keys if key not in former]
            if not keys:
                return
        self.arrivals.move(process, case, keys)


def paused_clocks(process: Process, case: Case) -> tuple[str, ...]:
    """Return the clocks that stand still because the case is suspended."""
    if case.suspended_at is None:
        return ()
    verb = process.state(case.state).verbs.get("suspend")
    return process.with_those_beside(verb.pauses) if verb else ()


def _hold_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two bodies hold the very same objects."""
    return len(one) == len(other) and all(map(is_, map(other.get, one), one.values()))


def _any_redated(before: Case, change: Change) -> bool:
    return any(map(_redated, map(before.clocks.get, change.clocks), change.clocks.values()))


def _redated(before: RunningClock | None, after: RunningClock | None) -> bool:
    """Tell whether a clock began, stopped or moved its due day; the next reminder alone concerns no task."""
    if before is None or after is None:
        return before is not after
    return (
        before.due_at != after.due_at
        or before.provisional != after.provisional
        or before.paused_at != after.paused_at
    )
