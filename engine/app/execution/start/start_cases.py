"""Starting cases: one by hand, or one for each of a hundred thousand rows after a draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from engine.app.history.credential import with_credential
from engine.app.history.event_time import KEY as BEHIND
from engine.app.history.event_time import behind
from engine.app.people.superiors import parties_of_superiors
from engine.app.ports.records import Task, Timer
from engine.app.session.facts import people_facts
from engine.app.session.new_case import NewCase, Started
from engine.app.session.refused import CommandRefused
from engine.app.session.sealed_answers import seal_answers
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, EventKind, RunningClock
from engine.lifecycle.chain import GENESIS, Event, canonical, follow
from engine.lifecycle.command import ENGINE, SYSTEM, Actor
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.process import DAILY, Process
from engine.lifecycle.scope import make_scope

#: Children are made and written this many at a time, so that memory stays flat however many there are.
CHUNK = 1000


#: Takes the automatic steps of a case; the second is a case that must be left alone. Tells whether that one may go on.
RunAutomaticSteps = Callable[[UnitOfWork, Case, str | None], bool]


def add_cases(
    uow: UnitOfWork, process: Process, actor: str, rows: Iterable[NewCase], run_automatic: RunAutomaticSteps
) -> Started:
    """Start a case for each row. Rows are taken and written `CHUNK` at a time.

    A parent is not moved: its step is still being done, and more children may come.
    """
    uow.flush()
    if actor not in (ENGINE, SYSTEM):
        uow.acted.add(actor)
    ids: list[str] = []
    iterator = iter(rows)
    follow_up = bool(process.automatic_steps(process.workflow.initial))
    released = process.state(process.workflow.initial).final
    while chunk := list(islice(iterator, CHUNK)):
        made = _start_chunk(uow, process, actor, chunk)
        ids += [case.id for case in made]
        if follow_up or len(chunk) == 1:
            uow.opened(made)
        if follow_up:
            for case in made:
                released = run_automatic(uow, case, case.parent) or released
    uow.spawned += len(ids)
    return Started(tuple(ids), released)


def _start_chunk(uow: UnitOfWork, process: Process, actor: str, chunk: Sequence[NewCase]) -> list[Case]:
    transaction, now, workflow = uow.transaction, uow.now, process.workflow
    first = transaction.cases.number(workflow.id, len(chunk))
    shared = _shared_clocks(process, now)
    final = process.state(workflow.initial).final
    timed = process.timed_starts(workflow.initial, now)
    if process.is_daily(workflow.initial):
        timed.append((DAILY, process.next_day(now), False))
    with_clocks = _Bodies()
    written = {**with_credential(actor, {}), **behind(uow.clock, now)}
    sealed = process.personal or uow.keeps_personal(chunk[0].parent)
    cases: list[Case] = []
    events: list[Event] = []
    tasks: list[Task] = []
    timers: list[Timer] = []
    came: list[tuple[Case, list[str]]] = []
    if process.workflow.superiors:
        chunk = [_with_superiors(uow, process, new) for new in chunk]
    for number, new in enumerate(chunk, first):
        clocks = shared if shared is not None else _own_clocks(uow, process, new, now)
        case_id = f"{workflow.id}-{number}"
        body, personal = _body(process, new, final) | written, None
        if sealed:
            body, personal = seal_answers(uow.services, case_id, None, body)
        text = with_clocks(body, clocks)
        event = follow(case_id, 1, now, actor, _STARTED, body, GENESIS, text)
        case = Case(
            id=case_id,
            workflow=workflow.id,
            version=process.version,
            state=workflow.initial,
            rev=1,
            head=event.hash,
            title=new.title,
            section=new.section,
            opened_at=now,
            entered_at=now,
            opened_by=actor,
            parent=new.parent,
            closed_at=now if final else None,
            subject=new.subject,
            fields=new.fields,
            forms={workflow.start_form: new.answers}
            if workflow.start_form and new.answers is not None
            else {},
            parties=new.parties,
            clocks=clocks,
            personal=personal,
        )
        events.append(event)
        cases.append(case)
        held = uow.tasks(process, case)
        tasks += held
        if held:
            came.append((case, [task.key for task in held]))
        timers += [
            Timer(case_id, name, clock.next_at, clock.provisional)
            for name, clock in clocks.items()
            if clock.next_at is not None
        ]
        if timed:
            timers += [Timer(case_id, name, at, provisional) for name, at, provisional in timed]
    transaction.cases.add(cases)
    transaction.events.append(events)
    transaction.tasks.put(tasks)
    if process.automatic_steps(workflow.initial):
        for case, keys in came:
            uow.arrivals.move(process, case, keys)
    else:
        uow.arrivals.add(process, came)
    if timers:
        transaction.timers.put(timers)
    return cases


def _with_superiors(uow: UnitOfWork, process: Process, new: NewCase) -> NewCase:
    found = parties_of_superiors(uow.people, process, new.parties)
    return replace(new, parties={**new.parties, **found})


_STARTED = EventKind.STARTED.value


class _Bodies:
    """The texts of first events; clocks that many share are rendered once."""

    __slots__ = ("_clocks", "_plain", "_text")

    def __init__(self) -> None:
        self._clocks: Mapping[str, RunningClock] | None = None
        self._plain: Mapping[str, Any] = {}
        self._text = ""

    def __call__(self, body: dict[str, Any], clocks: Mapping[str, RunningClock]) -> str | None:
        """Add the clocks to a body; return its canonical text, None where that has to be made from the whole."""
        if not clocks:
            return None
        if clocks is not self._clocks:
            self._clocks = clocks
            self._plain = {name: clock.as_json() for name, clock in clocks.items()}
            self._text = f'{{"clocks":{canonical(self._plain)},'
        # Only these would stand before "clocks" in the order of names.
        text = None if "answers" in body or BEHIND in body else self._text + canonical(body)[1:]
        body["clocks"] = self._plain
        return text


def _body(process: Process, new: NewCase, final: bool) -> dict[str, Any]:
    """Return the first event of a case, but for its clocks.

    It is what `Change.as_json` would write, made at once for the many of a draw.
    """
    body: dict[str, Any] = {
        "workflow": process.workflow.id,
        "version": process.version,
        "title": new.title,
        "section": new.section,
        "parent": new.parent,
        "subject": new.subject,
        "state": process.workflow.initial,
    }
    if final:
        body["final"] = True
    if new.fields:
        body["fields"] = new.fields
    if process.workflow.start_form is not None and new.answers is not None:
        body["form"] = process.workflow.start_form
        body["answers"] = new.answers
    if new.parties:
        body["parties"] = new.parties
    return body


def _shared_clocks(process: Process, now: datetime) -> Mapping[str, RunningClock] | None:
    """Return the clocks all new cases start with, or None when a clock reads something of a case."""
    starts, _ = process.clocks_moved(None, process.workflow.initial)
    if any(clock.read for clock in starts):
        return None
    return _running(clocks_after(process, None, process.workflow.initial, now, {}))


def _own_clocks(uow: UnitOfWork, process: Process, new: NewCase, now: datetime) -> Mapping[str, RunningClock]:
    blank = _blank(process, new, now)
    facts = people_facts(uow, process, blank)
    scope = make_scope(process, blank, Actor("engine"), now, facts)
    try:
        return _running(clocks_after(process, None, process.workflow.initial, now, scope))
    except EvaluationError as problem:
        reasons = (RefusalReason("clock", problem.message),)
        raise CommandRefused(
            Refusal(None, str(say("启动《{title}》", title=process.workflow.title)), reasons)
        ) from None


def _running(changed: Mapping[str, RunningClock | None]) -> dict[str, RunningClock]:
    return {name: clock for name, clock in changed.items() if clock is not None}


def _blank(process: Process, new: NewCase, now: datetime) -> Case:
    """Return the case as it would be, for expressions that look at it before it exists."""
    workflow = process.workflow
    return Case(
        id="",
        workflow=workflow.id,
        version=process.version,
        state=workflow.initial,
        rev=0,
        head=GENESIS,
        title=new.title,
        section=new.section,
        opened_at=now,
        entered_at=now,
        parent=new.parent,
        subject=new.subject,
        fields=new.fields,
        forms={workflow.start_form: new.answers} if workflow.start_form and new.answers else {},
        parties=new.parties,
    )
