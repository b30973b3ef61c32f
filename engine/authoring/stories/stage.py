"""The stage of a story: an office in memory with one person for each role, and a clock that only the story moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.commands import Caller
from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.draws.v2.lapsing import lapse_commitments
from engine.app.execution.apply import start_cases
from engine.app.people.directory import Directory
from engine.app.queries.cases import CaseFilter
from engine.app.queries.registers import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.app.session.messages import INBOX
from engine.app.session.signers import holders_of_signers
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.timers.fire_due import fire_due
from engine.authoring.simulate.answers import Guess, Setting
from engine.authoring.simulate.starting import as_started
from engine.authoring.stories.answering import INSPECTORS, REASON, Answering
from engine.authoring.stories.story import StoryStep
from engine.authoring.stories.story_verbs import is_verb, take_verb
from engine.definition.library import Loaded
from engine.deployment.clocks import VirtualClock
from engine.kernel.instants import STANDARD_ZONE
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.chain import Event
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.dates import days_of
from engine.lifecycle.model.form import FieldType
from engine.lifecycle.permission import allowed
from engine.lifecycle.process import Process
from engine.lifecycle.signers import signers
from engine.store.memory.store import KeptContents, MemoryStore
from engine.synthetic.entropy import seeded_entropy
from engine.synthetic.registers import sample_registers
from engine.worktime.arithmetic import add_working_days
from engine.worktime.periods import PeriodUnit

ZONE = ZoneInfo(STANDARD_ZONE)
#: Where a story begins that does not say.
BEGIN = date(2024, 9, 20)
_MORNING = time(10)
#: How many people are asked to take a step, where a story does not say who.
_TRIED = 4
#: What the ids of further holders of a role end with: what one did, another may have to check.
SECOND = ("_2", "_3")
#: The code of what the effect of a step refuses: it looks at the case, not at who takes the step.
WHATEVER_PERSON = "effect"


@dataclass(frozen=True, slots=True)
class KeptStage:
    """A stage as it was at one time."""

    contents: KeptContents
    now: datetime
    since: datetime
    warnings: tuple[str, ...]


@dataclass(slots=True)
class Stage:
    """One office in which one story is played."""

    loaded: Loaded
    workflow: str
    clock: VirtualClock
    store: MemoryStore
    application: Application
    case_id: str = ""
    #: When the last step was taken: messages after it are those of the step.
    since: datetime = field(default=datetime(2000, 1, 1, tzinfo=ZONE))
    #: What the last step warned of.
    warnings: tuple[str, ...] = ()
    answering: Answering = field(default_factory=Answering)

    @classmethod
    def of(
        cls,
        loaded: Loaded,
        workflow: str,
        time_: DeadlineCalculator,
        begin: date,
        registers: Mapping[str, int] | None = None,
    ) -> Stage:
        """Open an office, publish the definitions and enter its made-up people and registers.

        `registers` says of how many entries a register is, where it is not as large as usual: kind -> number.
        """
        clock = VirtualClock(datetime.combine(begin, _MORNING, ZONE))
        store = MemoryStore()
        application = Application(store, clock, DefinitionCache(time_))
        application.entropy = seeded_entropy("stories")
        application.channels = (INBOX,)
        outcome = publish(application, Caller(SYSTEM), loaded)
        if not isinstance(outcome, Published):
            raise ValueError(str(outcome))
        bureau = loaded.bureau
        section = next(iter(bureau.sections)) if bureau is not None else ""
        wanted = registers or {}
        for kind, entries in sample_registers("stories", objects=20, inspectors=12).items():
            if kind != "people" and wanted.get(kind) != 0:
                # Inspectors that are counted are those of the team below.
                some = () if kind in wanted and kind == "inspectors" else entries[: wanted.get(kind)]
                rows = [RegisterEntry(e.kind, e.id, e.name, e.section, dict(e.data)) for e in some]
                import_entries(application, kind, rows, SYSTEM, source="sample")
        roles = bureau.roles if bureau is not None else {}
        people = [
            RegisterEntry(
                "people", f"{role.id}{one}", role.title, section, {"roles": [role.id], "status": "active"}
            )
            for role in roles.values()
            for one in ("", *SECOND)
        ] + _people_elsewhere(loaded, section)
        import_entries(application, "people", people, SYSTEM, source="stories")
        known = {
            "status": "active",
            "cert_no": "1",
            "cert_valid_to": "2099-12-31",
            "trained_on": begin.isoformat(),
        }
        members = INSPECTORS[: wanted.get("inspectors")]
        team = [RegisterEntry("inspectors", one, one, section, dict(known)) for one in members]
        import_entries(application, "inspectors", team, SYSTEM, source="stories")
        return cls(loaded, workflow, clock, store, application)

    def begin(self, given: Mapping[str, Any]) -> None:
        """Start the case of the story."""
        application, bureau = self.application, self.loaded.bureau
        self._change_people(given.get("people") or {})
        with application.store.write() as transaction:
            uow = UnitOfWork(application, transaction, self.clock.now())
            process = application.definitions.latest(transaction, self.workflow)
            if process is None or bureau is None:
                raise ValueError(self.workflow)
            parties = {
                name: INSPECTORS[:people] if isinstance(people, int) else tuple(people)
                for name, people in {
                    **dict.fromkeys(process.workflow.parties, 2),
                    **given.get("parties", {}),
                }.items()
                if name in given.get("parties", {}) or self._brought(process, name)
            }
            subject = {"id": "object-1", "name": "示例企业", **(given.get("about") or {})}
            form = process.workflow.start_form
            answers = None
            if form is not None:
                scope = {
                    "today": self.clock.now().date().isoformat(),
                    "actor": {"id": SYSTEM},
                    "subject": subject,
                    "case": {},
                    "forms": {},
                }
                setting = Setting(scope, self.clock.now(), INSPECTORS, given.get("answers", {}))
                answers = Guess(setting, ("story",), 1, {}, False).filled(process.form(form), ())
            own_fields = dict(given.get("fields", {}))
            new = NewCase(
                title=str(given.get("title", "示例企业")),
                section=next(iter(bureau.sections)),
                subject=subject,
                parties=parties,
                fields=own_fields,
                answers=answers,
            )
            new = as_started(uow, process, new)
            # What a story says the case begins with goes before what its start would give it.
            named = {name: parties[name] for name in given.get("parties", {}) if name in parties}
            new = replace(new, fields={**new.fields, **own_fields}, parties={**new.parties, **named})
            start_cases(uow, process, SYSTEM, [new])
            uow.flush()
            (case,) = transaction.cases.find(CaseFilter(workflow=self.workflow), limit=1)
            for name, wanted in dict(given.get("closed_children") or {}).items():
                self._close_children(uow, case, str(name), wanted)
            uow.flush()
        with application.store.read() as transaction:
            found = transaction.cases.find(CaseFilter(workflow=self.workflow), limit=1)
            self.case_id = found[0].id

    def _change_people(self, people: Mapping[str, Mapping[str, Any]]) -> None:
        """Write into the registers what a story says of made-up people: further roles, or a certificate that ends earlier."""
        for person, said in people.items():
            kind = "inspectors" if "roles" not in said and person in INSPECTORS else "people"
            with self.application.store.read() as transaction:
                entry = transaction.registers.get(kind, person)
            bureau = self.loaded.bureau
            section = next(iter(bureau.sections)) if bureau is not None else ""
            known = entry or RegisterEntry(kind, person, person, section, {"status": "active"})
            data = {**known.data, **{name: _plain(value) for name, value in said.items()}}
            changed = RegisterEntry(kind, person, known.name, known.section, data)
            import_entries(self.application, kind, [changed], SYSTEM, source="stories")

    def _close_children(self, uow: UnitOfWork, case: Case, workflow: str, wanted: Mapping[str, Any]) -> None:
        """Start child cases that are closed already: of what was done on them, only what the story names is there."""
        process = self.application.definitions.latest(uow.transaction, workflow)
        if process is None:
            raise ValueError(workflow)
        end = next(state.id for state in process.workflow.states.values() if state.final)
        count = int(wanted.get("count", 1))
        rows = [
            NewCase(
                title="示例企业",
                section=case.section,
                parent=case.id,
                subject={"id": f"object-{number}", "name": "示例企业"},
                parties=dict.fromkeys(process.workflow.parties, INSPECTORS[:2]),
                fields={
                    name: uow.now.astimezone(ZONE).date().isoformat()
                    for name, asked in process.workflow.fields.items()
                    if asked.type is FieldType.DATE
                }
                | dict(wanted.get("fields") or {}),
            )
            for number in range(1, count + 1)
        ]
        start_cases(uow, process, SYSTEM, rows)
        uow.flush()
        for started in uow.transaction.cases.find(CaseFilter(workflow=workflow, parent=case.id), limit=count):
            child = started
            for form, answers in dict(wanted.get("forms") or {}).items():
                filled = Change(form=form, answers=answers)
                child = uow.record(child, EventKind.RECORDED.value, SYSTEM, {"title": "已填表单"}, filled)
            closed = Change(state=end, final=True, clocks=dict.fromkeys(child.clocks))
            uow.record(child, EventKind.RECORDED.value, SYSTEM, {"title": "已办结"}, closed)

    @staticmethod
    def _brought(process: Process, party: str) -> bool:
        """Tell whether a party is there from the beginning: no step assigns it."""
        effects = (
            effect
            for step in process.workflow.transitions
            for effect in step.then
            if effect.kind == "assign" and ABOVE not in effect.arguments
        )
        return not any(party in effect.arguments["assign"] for effect in effects)

    def case(self, child: str | None = None) -> Case | None:
        """Return the case of the story; of a workflow the newest open child at any depth, or ``WORKFLOW N``: the N-th that was started."""
        name, _, number = (child or "").partition(" ")
        with self.application.store.read() as transaction:
            if child is None:
                return transaction.cases.get(self.case_id)
            found = transaction.cases.find(
                CaseFilter(workflow=name, open=None if number else True), limit=1000
            )
        if number:
            place = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
            return found[place - 1] if 0 < place <= len(found) else None
        return found[-1] if found else None

    def kept(self) -> KeptStage:
        """Return the stage as it is now, for `back_to`."""
        return KeptStage(self.store.kept(), self.clock.now(), self.since, self.warnings)

    def back_to(self, kept: KeptStage) -> None:
        """Let everything be again as it was when `kept` was called, as often as is wanted."""
        self.store.back_to(kept.contents)
        self.clock.set(kept.now)
        self.since, self.warnings = kept.since, kept.warnings

    def process(self, case: Case) -> Process:
        """Return the definition a case follows."""
        with self.application.store.read() as transaction:
            return UnitOfWork(self.application, transaction, self.clock.now()).process(case)

    def take(self, case: Case, step: StoryStep) -> CommandResult | Refusal:
        """Take a step for the person it names; what is not answered is answered so that it passes, if anything does."""
        self._let_a_minute_pass()
        process = self.process(case)
        people = self.people(process, case, step)
        outcome: CommandResult | Refusal | None = None
        if is_verb(process, case, step):
            outcome = take_verb(self.application, process, case, people[0], step)
        elif step.refused is None:
            outcome = self._first_accepted(process, case, step, people)
        if outcome is None:
            answers = self.answers_of(process, case, step, people[0])
            outcome = self._advance(case.id, step, people[0], answers)
        return self._signed_by_others(case, step, outcome)

    def accepted(self, case: Case, step: StoryStep) -> CommandResult | None:
        """Take a step of a state as `take` does; None where everybody is refused it. The stage is somewhere after that."""
        self._let_a_minute_pass()
        process = self.process(case)
        taken = self._first_accepted(process, case, step, self.people(process, case, step))
        outcome = None if taken is None else self._signed_by_others(case, step, taken)
        return None if isinstance(outcome, Refusal) else outcome

    def _let_a_minute_pass(self) -> None:
        """What a step brings about is known by its time from what the one before did."""
        self.clock.set(self.clock.now() + timedelta(minutes=1))
        self.since = self.clock.now()

    def _advance(
        self, case_id: str, step: StoryStep, person: str, answers: Mapping[str, Any] | None
    ) -> CommandResult | Refusal:
        reason = step.reason if step.reason is not None else REASON
        return self.application.advance(case_id, str(step.do), person, answers, reason=reason)

    def _first_accepted(
        self, process: Process, case: Case, step: StoryStep, people: Iterable[str]
    ) -> CommandResult | None:
        """Take a step for the first of `people` who is not refused it; None where all are."""
        before: KeptStage | None = None
        for person in people:
            answers, refused = self.answering.answers(self.application, process, case, step, person)
            if refused:
                continue
            if before is None:
                before = self.kept()
            else:
                # Of several who hold the role, one may have done what another has to check: as if that one had not tried.
                self.back_to(before)
            outcome = self._advance(case.id, step, person, answers)
            if not isinstance(outcome, Refusal):
                return outcome
            if all(reason.code == WHATEVER_PERSON for reason in outcome.reasons):
                break
        if before is not None:
            self.back_to(before)
        return None

    def _signed_by_others(
        self, case: Case, step: StoryStep, outcome: CommandResult | Refusal
    ) -> CommandResult | Refusal:
        """Where the story does not say that one person signs, those who sign after the first do so too."""
        self.warnings = () if isinstance(outcome, Refusal) else outcome.warnings
        alone = self._one_person(case, step)
        while not isinstance(outcome, Refusal) and not alone and (others := self._waiting(step, outcome)):
            outcome = self._advance(outcome.case, step, others[0], None)
        return outcome

    def _one_person(self, case: Case, step: StoryStep) -> bool:
        """Tell whether a step says which person takes it, and no role or party."""
        process = self.process(case)
        roles = {name for role in process.bureau.roles.values() for name in (role.id, role.title)}
        parties = {name for pair in process.workflow.parties.items() for name in pair}
        return step.by is not None and step.by not in roles | parties

    def _waiting(self, step: StoryStep, outcome: CommandResult) -> tuple[str, ...]:
        """Return whose signatures a step still waits for after somebody has signed it."""
        with self.application.store.read() as transaction:
            uow = UnitOfWork(self.application, transaction, self.clock.now())
            case = transaction.cases.get(outcome.case)
            if case is None or str(step.do) not in case.signing:
                return ()
            process = uow.process(case)
            found = process.manual_steps(case.state).get(str(step.do))
            if found is None:
                return ()
            who = signers(process, case, found[0], holders_of_signers(uow, process, case))
        return who.waiting if who is not None and who.signing.signed and not who.complete else ()

    def people(self, process: Process, case: Case, step: StoryStep) -> list[str]:
        """Return who may act: a person, the holders of a role or a party, by id or title; else whoever may."""
        named = step.by
        for role in process.bureau.roles.values():
            if named in (role.id, role.title):
                away = role.by_section and case.section not in (None, next(iter(process.bureau.sections)))
                elsewhere = [f"{role.id}_{case.section}"] if away else []
                return [role.id, *(f"{role.id}{one}" for one in SECOND), *elsewhere]
        for party, title in process.workflow.parties.items():
            if named in (party, title):
                return list(case.parties.get(party, ())) or [party]
        if named is not None:
            return [named]
        found = process.steps(case.state).get(str(step.do))
        if found is None:
            return [next(iter(process.bureau.roles))]
        with self.application.store.read() as transaction:
            people = Directory(transaction)
            every = [
                one
                for name in allowed(process, case, found[0])
                for one in people.recipients(process, case, name)
            ]
        return every[:_TRIED] or [next(iter(process.bureau.roles))]

    def could_take(self, process: Process, case: Case, step: StoryStep, person: str) -> bool:
        """Tell whether a person would not be refused a step. Nothing is written."""
        answers, refused = self.answering.answers(self.application, process, case, step, person)
        if refused:
            return False
        outcome = self.application.advance(
            case.id, str(step.do), person, answers, reason=REASON, dry_run=True
        )
        return not isinstance(outcome, Refusal)

    def answers_of(
        self, process: Process, case: Case, step: StoryStep, person: str
    ) -> Mapping[str, Any] | None:
        """Return the answers a person gives at a step: those of the story, the others so that it passes, if anything does."""
        return self.answering.answers(self.application, process, case, step, person)[0]

    def wait(self, text: str) -> bool:
        """Let days pass: until a date, or for a period; False where the text says neither."""
        today = self.clock.now().astimezone(ZONE).date()
        try:
            day = date.fromisoformat(text)
        except ValueError:
            period = days_of(text)
            if period is None:
                return False
            if period.unit is PeriodUnit.WORKING_DAYS:
                day = add_working_days(self.application.definitions.time.calendar, today, period.count)
            else:
                months = {PeriodUnit.MONTHS: 31, PeriodUnit.YEARS: 366}.get(period.unit, 1)
                day = today + timedelta(days=period.count * months)
        end = datetime.combine(day, _MORNING, ZONE)
        if end > self.clock.now():
            self.clock.set(self.clock.now() + timedelta(minutes=1))
        self.since = self.clock.now()
        while True:
            with self.application.store.read() as transaction:
                due = transaction.timers.next_at()
            if due is None or due > end:
                break
            self.clock.set(max(due, self.clock.now()))
            if fire_due(self.application).fired == 0:
                break
        self.clock.set(max(end, self.clock.now()))
        # What is done every night, and what steps can see of it.
        lapse_commitments(self.application)
        return True

    def histories(self) -> dict[str, list[list[Event]]]:
        """Return the history of every case: workflow -> histories."""
        found: dict[str, list[list[Event]]] = {}
        with self.application.store.read() as transaction:
            for case in transaction.cases.find(CaseFilter(), limit=10_000):
                found.setdefault(case.workflow, []).append(transaction.events.of(case.id))
        return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _people_elsewhere(loaded: Loaded, section: str) -> list[RegisterEntry]:
    """Return one holder in every other section of each role that has tasks and acts for its section alone."""
    bureau = loaded.bureau
    if bureau is None:
        return []
    asked = {
        who for one in loaded.workflows.values() for state in one.states.values() for who in state.audience
    }
    return [
        RegisterEntry(
            "people", f"{role.id}_{other}", role.title, other, {"roles": [role.id], "status": "active"}
        )
        for role in bureau.roles.values()
        if role.by_section and role.id in asked
        for other in bureau.sections
        if other != section
    ]
