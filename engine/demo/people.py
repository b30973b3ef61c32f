"""The people of the simulation: they look at their tasks, choose a step, fill in its form, and sometimes err."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from engine.app.commands.application import Application
from engine.app.people.directory import Directory
from engine.app.queries import Transaction
from engine.app.queries.cases import CaseFilter
from engine.app.session.facts import people_facts
from engine.app.session.unit_of_work import UnitOfWork
from engine.authoring.simulate.draw_results import draw_results
from engine.demo.checkpoint import Checkpoint
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.command import SYSTEM, Actor
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.model.form import Form
from engine.lifecycle.permission import allowed
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.signers import signers
from engine.synthetic import choice as chance
from engine.synthetic.case_number import number_of
from engine.synthetic.form_filler import Filler
from engine.synthetic.scenario import Behaviour, Choice, Scenario
from engine.worktime.arithmetic import add_working_days

#: What of the body of an entry is asked for.
_ASKED_FOR = ("step", "request")
#: Objects of a register with which every draw of the year finds what it needs.
ENOUGH = 60


class DemoStuckError(Exception):
    """The simulation could not take a step of a task; `refusal` says why.

    `few` tells that it is a draw that was refused, on a register smaller than the year needs.
    """

    def __init__(self, case: str, refusal: Refusal, *, few: bool = False) -> None:
        super().__init__(f"{case}: {refusal}")
        self.case = case
        self.refusal = refusal
        self.few = few


@dataclass(frozen=True, slots=True)
class Intention:
    """What somebody is about to do with a task."""

    case: Case
    choice: Choice
    person: str
    answers: Mapping[str, Any] | None
    reason: str | None
    habit: Behaviour


@dataclass(slots=True)
class Staff:
    """Everybody who works in the simulated bureau."""

    application: Application
    scenario: Scenario
    seed: str
    #: Where the steps are counted.
    place: Checkpoint
    #: (case, instant of entering its state) -> the day somebody acts; worked out again at will
    _days: dict[tuple[str, datetime], date] = field(default_factory=dict)
    #: case -> number of the newest entry of its history that was read, and of each entry (kind, name, value); read again at will
    _said: dict[str, tuple[int, set[tuple[str, str, str]]]] = field(default_factory=dict)
    _people: Directory | None = None
    _inspectors: list[str] = field(default_factory=list)
    _objects: int = 0

    def work(self, now: datetime) -> None:
        """Do everything people do at this moment. Broken off by a crash and called again, it does the rest."""
        for plan in list(self._plans(now)):
            self._err(plan)
            self.place.steps += 1
            outcome = self.application.advance(
                plan.case.id,
                plan.choice.step,
                plan.person,
                plan.answers,
                reason=plan.reason,
                request_id=f"demo:{plan.case.id}:{plan.case.rev}",
            )
            if isinstance(outcome, Refusal):
                raise DemoStuckError(
                    plan.case.id, outcome, few=self._objects < ENOUGH and plan.case.workflow == "batch"
                )

    def _plans(self, now: datetime) -> Iterator[Intention]:
        zone = self.application.definitions.time.zone
        today = now.astimezone(zone).date()
        with self.application.store.read() as transaction:
            self._meet(transaction)
            seen: set[str] = set()
            for case_id, since in self._open(transaction):
                day = self._days.get((case_id, since))
                if case_id in seen or (day is not None and day > today):
                    continue
                seen.add(case_id)
                case = transaction.cases.get(case_id)
                plan = self._plan(transaction, case, now, today) if case is not None else None
                if plan is not None:
                    yield plan

    def _open(self, transaction: Transaction) -> Iterator[tuple[str, datetime]]:
        """Yield every case in which somebody has something to do, and since when."""
        for task in transaction.tasks.all(limit=100_000):
            yield task.case, task.opened_at
        for place in self.scenario.plan["noted_in"]:
            workflow, _, state = place.partition(".")
            for case in transaction.cases.find(
                CaseFilter(workflow=workflow, state=state, open=True), limit=1000
            ):
                yield case.id, case.entered_at

    def _meet(self, transaction: Transaction) -> None:
        """Get to know the people of the bureau; nobody comes or goes during the year."""
        if self._people is None:
            self._people = Directory(transaction)
            self._people.all()
            self._inspectors = [entry.id for entry in transaction.registers.all("inspectors")]
            self._objects = transaction.registers.summary().get("objects", (0, None))[0]

    def _plan(self, transaction: Transaction, case: Case, now: datetime, today: date) -> Intention | None:
        uow = UnitOfWork(self.application, transaction, now)
        process = uow.process(case)
        steps = process.manual_steps(case.state)
        # Nobody acts in the very instant in which a case comes to them: it may have come by somebody's work now.
        if not steps or case.suspended_at is not None or case.entered_at >= now:
            return None
        habit = self.scenario.habit(case.workflow, case.state)
        if self._day(case, habit) > today:
            return None
        # Whoever signed first, or noted something, did that at this moment, before the work was broken off: what comes
        # next has its own time.
        if _acted(transaction, case, now):
            return None
        choice = self._choose(process, case, habit, uow)
        if choice is None:
            return None
        transition = steps[choice.step][0]
        facts = people_facts(uow, process, case)
        looking = make_scope(process, case, Actor("demo"), now, facts)
        begun = case.signing.get(choice.step)
        signed = begun is not None and bool(begun.signed)
        person = self._who(process, case, choice, looking)
        actor = self._everybody.all()[person]
        reason = choice.reason or (f"演示：{transition.title}" if transition.reason else None)
        scope = make_scope(process, case, actor, now, facts, reason)
        scope["demo"] = self._made_up(
            transaction, case, now.astimezone(self.application.definitions.time.zone)
        )
        answers = None
        if transition.form and not signed:
            form = process.form(transition.form)
            items = self._item_forms(transaction, process, case) if transition.item_forms else []
            local = now.astimezone(self.application.definitions.time.zone)
            filler = Filler(self.scenario, scope, local, (self.seed, case.id), number_of(case))
            problems = habit.problems is not None and habit.problems.come(number_of(case))
            answers = filler.fill(form, items, problems)
        return Intention(case, choice, person, answers, reason, habit)

    def _day(self, case: Case, habit: Behaviour) -> date:
        """Return the day somebody acts on the case in its present state."""
        key = (case.id, case.entered_at)
        if key not in self._days:
            part = (self.seed, case.id, case.state, to_text(case.entered_at))
            late = habit.late is not None and habit.late.come(number_of(case))
            least, most = habit.late_delay if late else habit.delay
            days = chance.between(least, most, *part, "delay")
            time = self.application.definitions.time
            entered = case.entered_at.astimezone(time.zone).date()
            waits_for = self.scenario.plan["not_before"].get(f"{case.workflow}.{case.state}")
            planned = case.fields.get(waits_for) if waits_for else None
            start = max(entered, date.fromisoformat(str(planned))) if planned else entered
            day = add_working_days(time.calendar, start, days)
            while not time.calendar.is_working(day):
                day = add_working_days(time.calendar, day, 1)
            self._days[key] = day
        return self._days[key]

    def _choose(self, process: Process, case: Case, habit: Behaviour, uow: UnitOfWork) -> Choice | None:
        steps = process.manual_steps(case.state)
        scope = make_scope(process, case, Actor("demo"), uow.now, {})
        for choice in habit.choices:
            if choice.step not in steps or not choice.every.come(number_of(case)):
                continue
            if choice.when is not None and not _true(choice, scope):
                continue
            if not choice.once or not self._happened(
                uow.transaction, case, EventKind.ADVANCED, "step", choice.step
            ):
                return choice
        if habit.choices:
            return None
        # Steps that need a reason are the ways back and out, and some only record; people take the way on.
        onward = (s for s, found in steps.items() if not any(t.reason or t.target is None for t in found))
        step = next(onward, None)
        return Choice(step) if step else None

    def _happened(self, transaction: Transaction, case: Case, kind: EventKind, name: str, value: str) -> bool:
        """Tell whether the history of a case holds such an event; an entry is read once."""
        last, said = self._said.setdefault(case.id, (0, set()))
        for event in transaction.events.of(case.id, after=last):
            last = event.seq
            said |= {(event.kind, one, str(event.body.get(one))) for one in _ASKED_FOR}
        self._said[case.id] = last, said
        return (kind.value, name, value) in said

    @property
    def _everybody(self) -> Directory:
        if self._people is None:
            raise LookupError("nobody has been met yet")
        return self._people

    def _who(self, process: Process, case: Case, choice: Choice, scope: Mapping[str, Any]) -> str:
        transition = process.manual_steps(case.state)[choice.step][0]
        audience = (choice.by,) if choice.by else allowed(process, case, transition)
        candidates = [p for name in audience for p in self._everybody.recipients(process, case, name)]
        who = signers(process, case, transition, {})
        if who is not None and who.signing.signed:
            candidates = [person for person in candidates if person in who.waiting]
        apart = [path.value(0, scope) for path in self.scenario.answers("apart").values()]
        if choice.step in self.scenario.plan["outsiders"]:
            apart += [person for group in case.parties.values() for person in group]
        free = [p for p in candidates if p not in apart] or candidates
        if not free:
            raise LookupError(f"{case.id} {case.state} {choice.step}: nobody of {audience} in {case.section}")
        return free[chance.between(0, len(free) - 1, self.seed, case.id, case.state, choice.step)]

    def _item_forms(self, transaction: Transaction, process: Process, case: Case) -> list[Form]:
        items = case.fields.get("items") or ()
        names = self.application.definitions.item_forms(transaction, case)
        return [form_of_items(process.form(name), items) for name in names]

    def _made_up(self, transaction: Transaction, case: Case, now: datetime) -> dict[str, Any]:
        """Return what the scenario may use besides the names of the language."""
        batches = list(self.scenario.plan["batches"])
        return {
            "entropy": draw_results(transaction, case, self.seed),
            "year": now.year,
            "objects": self._objects,
            "batches": [{k: v for k, v in batch.items() if k != "rules"} for batch in batches],
            "rules": next((b["rules"] for b in batches if b["title"] == case.title), {}),
            "earlier": (now - timedelta(minutes=80)).isoformat(timespec="minutes"),
            "leader": next(iter(case.parties.get("inspectors", ())), None),
            "result": self._result(case),
            "attempts": self._attempts(case, now),
            "late_reason": "材料补正用时较长（演示）" if self._late(case, now) else None,
            "inspectors": self._inspectors,
        }

    def _attempts(self, case: Case, now: datetime) -> list[dict[str, str]]:
        """Return two attempts to reach a firm, at its address the day before and by telephone today."""
        by = next(iter(case.parties.get("inspectors", ())), "")
        days = (now.date() - timedelta(days=1), now.date())
        ways = (("visit", "登记的住所无人办公（演示）"), ("phone", "登记的电话无人接听（演示）"))
        return [
            {
                "tried_on": day.isoformat(),
                "way": way,
                "by": by,
                "found": found,
                "evidence": "联系记录（演示）",
            }
            for day, (way, found) in zip(days, ways, strict=True)
        ]

    def _late(self, case: Case, now: datetime) -> bool:
        return any(clock.late(now) for clock in case.clocks.values())

    def _result(self, case: Case) -> Mapping[str, Any]:
        """Return what is entered as the result of a visit that went as this one did."""
        results, visit = self.scenario.plan["results"], self.scenario.plan["visit"]
        outcome = case.fields.get(visit["outcome"])
        if outcome == visit["visited"] and case.fields.get(visit["problem_count"]):
            outcome = visit["problems"]
        found: Mapping[str, Any] = results.get(outcome, {})
        problems = [
            {"item": row["title"], "facts": row["note"], "basis": row.get("article") or row["basis"]}
            for row in case.forms.get(visit["record"], {}).get("problems", ())
        ]
        return {
            **found,
            "problems": problems or visit["otherwise"],
        }

    def _err(self, plan: Intention) -> None:
        """Make the mistakes the scenario foresees, each once per case; every one must be refused."""
        for mistake, every in plan.habit.mistakes.items():
            if not every.come(number_of(plan.case)):
                continue
            wrong = _wrong(plan, self.scenario.plan["mistakes"][mistake])
            if wrong is None:
                continue
            request = f"demo:{plan.case.id}:{mistake}"
            with self.application.store.read() as transaction:
                if self._happened(transaction, plan.case, EventKind.REFUSED, "request", request):
                    continue
            self.application.advance(
                plan.case.id,
                wrong.choice.step,
                wrong.person,
                wrong.answers,
                reason=wrong.reason,
                request_id=request,
            )


def _wrong(plan: Intention, mistake: Mapping[str, Any]) -> Intention | None:
    """Return what somebody does instead of what is right; None where that would be no mistake."""
    answers = plan.answers
    if (shortened := mistake.get("first_of")) is not None:
        if not answers or shortened not in answers:
            return None
        answers = {**answers, shortened: list(answers[shortened])[:1]}
    if (given := mistake.get("answers")) is not None:
        if not answers or all(answers.get(name) == value for name, value in given.items()):
            return None
        changed = {**answers, **given}
        answers = {name: value for name, value in changed.items() if value is not None}
    person = str(mistake.get("person", plan.person))
    person = next(iter(plan.case.parties.get(person, ())), person)
    choice = plan.choice
    if (step := mistake.get("step")) is not None:
        choice, answers = Choice(step), None
    return replace(plan, choice=choice, person=person, answers=answers)


#: Events of a step somebody took, whole or with one signature of several.
_STEPS = (EventKind.ADVANCED.value, EventKind.SIGNED.value)


def _acted(transaction: Transaction, case: Case, now: datetime) -> bool:
    """Tell whether somebody has taken a step of the case at this very moment."""
    last = transaction.events.last(case.id)
    if last is None or last.at < now:
        return False
    return any(
        event.at >= now and event.kind in _STEPS and event.actor != SYSTEM
        for event in transaction.events.of(case.id)
    )


def _true(choice: Choice, scope: Mapping[str, Any]) -> bool:
    try:
        return choice.when is None or choice.when.value(scope) is True
    except EvaluationError:
        return False
