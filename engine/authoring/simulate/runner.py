"""The stage of a rehearsal: an office in memory, made-up registers, and the days that go by.

Made-up people act through the same use cases as everybody else, on a virtual clock. What nobody found answers for is
reported with the conditions that failed; what nobody ever reached is reported as never entered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.commands import Caller
from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.apply import start_cases
from engine.app.execution.effects.party_check import recused_from
from engine.app.people.directory import Directory
from engine.app.queries.cases import CaseFilter
from engine.app.queries.registers import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.app.session.facts import facts_for
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.timers.fire_due import fire_due
from engine.authoring.simulate.answers import Guess, Setting
from engine.authoring.simulate.draw_results import draw_results, results_field
from engine.authoring.simulate.report import SimulationReport
from engine.authoring.simulate.routes import LONG, VisitedPath, distances, leading_to, ordered, origins
from engine.authoring.simulate.search import Memory, Search
from engine.authoring.simulate.starting import as_started
from engine.definition.library import Loaded
from engine.deployment.clocks import VirtualClock
from engine.kernel.instants import STANDARD_ZONE
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.chain import Event
from engine.lifecycle.command import SYSTEM, Actor, Advance
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.model.form import FieldType
from engine.lifecycle.model.workflow import Transition, Workflow
from engine.lifecycle.permission import allowed
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.store.memory import MemoryStore
from engine.synthetic import choice as chance
from engine.synthetic.case_number import number_of
from engine.synthetic.entropy import seeded_entropy
from engine.synthetic.registers import sample_registers
from engine.worktime.arithmetic import add_working_days, working_days_between
from engine.worktime.periods import OnDay

#: A rehearsal gives a case up after so many steps, and ends after so many days.
MAX_STEPS, MAX_DAYS = 100, 1500
#: Of a thousand cases that could be worked on, how many are on a day; one case in `SLOW` is in slow hands.
A_DAY, SLOWLY, SLOW = 333, 100, 8
#: Of a thousand stays in a state that the engine ends after a time, how many are waited out.
WAITED_OUT = 300
#: Days from one date of a made-up case to the next.
QUARTER = 90
#: How many cases are started of each workflow that leads to one nobody starts by hand.
ORIGINS = 3
#: Who tries a step, at most, when its conditions look at who does it.
PERSONS = 3
#: Enterprises in the register, where the caller does not say.
OBJECTS = 60
#: So often it is rehearsed at most; so many rounds in which nothing new is reached end it.
MAX_ROUNDS, WITHOUT_NEWS = 8, 2
BEGIN = datetime(2024, 1, 8, 8, tzinfo=ZoneInfo(STANDARD_ZONE))


def simulate_until_nothing_new(
    loaded: Loaded, workflow: str, cases: int, seed: str, time_: DeadlineCalculator, objects: int = OBJECTS
) -> SimulationReport:
    """Rehearse a workflow again and again, each time by another seed, until everything was reached or two times nothing new was.

    At most `MAX_ROUNDS` times. Raises ValueError as `simulate` does.
    """
    found = simulate(loaded, workflow, cases, seed, time_, objects)
    while (
        (found.never_entered or found.never_taken)
        and found.rounds < MAX_ROUNDS
        and found.without_news < WITHOUT_NEWS
    ):
        found.add(simulate(loaded, workflow, cases, f"{seed}, {found.rounds + 1}", time_, objects))
    return found


def simulate(
    loaded: Loaded, workflow: str, cases: int, seed: str, time_: DeadlineCalculator, objects: int = OBJECTS
) -> SimulationReport:
    """Let so many cases of a workflow run in a district with so many made-up enterprises.

    `loaded` must be sound and hold the workflow. Nothing outside memory is touched.
    """
    stage = prepared(loaded, workflow, cases, seed, time_, objects)
    stage.run()
    return stage.report()


def prepared(
    loaded: Loaded, workflow: str, cases: int, seed: str, time_: DeadlineCalculator, objects: int = OBJECTS
) -> Rehearsal:
    """Return the rehearsal of `simulate` when its register is entered and its cases have begun. Raises ValueError as it does."""
    clock = VirtualClock(BEGIN)
    application = Application(MemoryStore(), clock, DefinitionCache(time_))
    application.entropy = seeded_entropy(seed)
    outcome = publish(application, Caller(SYSTEM), loaded)
    if not isinstance(outcome, Published):
        raise ValueError(str(outcome))
    for kind, entries in sample_registers(seed, objects=objects, inspectors=24).items():
        rows = [RegisterEntry(e.kind, e.id, e.name, e.section, dict(e.data)) for e in entries]
        import_entries(application, kind, rows, SYSTEM, source="sample")
    stage = Rehearsal(application, clock, workflow, seed)
    stage.begin(cases)
    return stage


def _of_a_draw(workflow: Workflow) -> set[str]:
    """Return the effects of a workflow that look at a draw, or at cases to draw from, which another one made."""
    return {
        effect.kind
        for step in workflow.transitions
        for effect in step.then
        if effect.kind == "replace" or (effect.kind == "commit" and effect.arguments.get("pool") == "cases")
    }


def _dates(workflow: Workflow) -> dict[str, Any]:
    """Return dates for a case nobody was drawn for, where a deadline is one of its fields: its period is a quarter long."""
    if not any(isinstance(clock.limit, OnDay) for clock in workflow.clocks.values()):
        return {}
    names = [name for name, asked in workflow.fields.items() if asked.type is FieldType.DATE]
    return {name: (BEGIN.date() + timedelta(days=QUARTER * at)).isoformat() for at, name in enumerate(names)}


@dataclass(slots=True)
class _Trial:
    """A step of a case as a person would take it, tried without being taken; `last` is what came of the last try."""

    application: Application
    case: str
    step: str
    person: str
    last: CommandResult | Refusal | None = None

    def of(self, answers: Mapping[str, Any] | None) -> CommandResult | Refusal:
        """Try the step with some answers."""
        self.last = self.application.advance(
            self.case, self.step, self.person, answers, reason="演练", dry_run=True
        )
        return self.last

    def against_people(self, answers: Mapping[str, Any]) -> tuple[RefusalReason, ...]:
        """Return why people whom answers name cannot be named. What else the office has against a step, other answers do not mend."""
        outcome = self.of(answers)
        reasons = outcome.reasons if isinstance(outcome, Refusal) else ()
        return reasons if all(reason.code == "person" for reason in reasons) else ()


@dataclass(slots=True)
class Rehearsal:
    """One rehearsal: its office, its clock, and what became of its cases so far."""

    application: Application
    clock: VirtualClock
    workflow: str
    seed: str
    result: SimulationReport = field(init=False)
    memory: Memory = field(default_factory=Memory)
    inspectors: tuple[str, ...] = ()
    #: enterprise -> the inspectors whom the made-up register recuses from it
    recused: dict[str, set[str]] = field(default_factory=dict)
    #: workflow -> step -> how often it was taken
    taken: dict[str, dict[str, int]] = field(default_factory=dict)
    trails: dict[str, VisitedPath] = field(default_factory=dict)
    #: case -> (revision nobody could do anything at, the day somebody tries again, days waited)
    idle: dict[str, tuple[int, date, int]] = field(default_factory=dict)
    #: The workflow and those that lead to it; the cases of the rehearsal: those it began with, and what they started.
    leading: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.result = SimulationReport(self.workflow)

    def begin(self, cases: int) -> None:
        """Start the cases, each about a made-up enterprise and with two inspectors in every party."""
        with self.application.store.write() as transaction:
            uow = UnitOfWork(self.application, transaction, self.clock.now())
            process = self.application.definitions.latest(transaction, self.workflow)
            if process is None:
                raise ValueError(self.workflow)
            objects = transaction.registers.all("objects")
            inspectors = transaction.registers.all("inspectors")
            self.inspectors = tuple(entry.id for entry in inspectors)
            for entry in inspectors:
                for enterprise in entry.data.get("recusals") or ():
                    self.recused.setdefault(str(enterprise), set()).add(entry.id)
            names = self.application.definitions.workflows(transaction)
            every = [
                one
                for one in (self.application.definitions.latest(transaction, name) for name in names)
                if one
            ]
            self.leading = leading_to(self.workflow, [one.workflow for one in every])
            kinds = _of_a_draw(process.workflow)
            alone = 0 if "commit" in kinds else cases
            start_cases(uow, process, SYSTEM, self._new(uow, process, objects, alone))
            if kinds:
                # A draw, or the results of a batch, cannot be made up: the workflows it comes from are played too.
                leading = origins(self.workflow, [one.workflow for one in every])
                leads = min(ORIGINS, cases) if alone else max(ORIGINS, cases // 6)
                for origin in every:
                    if origin.workflow.id in leading:
                        start_cases(uow, origin, SYSTEM, self._new(uow, origin, objects, leads))
            uow.finish()
            self.own = {case.id for case in transaction.cases.find(CaseFilter(), limit=10_000)}

    def _new(
        self, uow: UnitOfWork, process: Process, objects: Sequence[RegisterEntry], cases: int
    ) -> Iterator[NewCase]:
        start_form = process.workflow.start_form
        dates = _dates(process.workflow)
        count = len(self.inspectors)
        for number in range(cases):
            entry = objects[number % len(objects)]
            pair = (self.inspectors[number % count], self.inspectors[(number + 1) % count])
            subject = {"id": entry.id, "name": entry.name}
            scope: dict[str, Any] = {
                "today": BEGIN.date().isoformat(),
                "actor": {"id": "leading"},
                "subject": subject,
                "case": {},
                "forms": {},
            }
            setting = Setting(scope, BEGIN, pair)
            guess = Guess(setting, (self.seed, number), number, {}, False)
            new = NewCase(
                title=entry.name,
                section=next(iter(process.bureau.sections)),
                subject=subject,
                parties=dict.fromkeys(process.workflow.parties, pair),
                fields=dates,
                answers=guess.filled(process.form(start_form), ()) if start_form else None,
            )
            yield as_started(uow, process, new)

    def run(self) -> None:
        """Let the days go by until every case of the rehearsal is closed, given up, or the time is over.

        What the calendar starts year after year is worked on as well, but not waited for.
        """
        zone = self.application.definitions.time.zone
        calendar = self.application.definitions.time.calendar
        day = self.clock.now().astimezone(zone).date()
        for _ in range(MAX_DAYS):
            day = add_working_days(calendar, day, 1)
            self._until(datetime.combine(day, time(10), zone))
            if not self._work(day):
                return

    def _until(self, instant: datetime) -> None:
        while True:
            with self.application.store.read() as transaction:
                due = transaction.timers.next_at()
            if due is None or due > instant:
                break
            self.clock.set(max(due, self.clock.now()))
            if fire_due(self.application).fired == 0:
                break
        self.clock.set(instant)

    def _work(self, day: date) -> bool:
        """Let somebody act on the cases that are somebody's task; tell whether any may still go on."""
        with self.application.store.read() as transaction:
            waiting = [
                c
                for c in transaction.cases.find(CaseFilter(open=True), limit=10_000)
                if self._steps(c) < MAX_STEPS
            ]
            due = transaction.timers.next_at()
            people = Directory(transaction)
            people.all()
        awaited = {case.id for case in waiting if self._is_awaited(case)}
        if not awaited:
            return False
        stuck = 0
        for case in waiting:
            rev, again, waited = self.idle.get(case.id, (-1, day, 0))
            if rev == case.rev and day < again:
                stuck += waited > 60 and case.id in awaited
                continue
            often = SLOWLY if number_of(case) % SLOW == 0 and self._steps(case) < LONG // 2 else A_DAY
            if not chance.happens_with_probability(often, self.seed, case.id, case.rev, day.isoformat()):
                continue
            if not self._act(case.id, people):
                waited = 1 if rev != case.rev else waited * 2
                self.idle[case.id] = (case.rev, day + timedelta(days=waited), waited)
        return len(awaited) > stuck or (due is not None and due.year < BEGIN.year + 2)

    def _is_awaited(self, case: Case) -> bool:
        """Tell whether the rehearsal goes on for a case: it is of the workflow, or of the rehearsal and may lead to one."""
        if case.parent in self.own:
            self.own.add(case.id)
        return case.workflow == self.workflow or (case.workflow in self.leading and case.id in self.own)

    def _steps(self, case: Case) -> int:
        trail = self.trails.get(case.id)
        return trail.steps if trail else 0

    def _act(self, case_id: str, people: Directory) -> bool:
        """Let somebody take a step on a case; tell whether there was anything anybody could do."""
        with self.application.store.read() as transaction:
            case = transaction.cases.get(case_id)
            if case is None or not case.open or case.suspended_at is not None:
                return True
            process = UnitOfWork(self.application, transaction, self.clock.now()).process(case)
        steps = process.manual_steps(case.state)
        if process.timed_steps(case.state) and chance.happens_with_probability(
            WAITED_OUT, self.seed, case.id, case.rev, "wait"
        ):
            return True
        taken = self.taken.setdefault(case.workflow, {})
        away = distances(process.workflow)
        trail = self.trails.setdefault(case.id, VisitedPath())
        trail.states[case.state] += 1
        waits = bool(process.automatic_steps(case.state))
        possible = ordered(case, steps, taken, away, trail, waits, self.seed, number_of(case))
        for step in possible:
            if self._take(process, case, step, steps[step], people):
                taken[step] = taken.get(step, 0) + 1
                trail.take(step, moves=any(one.target not in (None, case.state) for one in steps[step]))
                return True
        return not possible

    def _take(
        self, process: Process, case: Case, step: str, found: Sequence[Transition], people: Directory
    ) -> bool:
        transition = found[0]
        candidates = [
            person
            for name in allowed(process, case, transition)
            for person in people.recipients(process, case, name)
        ]
        who = [process.title_of(name) for name in allowed(process, case, transition)]
        sentence = str(say("没有人可办：演练的单位里没有{who}", who=who))
        begin = chance.between(0, max(len(candidates) - 1, 0), self.seed, case.id, case.rev, step)
        for person in [*candidates[begin:], *candidates[:begin]][:PERSONS]:
            search = self._search(process, case, step, transition, person, people)
            trial = _Trial(self.application, case.id, step, person)
            search.against_people = trial.against_people
            answers = search.run(self.memory)
            if answers is not None:
                signing = case.signing.get(step)
                given = answers if transition.form and not (signing and signing.signed) else None
                # Tried dry first: a refusal of the real step would stand in the history, and a rehearsal makes many.
                outcome = trial.last if given is not None and trial.last is not None else trial.of(given)
                if not isinstance(outcome, Refusal):
                    self.application.advance(case.id, step, person, given, reason="演练")
                    return True
                search.reasons = outcome.reasons
            if search.reasons:
                sentence = str(search.reasons[0])
        if case.workflow == self.workflow:
            self.result.obstacles[step][sentence] += 1
        return False

    def _search(
        self, process: Process, case: Case, step: str, transition: Transition, person: str, people: Directory
    ) -> Search:
        actor = people.all().get(person, Actor(person))
        now = self.clock.now()
        with self.application.store.read() as transaction:
            uow = UnitOfWork(self.application, transaction, now)
            items = self.application.definitions.item_forms(transaction, case)
            command = Advance(step=step, actor=actor, item_forms=items, reason="演练")
            facts: Mapping[str, Any] = facts_for(uow, process, case, command)
            results = draw_results(transaction, case, self.seed)
            known = [one for party in case.parties.values() for one in party]
            named = tuple(dict.fromkeys([*known, person, *self.inspectors[:4], *people.all()]))
            out = self.recused.get(str(case.subject.get("id")), set())
            barred = frozenset({*recused_from(uow, case), *out})
        command = Advance(step=step, actor=actor, item_forms=items, reason="演练", facts=facts)
        scope = make_scope(process, case, actor, now, facts)
        return Search(
            process=process,
            case=case,
            command=command,
            setting=Setting(
                scope,
                now.astimezone(process.time.zone),
                tuple(one for one in named if one not in barred),
                {name: results} if results and (name := results_field(transition)) else {},
                crowds=True,
                barred=barred,
            ),
            form=process.form(transition.form) if transition.form else None,
            item_forms=tuple(
                form_of_items(process.form(name), case.fields.get("items") or ()) for name in items
            )
            if transition.item_forms
            else (),
            seed=(self.seed, case.id, case.rev, step, person),
            number=number_of(case),
            now=now,
        )

    def report(self) -> SimulationReport:
        """Read from the histories what happened."""
        result = self.result
        with self.application.store.read() as transaction:
            process = self.application.definitions.latest(transaction, self.workflow)
            for case in transaction.cases.find(CaseFilter(workflow=self.workflow), limit=100_000):
                self._read(transaction.events.of(case.id))
                result.cases += 1
                result.closed += not case.open
                (result.left if case.open else result.ends)[case.state] += 1
        if process is not None:
            result.never_entered = tuple(s for s in process.workflow.states if not result.visits[s])
            every = dict.fromkeys(t.id for t in process.workflow.transitions)
            result.never_taken = tuple(step for step in every if not result.taken[step])
            result.stuck = tuple(step for step in result.never_taken if result.obstacles.get(step))
        return result

    def _read(self, events: Sequence[Event]) -> None:
        calendar, zone = self.application.definitions.time.calendar, self.application.definitions.time.zone
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
