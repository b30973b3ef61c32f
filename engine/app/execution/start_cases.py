"""Starting cases: one by hand, or one for each of a hundred thousand rows after a draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from engine.app.execution.execute import Refused, settle
from engine.app.ports.records import Task, Timer
from engine.app.session.facts import people_facts
from engine.app.session.unit_of_work import Turn
from engine.kernel.refusal import Refusal, Unmet
from engine.language import say
from engine.lifecycle.case import Case, EventKind, RunningClock
from engine.lifecycle.chain import GENESIS, Event, canonical, follow
from engine.lifecycle.command import Actor
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.expressions.expression import CannotEvaluate
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope

#: Children are made and written this many at a time, so that memory stays flat however many there are.
CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a case starts with."""

    title: str
    section: str | None = None
    parent: str | None = None
    subject: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    parties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The answers of the form that starts the case.
    answers: Mapping[str, Any] | None = None

    def as_words(self) -> dict[str, Any]:
        """Return what is asked for, besides the answers, as plain values; what is left out stays out."""
        words = {
            "title": self.title,
            "section": self.section,
            "parent": self.parent,
            "subject": dict(self.subject),
            "fields": dict(self.fields),
            "parties": {name: list(people) for name, people in self.parties.items()},
        }
        return {name: value for name, value in words.items() if value}


def start_by_hand(
    turn: Turn, process: Process, actor: Actor, new: NewCase, given: Mapping[str, Any] | None
) -> Case:
    """Start one case for a person. Raises Refused with every reason that stands against it."""
    workflow = process.workflow
    unmet: list[Unmet] = []
    if not workflow.start_by:
        unmet.append(
            Unmet("not-allowed", say("流程《{title}》由其他流程启动，不能手工启动", title=workflow.title))
        )
    elif not actor.roles & set(workflow.start_by):
        who = [process.title_of(role) for role in workflow.start_by]
        unmet.append(Unmet("not-allowed", say("启动《{title}》由{who}办理", title=workflow.title, who=who)))
    elif not _for_section(process, actor, new.section):
        sections = process.bureau.sections
        message = say(
            "“{actor}”属于{own}，不能为{other}启动《{title}》",
            actor=actor.id,
            own=sections.get(actor.section or "", actor.section or "-"),
            other=sections.get(new.section or "", new.section),
            title=workflow.title,
        )
        unmet.append(Unmet("not-allowed", message))
    answers: dict[str, Any] | None = None
    if workflow.start_form is not None:
        form = process.form(workflow.start_form)
        if given is None:
            unmet.append(Unmet("form", say("须填写《{form}》（{id}）", form=form.title, id=form.id)))
        else:
            blank = _blank(process, new, turn.now)
            scope = make_scope(process, blank, actor, turn.now, {})
            answers, problems = read_answers(form, (), given, scope)
            unmet += problems
    elif given:
        unmet.append(Unmet("form", say("《{title}》启动时没有表单，不应提交表单内容", title=workflow.title)))
    if unmet:
        raise Refused(Refusal(None, str(say("启动《{title}》", title=workflow.title)), tuple(unmet)))
    started = NewCase(
        title=new.title,
        section=new.section or actor.section,
        parent=new.parent,
        subject=new.subject,
        fields=new.fields,
        parties=new.parties,
        answers=answers,
    )
    outcome = start_cases(turn, process, actor.id, [started])
    (case,) = outcome.ids
    parent = turn.case(new.parent) if outcome.released and new.parent else None
    if parent is not None:
        settle(turn, parent)
    return turn.case(case) or _blank(process, new, turn.now)


def _for_section(process: Process, actor: Actor, section: str | None) -> bool:
    """Tell whether one of the roles that let `actor` start a case reaches to `section`."""
    if section is None or section == actor.section:
        return True
    roles = (process.bureau.roles.get(role) for role in actor.roles & set(process.workflow.start_by))
    return any(role is None or not role.by_section for role in roles)


@dataclass(frozen=True, slots=True)
class Started:
    """The cases that were started, and whether one of them came at once to where its parent may go on."""

    ids: tuple[str, ...]
    released: bool


def start_cases(turn: Turn, process: Process, actor: str, rows: Iterable[NewCase]) -> Started:
    """Start a case for each row. Rows are taken and written `CHUNK` at a time.

    A parent is not moved: its step is still being done, and more children may come.
    """
    turn.flush()
    ids: list[str] = []
    iterator = iter(rows)
    follow_up = bool(process.automatic_steps(process.workflow.initial))
    released = process.state(process.workflow.initial).final
    while chunk := list(islice(iterator, CHUNK)):
        made = _start_chunk(turn, process, actor, chunk)
        ids += [case.id for case in made]
        if follow_up or len(chunk) == 1:
            turn.opened(made)
        if follow_up:
            for case in made:
                released = settle(turn, case, unfinished=case.parent) or released
    turn.spawned += len(ids)
    return Started(tuple(ids), released)


def _start_chunk(turn: Turn, process: Process, actor: str, chunk: Sequence[NewCase]) -> list[Case]:
    unit, now, workflow = turn.unit, turn.now, process.workflow
    first = unit.cases.number(workflow.id, len(chunk))
    shared = _shared_clocks(process, now)
    final = process.state(workflow.initial).final
    timed = process.timed_starts(workflow.initial, now)
    with_clocks = _Bodies()
    cases: list[Case] = []
    events: list[Event] = []
    tasks: list[Task] = []
    timers: list[Timer] = []
    for number, new in enumerate(chunk, first):
        clocks = shared if shared is not None else _own_clocks(turn, process, new, now)
        case_id = f"{workflow.id}-{number}"
        body = _body(process, new, final)
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
            parent=new.parent,
            closed_at=now if final else None,
            subject=new.subject,
            fields=new.fields,
            forms={workflow.start_form: new.answers}
            if workflow.start_form and new.answers is not None
            else {},
            parties=new.parties,
            clocks=clocks,
        )
        events.append(event)
        cases.append(case)
        tasks += turn.tasks(process, case)
        timers += [
            Timer(case_id, name, clock.next_at, clock.provisional)
            for name, clock in clocks.items()
            if clock.next_at is not None
        ]
        if timed:
            timers += [Timer(case_id, name, at, provisional) for name, at, provisional in timed]
    unit.cases.add(cases)
    unit.events.append(events)
    unit.tasks.put(tasks)
    if timers:
        unit.timers.put(timers)
    return cases


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
        # Only "answers" would stand before "clocks" in the order of names.
        text = None if "answers" in body else self._text + canonical(body)[1:]
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
    """Return the clocks all new cases start with, or None when a clock counts from a case's own date."""
    starts, _ = process.clocks_moved(None, process.workflow.initial)
    if any(limit.since is not None for clock in starts for limit in clock.limits):
        return None
    return _running(clocks_after(process, None, process.workflow.initial, now, {}))


def _own_clocks(turn: Turn, process: Process, new: NewCase, now: datetime) -> Mapping[str, RunningClock]:
    blank = _blank(process, new, now)
    facts = people_facts(turn, process, blank)
    scope = make_scope(process, blank, Actor("engine"), now, facts)
    try:
        return _running(clocks_after(process, None, process.workflow.initial, now, scope))
    except CannotEvaluate as problem:
        reasons = (Unmet("clock", problem.message),)
        raise Refused(
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
