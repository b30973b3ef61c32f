"""View of a case: its state, the steps that can be taken, the forms to fill in, the obstacles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime, time
from typing import Any

from engine.app.access.query import QuerySource
from engine.app.history.credential import SINGLE_HANDED
from engine.app.history.replay import history
from engine.app.papers.form_versions import altered_sentences, form_histories
from engine.app.papers.signing import signature_states
from engine.app.people.acting_for import with_principals
from engine.app.ports.documents import BlankFinder
from engine.app.ports.papers import KeptFile, PaperRecord
from engine.app.ports.signatures import SignatureState
from engine.app.ports.store import Transaction
from engine.app.services import Services
from engine.app.session.case_path import urging_of
from engine.app.session.facts import facts_for
from engine.app.session.signers import holders_of_signers
from engine.app.session.unit_of_work import UnitOfWork, paused_clocks
from engine.app.worklist.answers import answered_forms, form_to_sign
from engine.app.worklist.blanks import blanks_of
from engine.app.worklist.form_setting import worked_out
from engine.app.worklist.single_handed import is_version_by_one, papers_of_case_by_one
from engine.app.worklist.task_verbs import offered_verbs
from engine.kernel.instants import local_minute, to_text
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, translate
from engine.lifecycle.advance import answers_being_signed
from engine.lifecycle.case import Case, EventKind, RunningClock
from engine.lifecycle.command import SYSTEM, Actor, Advance
from engine.lifecycle.decide import decide
from engine.lifecycle.forms.in_words import AnsweredForm
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.forms.relevance import settled_form
from engine.lifecycle.forms.signature import Signature
from engine.lifecycle.model.form import Field, Form
from engine.lifecycle.model.period_mark import PeriodMark
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.permission import allowed
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.signers import signers
from engine.value import named_value, value


@value
class StepView:
    """One step that leaves the present state."""

    id: str
    title: str
    who: tuple[str, ...]
    form: Form | None
    item_forms: tuple[Form, ...]
    reason: bool
    #: Why the person asking may not take it; empty: nothing (or nobody asked).
    obstacles: tuple[RefusalReason, ...]
    help: str | None
    #: 会签、或签: who has signed, who signed for whom, and who may still sign; None: one person takes the step.
    signed: tuple[Signature, ...] | None = None
    waiting: tuple[str, ...] = ()
    #: What the papers of the step would leave blank, were it taken now.
    blanks: tuple[str, ...] = ()
    #: What its form works out whatever is answered.
    worked_out: tuple[tuple[str, str], ...] = ()
    #: Items of the case the register marks as 重点: their rows are answered one by one.
    key_items: tuple[str, ...] = ()
    #: What it is called by what comes of it, where several things may.
    titles: tuple[str, ...] = ()
    #: Question of `form` or of an item form that must be answered where it is asked -> in words, when that is.
    asked_when: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """Return what people call it: by everything that may come of it, since what does depends on the answers."""
        return " / ".join(map(translate, self.titles or (self.title,)))

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "title": self.title,
            "by": list(self.who),
            "form": self.form.id if self.form else None,
            "fields": [_field_json(f, self.asked_when) for f in self.form.fields if f.answered]
            if self.form
            else [],
            "rows": [row.id for row in self.form.rows] if self.form else [],
            "item_forms": {form.id: [row.id for row in form.rows] for form in self.item_forms},
            "reason": self.reason,
            "obstacles": [obstacle.as_json() for obstacle in self.obstacles],
            **(
                {}
                if self.signed is None
                else {"signed": [one.as_json() for one in self.signed], "waiting": list(self.waiting)}
            ),
        }


@named_value
class DeadlineView:
    """One running deadline of a case, as people see it."""

    title: str
    #: The last day, and the time of day too where it ends at an instant; in the bureau's zone.
    due: str
    due_on: date
    due_at: datetime
    provisional: bool
    late: bool
    #: It is paused: the case is suspended, or in a state in which the clock does not run.
    paused: bool
    #: Of the limit that rules.
    basis: str | None
    #: 建议值、本地规定: what that limit rests on.
    mark: PeriodMark = PeriodMark.STATUTORY

    def as_json(self) -> dict[str, Any]:
        """Return plain values, the instant in UTC."""
        return {
            "title": self.title,
            "due_on": self.due_on.isoformat(),
            "due_at": to_text(self.due_at),
            "provisional": self.provisional,
            "late": self.late,
            "paused": self.paused,
            "basis": self.basis,
            **({} if self.mark is PeriodMark.STATUTORY else {"mark": self.mark.value}),
        }


@value
class TaskView:
    """A case and its present task, ready to be shown."""

    case: Case
    process: Process
    steps: tuple[StepView, ...]
    deadlines: tuple[DeadlineView, ...]
    #: How often the present task was urged, and who has since said that they received it.
    urged: int = 0
    received_by: tuple[str, ...] = ()
    #: What was answered so far, in words; the papers and the kept files of the case.
    answers: tuple[AnsweredForm, ...] = ()
    papers: tuple[PaperRecord, ...] = ()
    files: tuple[KeptFile, ...] = ()
    #: Who signed what, and whether it still holds.
    signatures: tuple[SignatureState, ...] = ()
    #: What is wrong with its forms: answers that the history does not have.
    altered: tuple[Message, ...] = ()
    #: Number of the last entry of the history that changed something: refused attempts come after it.
    settled_rev: int = 0
    #: What may be done with the task besides its steps, by whoever looks at it.
    verbs: tuple[str, ...] = ()
    #: 单人办理: whether one person alone published its rules; the titles of what one did and two have to agree to; the
    #: names of papers made from templates one published.
    rules_alone: bool = False
    acts_alone: tuple[str, ...] = ()
    papers_alone: tuple[str, ...] = ()

    @property
    def main_step(self) -> str | None:
        """Return the step whoever looks at it takes before any other; None where they can take none."""
        state, steps = self.case.state, [step.id for step in self.steps if not step.obstacles]
        known = self.process.manual_steps(state)
        return min(steps, key=lambda step: self.process.rank(state, known[step]), default=None)

    def _alone(self) -> dict[str, Any]:
        if not (self.rules_alone or self.acts_alone or self.papers_alone):
            return {}
        papers = {"papers": list(self.papers_alone)} if self.papers_alone else {}
        return {"rules": self.rules_alone, "acts": list(self.acts_alone), **papers}

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        case = self.case
        return {
            "case": case.id,
            "title": case.title,
            "workflow": case.workflow,
            "version": case.version,
            "state": case.state,
            "state_title": self.process.state(case.state).title,
            "section": case.section,
            "assignee": case.assignee,
            "suspended": case.suspended_at is not None,
            "closed": not case.open,
            "parties": {name: list(people) for name, people in case.parties.items()},
            "deadlines": [one.as_json() for one in self.deadlines],
            "urged": self.urged,
            "received_by": list(self.received_by),
            "asked": {verb: dict(words) for verb, words in case.asked.items()},
            "verbs": list(self.verbs),
            "steps": [step.as_json() for step in self.steps],
            **({"entrusted": dict(case.entrusted)} if case.entrusted else {}),
            **(
                {"copies": {person: dict(copy) for person, copy in case.copies.items()}}
                if case.copies
                else {}
            ),
            **(
                {"branches": {name: dict(said) for name, said in case.branches.items()}}
                if case.branches
                else {}
            ),
            **({"to_review": dict(case.to_review)} if case.to_review else {}),
            **({"single_handed": alone} if (alone := self._alone()) else {}),
            **({"signatures": [one.as_json() for one in self.signatures]} if self.signatures else {}),
            **({"altered": [str(one) for one in self.altered]} if self.altered else {}),
        }


def explain_task(
    source: QuerySource,
    transaction: Transaction,
    now: datetime,
    case_id: str,
    person: str | None,
    renderer: BlankFinder | None = None,
) -> TaskView | None:
    """Return the task of a case as `person` (or anybody, when None) meets it; None for an unknown case.

    With a `renderer` each step says what its papers would leave blank.
    """
    case = transaction.cases.get(case_id)
    if case is None:
        return None
    uow = UnitOfWork(Services(source.store, source.clock, source.definitions), transaction, now)
    process = uow.process(case)
    still = paused_clocks(process, case)
    actor = None
    if person:
        actor = with_principals(uow.people, uow.people.actor(person) or Actor(person), case, now, uow.process)
    item_forms = source.definitions.item_forms(transaction, case)
    steps: list[StepView] = []
    to_sign = []
    if case.open and case.suspended_at is None:
        for step, found in process.manual_steps(case.state).items():
            obstacles = _obstacles(uow, process, case, step, actor) if actor else ()
            view = _with_conditions(
                uow, process, case, _view(process, case, step, found[0], obstacles, item_forms), actor
            )
            if renderer is not None:
                view = replace(view, blanks=blanks_of(uow, process, case, found[0], renderer))
            if (titles := tuple(dict.fromkeys(one.title for one in found)))[1:]:
                view = replace(view, titles=titles)
            if actor is not None and not obstacles:
                view = replace(view, worked_out=tuple(worked_out(uow, process, case, found[0], actor)))
            if found[0].item_forms:
                view = replace(view, key_items=_key_items(transaction, case))
            steps.append(_with_signers(uow, process, case, found[0], view))
            command = Advance(step=step, actor=Actor(person or SYSTEM))
            facts = facts_for(uow, process, case, command) if found[0].sign else {}
            signed = answers_being_signed(process, case, found[0], item_forms, facts, now)
            if signed is not None:
                to_sign.append(form_to_sign(transaction, process, case, found[0], signed))
    deadlines = tuple(
        _deadline(process, name, running, now, paused=running.paused_at is not None or name in still)
        for name, running in sorted(case.clocks.items(), key=lambda pair: pair[1].due_at)
    )
    events = list(history(transaction, case_id))
    urging = urging_of(events)
    return TaskView(
        case,
        process,
        tuple(steps),
        deadlines,
        urging.urged,
        urging.received_by,
        answers=(*answered_forms(transaction, process, case, events), *to_sign),
        papers=tuple(transaction.papers.of_case(case_id)),
        files=tuple(transaction.papers.files(case_id)),
        signatures=tuple(signature_states(transaction, case, events, holder=source)),
        altered=tuple(altered_sentences(form_histories(events, case), process.workflow.forms).values()),
        verbs=offered_verbs(uow, process, case, actor),
        rules_alone=is_version_by_one(transaction, case.workflow, case.version),
        papers_alone=papers_of_case_by_one(transaction, case_id),
        acts_alone=tuple(
            dict.fromkeys(event.title or event.kind for event in events if event.body.get(SINGLE_HANDED))
        ),
        settled_rev=max((event.seq for event in events if event.kind != EventKind.REFUSED.value), default=0),
    )


def _deadline(
    process: Process, name: str, running: RunningClock, now: datetime, *, paused: bool
) -> DeadlineView:
    clock = process.workflow.clocks.get(name)
    midnight = running.due_at.astimezone(process.time.zone).time() == time()
    return DeadlineView(
        title=clock.title if clock else name,
        due=running.due_on.isoformat() if midnight else local_minute(running.due_at, process.time.zone),
        due_on=running.due_on,
        due_at=running.due_at,
        provisional=running.provisional,
        late=running.late(now),
        paused=paused,
        basis=clock.basis_of(running.ruling) if clock else None,
        mark=clock.mark_of(running.ruling) if clock else PeriodMark.STATUTORY,
    )


def _with_signers(
    uow: UnitOfWork, process: Process, case: Case, step: Transition, view: StepView
) -> StepView:
    """Return the view of a step several people sign with who has and who may."""
    found = signers(process, case, step, holders_of_signers(uow, process, case))
    if found is None:
        return view
    view = replace(view, signed=found.signing.signed, waiting=found.waiting)
    if found.signing.signed and found.signing.answers is not None:
        # All sign the same answers: there is nothing to fill in any more.
        return replace(view, form=None, item_forms=())
    return view


def _obstacles(
    uow: UnitOfWork, process: Process, case: Case, step: str, actor: Actor
) -> tuple[RefusalReason, ...]:
    """Return the obstacles to taking `step` besides its form, which nobody has filled in yet."""
    command = Advance(step=step, actor=actor, reason="?")
    command = Advance(
        step=step,
        actor=actor,
        reason="?",
        facts=facts_for(uow, process, case, command),
        holders=holders_of_signers(uow, process, case),
    )
    outcome = decide(process, case, command, uow.now)
    if not isinstance(outcome, Refusal):
        return _of_void_papers(uow, process, case, step)
    found = tuple(reason for reason in outcome.reasons if reason.code != "form")
    return found or _of_void_papers(uow, process, case, step)


def _of_void_papers(uow: UnitOfWork, process: Process, case: Case, step: str) -> tuple[RefusalReason, ...]:
    if not process.served_before(case.state, step):
        return ()
    from engine.app.execution.void_papers.guard import void_papers_before

    return void_papers_before(uow, process, case, step)


def _view(
    process: Process,
    case: Case,
    step: str,
    transition: Transition,
    obstacles: tuple[RefusalReason, ...],
    item_forms: tuple[str, ...],
) -> StepView:
    return StepView(
        id=step,
        title=transition.title,
        who=tuple(
            process.title_of(name)
            for name in (transition.sign.by if transition.sign else allowed(process, case, transition))
        ),
        form=process.form(transition.form) if transition.form else None,
        item_forms=tuple(
            form_of_items(process.form(name), case.fields.get("items") or ()) for name in item_forms
        )
        if transition.item_forms
        else (),
        reason=transition.reason,
        obstacles=obstacles,
        help=transition.help,
    )


def _with_conditions(
    uow: UnitOfWork, process: Process, case: Case, view: StepView, actor: Actor | None
) -> StepView:
    """Return the view of a step with its questions as they are asked of this case, and when the others are.

    What a condition reads may be known already: the question is then left out, or always asked.
    """
    forms = [form for form in (view.form, *view.item_forms) if form is not None]
    if all(asked.relevant is None for form in forms for asked in form.fields):
        return view
    command = Advance(step=view.id, actor=actor or Actor(SYSTEM))
    facts = facts_for(uow, process, case, command)
    scope = make_scope(process, case, command.actor, uow.now, facts)
    known = [settled_form(form, scope) for form in forms]
    words: dict[str, str] = {}
    for form in known:
        for asked in form.fields:
            if asked.required and asked.relevant is not None:
                from engine.definition.condition_rows.asked_when import asked_when

                words[asked.name] = asked_when(form, asked, process.workflow.forms.values())
    if view.form is None:
        return replace(view, item_forms=tuple(known), asked_when=words)
    return replace(view, form=known[0], item_forms=tuple(known[1:]), asked_when=words)


def _key_items(transaction: Transaction, case: Case) -> tuple[str, ...]:
    items = case.fields.get("items") or ()
    codes = [str(item["code"] if isinstance(item, Mapping) else item) for item in items]
    entries = transaction.registers.some("items", codes)
    return tuple(code for code in codes if code in entries and entries[code].data.get("level") == "key")


def _field_json(asked: Field, asked_when: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": asked.name,
        "title": asked.title,
        "type": asked.type.value,
        # Of a question that is asked under a condition, `required_when` says when it has to be answered.
        "required": asked.required and asked.relevant is None,
    }
    if asked.required and asked.relevant is not None:
        body["required_when"] = asked_when.get(asked.name, "")
    if asked.choices:
        body["choices"] = dict(asked.choices)
    if asked.columns:
        body["columns"] = [_field_json(column, {}) for column in asked.columns]
    return body
