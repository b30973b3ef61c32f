"""Rehearsing a workflow before it goes live: made-up people walk it at random, in memory, on a virtual clock.

The rehearsal acts through the same use cases as everything else. What it cannot do for lack of sensible answers is
told as refusals; what nobody ever reached is told as never taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.definition.library import Loaded
from engine.demo import chance
from engine.demo.answering import Filler
from engine.demo.people import number_of
from engine.demo.scenario import Scenario
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.chain import Event
from engine.lifecycle.command import Actor
from engine.lifecycle.ladder import Timekeeping
from engine.lifecycle.model import Field, FieldType, Transition
from engine.lifecycle.permission import allowed
from engine.lifecycle.process import Process
from engine.lifecycle.refusal import Refusal
from engine.lifecycle.scope import make_scope
from engine.office.definitions import SYSTEM, Published, publish
from engine.office.facts import people_facts
from engine.office.holders import Directory
from engine.office.office import Office
from engine.office.processes import Processes
from engine.office.registers import import_entries
from engine.office.rows import CaseFilter, Entry
from engine.office.starting import NewCase, start_cases
from engine.office.sweep import sweep
from engine.office.turn import Turn
from engine.register.sample import sample_registers
from engine.store.memory import MemoryStore
from engine.worktime.arithmetic import add_working_days, working_days_between

#: A rehearsal gives a case up after so many steps, and ends after so many days.
MOST_STEPS, MOST_DAYS = 80, 1500
#: How often a step is tried with other answers before another step is.
TRIES = 4
#: The scenario of a rehearsal says nothing: answers follow from the types of the fields alone.
_NOTHING_SAID = Scenario(start="", plan={}, habits={})


@dataclass(slots=True)
class Rehearsed:
    """What a rehearsal showed of one workflow."""

    workflow: str
    cases: int = 0
    closed: int = 0
    #: state -> how often a case entered it
    visits: Counter[str] = field(default_factory=Counter)
    #: step -> how often it was taken
    taken: Counter[str] = field(default_factory=Counter)
    #: final state -> how many cases ended there
    ends: Counter[str] = field(default_factory=Counter)
    #: state -> working days spent there, one entry per stay
    stays: Mapping[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    reminders: int = 0
    overdue: int = 0
    escalations: int = 0
    #: sentence -> how often it refused a step
    refusals: Counter[str] = field(default_factory=Counter)
    never_entered: tuple[str, ...] = ()
    never_taken: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values; stays as their number, their sum and the longest, in working days."""
        return {
            "workflow": self.workflow,
            "cases": self.cases,
            "closed": self.closed,
            "ends": dict(self.ends),
            "visits": dict(self.visits),
            "taken": dict(self.taken),
            "stays": {
                s: {"count": len(d), "sum": sum(d), "longest": max(d)} for s, d in self.stays.items() if d
            },
            "reminders": self.reminders,
            "overdue": self.overdue,
            "escalations": self.escalations,
            "refusals": dict(self.refusals.most_common(20)),
            "never_entered": list(self.never_entered),
            "never_taken": list(self.never_taken),
        }


class _Guess(Filler):
    """Fills forms in at random, within the types of the fields."""

    def _value(self, asked: Field, row: int = 0) -> Any:
        part = (*self.seed, asked.name, row)
        if asked.type is FieldType.BOOLEAN:
            return chance.happens(750, *part)
        if asked.type is FieldType.CHOICE and asked.choices:
            return list(asked.choices)[chance.between(0, len(asked.choices) - 1, *part)]
        if asked.type is FieldType.DATE and chance.happens(400, *part, "later"):
            ahead = timedelta(days=chance.between(1, 30, *part))
            return (date.fromisoformat(str(self.scope["today"])) + ahead).isoformat()
        if asked.type is FieldType.PERSONS:
            people = [p["id"] for name, group in self.scope.items() if name == "inspectors" for p in group]
            return people or super()._value(asked, row)
        return super()._value(asked, row)


def rehearse(loaded: Loaded, workflow: str, cases: int, seed: str, time_: Timekeeping) -> Rehearsed:
    """Let so many cases of a workflow run; `loaded` must be sound and hold it. Nothing outside memory is touched."""
    clock = VirtualClock(datetime(2024, 1, 8, 8, tzinfo=ZoneInfo("Asia/Shanghai")))
    office = Office(MemoryStore(), clock, Processes(time_))
    outcome = publish(office, loaded, SYSTEM)
    if not isinstance(outcome, Published):
        raise ValueError(str(outcome[0]))
    for kind, entries in sample_registers(seed, objects=60, inspectors=24).items():
        rows = [Entry(e.kind, e.id, e.name, e.section, dict(e.data)) for e in entries]
        import_entries(office, kind, rows, SYSTEM, source="sample")
    stage = _Stage(office, clock, workflow, seed)
    stage.begin(cases)
    stage.run()
    return stage.report()


@dataclass(slots=True)
class _Stage:
    office: Office
    clock: VirtualClock
    workflow: str
    seed: str
    result: Rehearsed = field(init=False)

    def __post_init__(self) -> None:
        self.result = Rehearsed(self.workflow)

    def begin(self, cases: int) -> None:
        """Start the cases, each about a made-up enterprise and with two inspectors in every party."""
        with self.office.store.write() as unit:
            turn = Turn(self.office, unit, self.clock.now())
            process = self.office.processes.latest(unit, self.workflow)
            if process is None:
                raise ValueError(self.workflow)
            objects = unit.registers.all("objects")
            inspectors = [entry.id for entry in unit.registers.all("inspectors")]
            start_cases(turn, process, SYSTEM, self._new(process, objects, inspectors, cases))
            turn.flush()
        self.result.cases = cases

    def _new(
        self, process: Process, objects: Sequence[Entry], inspectors: Sequence[str], cases: int
    ) -> Iterator[NewCase]:
        start_form = process.workflow.start_form
        for number in range(cases):
            entry = objects[number % len(objects)]
            pair = (inspectors[number % len(inspectors)], inspectors[(number + 1) % len(inspectors)])
            subject = {"id": entry.id, "name": entry.name}
            scope = {
                "today": "2024-01-08",
                "actor": {"id": "leading"},
                "subject": subject,
                "case": {},
                "forms": {},
            }
            guess = _Guess(_NOTHING_SAID, scope, self.clock.now(), (self.seed, number), number)
            yield NewCase(
                title=entry.name,
                section="labour_inspection",
                subject=subject,
                parties=dict.fromkeys(process.workflow.parties, pair),
                answers=guess.fill(process.form(start_form), (), False) if start_form else None,
            )

    def run(self) -> None:
        """Let the days go by until every case is closed, given up, or the time is over."""
        zone = self.office.processes.time.zone
        calendar = self.office.processes.time.calendar
        day = self.clock.now().astimezone(zone).date()
        for _ in range(MOST_DAYS):
            day = add_working_days(calendar, day, 1)
            self._until(datetime.combine(day, time(10), zone))
            if not self._work():
                return

    def _until(self, instant: datetime) -> None:
        while True:
            with self.office.store.read() as unit:
                due = unit.timers.next_at()
            if due is None or due > instant:
                break
            self.clock.set(max(due, self.clock.now()))
            if sweep(self.office).fired == 0:
                break
        self.clock.set(instant)

    def _work(self) -> bool:
        """Let somebody act on every case that is somebody's task, one in three each day; tell whether any is left."""
        with self.office.store.read() as unit:
            waiting = [c for c in unit.cases.find(CaseFilter(open=True), limit=10_000) if c.rev < MOST_STEPS]
            people = Directory(unit)
            people.all()
        today = self.clock.now()
        for case in waiting:
            if chance.happens(333, self.seed, case.id, case.rev, today.date().isoformat()):
                self._act(case.id, people)
        return bool(waiting)

    def _act(self, case_id: str, people: Directory) -> None:
        with self.office.store.read() as unit:
            case = unit.cases.get(case_id)
            if case is None or not case.open or case.suspended_at is not None:
                return
            turn = Turn(self.office, unit, self.clock.now())
            process = turn.process(case)
            facts = people_facts(turn, process, case)
        steps = list(process.manual_steps(case.state).items())
        if not steps:
            return
        begin = chance.between(0, len(steps) - 1, self.seed, case.id, case.rev)
        for step, found in steps[begin:] + steps[:begin]:
            for attempt in range(TRIES):
                if self._try(process, case, step, found[0], people, facts, attempt):
                    return

    def _try(
        self,
        process: Process,
        case: Case,
        step: str,
        transition: Transition,
        people: Directory,
        facts: Mapping[str, Any],
        attempt: int,
    ) -> bool:
        candidates = [
            p for name in allowed(process, case, transition) for p in people.recipients(process, case, name)
        ]
        if not candidates:
            self.result.refusals[
                f"{case.state}.{step}: nobody holds {allowed(process, case, transition)}"
            ] += 1
            return False
        part = (self.seed, case.id, case.rev, step, attempt)
        person = candidates[chance.between(0, len(candidates) - 1, *part)]
        scope = make_scope(process, case, people.all().get(person, Actor(person)), self.clock.now(), facts)
        answers = None
        if transition.form:
            local = self.clock.now().astimezone(process.time.zone)
            guess = _Guess(_NOTHING_SAID, scope, local, part, number_of(case))
            answers = guess.fill(process.form(transition.form), (), chance.happens(300, *part, "problems"))
        # Tried dry first: a refusal of the real step would stand in the history, and a rehearsal makes many.
        outcome = self.office.advance(case.id, step, person, answers, reason="演练", dry_run=True)
        if not isinstance(outcome, Refusal):
            outcome = self.office.advance(case.id, step, person, answers, reason="演练")
        if isinstance(outcome, Refusal) and case.workflow == self.workflow:
            self.result.refusals[f"{case.state}.{step}: {outcome.reasons[0].message}"] += 1
        return not isinstance(outcome, Refusal)

    def report(self) -> Rehearsed:
        """Read from the histories what happened."""
        result = self.result
        with self.office.store.read() as unit:
            process = self.office.processes.latest(unit, self.workflow)
            for case in unit.cases.find(CaseFilter(workflow=self.workflow), limit=100_000):
                self._read(unit.events.of(case.id))
                result.closed += not case.open
                if not case.open:
                    result.ends[case.state] += 1
        if process is not None:
            result.never_entered = tuple(s for s in process.workflow.states if not result.visits[s])
            every = dict.fromkeys(t.id for t in process.workflow.transitions)
            result.never_taken = tuple(step for step in every if not result.taken[step])
        return result

    def _read(self, events: Sequence[Event]) -> None:
        calendar, zone = self.office.processes.time.calendar, self.office.processes.time.zone
        state, since = "", None
        for event in events:
            kinds = {
                EventKind.REMINDED: "reminders",
                EventKind.OVERDUE: "overdue",
                EventKind.ESCALATED: "escalations",
            }
            if event.kind in kinds:
                name = kinds[EventKind(event.kind)]
                setattr(self.result, name, getattr(self.result, name) + 1)
            if event.kind == EventKind.ADVANCED:
                self.result.taken[str(event.body["step"])] += 1
            if "state" not in event.body:
                continue
            day = event.at.astimezone(zone).date()
            if since is not None:
                self.result.stays[state].append(working_days_between(calendar, since, day))
            state, since = str(event.body["state"]), day
            self.result.visits[state] += 1
