"""What another version of its definition would have decided of a case that was handled, step by step. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.advance import advance
from engine.lifecycle.case import Case, EventKind, evolve
from engine.lifecycle.chain import Event
from engine.lifecycle.command import ENGINE, Actor, Advance
from engine.lifecycle.decision import Decision
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.rows import NOT_ASKED
from engine.lifecycle.forms.relevance import is_blank
from engine.lifecycle.migration.carried_answers import CarriedSheets, Gone
from engine.lifecycle.migration.plan import MigrationPlan, plan_migration
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.model.form import Field, Form
from engine.lifecycle.model.step_plan import StepPlan
from engine.lifecycle.model.workflow import Sign
from engine.lifecycle.permission import allowed
from engine.lifecycle.process import Process
from engine.lifecycle.scope import local_day

#: What a history does not have as it was then.
_NOT_KEPT = frozenset({"children", "parent", "kpi", "registers", "of_subject", "draw"})
#: What is worked out when answers are handed in.
_WORKED_OUT = frozenset({"problems", "problem_count", NOT_ASKED})


class OtherwiseKind(StrEnum):
    """In what a decision would have been another."""

    REFUSED = "refused"
    QUESTION = "question"
    OUTCOME = "outcome"
    BY_ITSELF = "by_itself"
    DEADLINE = "deadline"
    LATE = "late"


#: What each kind is called.
OTHERWISE_WORDS: Mapping[OtherwiseKind, Message] = {
    OtherwiseKind.REFUSED: say("不能办"),
    OtherwiseKind.QUESTION: say("还要填写"),
    OtherwiseKind.OUTCOME: say("转入别的环节"),
    OtherwiseKind.BY_ITSELF: say("系统自行办理"),
    OtherwiseKind.DEADLINE: say("时限不同"),
    OtherwiseKind.LATE: say("逾期"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a history, with the case before and after it; of the start there is none before."""

    event: Event
    before: Case | None
    after: Case


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One decision that would have been another: of which step, when, and what."""

    kind: OtherwiseKind
    #: The day, as the bureau counts days.
    on: str
    step: str
    sentence: Message
    basis: str | None = None


@dataclass(slots=True)
class OtherDecisions:
    """What would have been otherwise in one case; how many of its steps were compared, and how many could not be."""

    found: list[Otherwise] = field(default_factory=list)
    compared: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """What a case is tried with: the versions it was handled by, the other one, what is called otherwise there, and who acts."""

    old_of: Callable[[int], Process]
    new: Process
    renames: RenameMap
    actor_of: Callable[[str], Actor]
    #: A version without its signatures (`unsigned`): whoever signed last takes the step alone.
    unsigned_of: Callable[[Process], Process]
    item_forms: tuple[str, ...] = ()


def unsigned(process: Process) -> Process:
    """Return a version in which one person takes each step that several sign."""
    ways = tuple(replace(one, sign=None) for one in process.workflow.transitions)
    workflow = replace(process.workflow, transitions=ways)
    return Process(workflow, process.bureau, process.time, process.version)


def decided_by_other(trial: OtherVersion, moments: Sequence[Moment]) -> OtherDecisions:
    """Return what `trial.new` would have decided otherwise of a case.

    Each step is looked at by itself: the case as it was then is put into the other version, and the step taken there by
    the same person with the same answers. A step both versions say the same of is decided the same. Of the others, one whose own
    version does not decide again what its history says, or that looks at children or registers, is not compared.
    """
    result = OtherDecisions()
    events = [one.event for one in moments]
    for number, moment in enumerate(moments):
        event, before = moment.event, moment.before
        if before is not None and event.kind == EventKind.ADVANCED.value:
            step = _Step(trial, before, event, events[:number])
            found = step.otherwise()
            if found is None:
                result.unknown += 1
            else:
                result.compared += 1
                result.found += found
        if moment.after.open:
            later = events[number + 1] if number + 1 < len(events) else None
            result.found += _begun(trial, moment, events[: number + 1], later)
    return result


class _Step:
    """One step that was taken, and the same one in the other version."""

    def __init__(self, trial: OtherVersion, before: Case, event: Event, past: Sequence[Event]) -> None:
        self.trial, self.before, self.event, self.past = trial, before, event, past
        self.written = trial.old_of(before.version)
        self.old = trial.unsigned_of(self.written)
        self.new = trial.unsigned_of(trial.new)
        self.step = str(event.body.get("step", ""))

    def otherwise(self) -> list[Otherwise] | None:
        """Return what would have been otherwise; None where that is not known."""
        old, new, event, before = self.old, self.new, self.event, self.before
        plan = old.plan(before.state, self.step)
        if plan is None:
            return None
        moved = _moved(self.trial, self.written, before, event.at, self.past)
        state = moved.change.state or before.state
        title = plan.first.title
        if state not in new.workflow.states:
            message = say("没有环节“{state}”", state=old.state(before.state).title)
            return [self._otherwise(OtherwiseKind.REFUSED, message, title)]
        there = evolve(before, moved.change, event.at, before.rev + 1, before.head)
        name = self.trial.renames.steps.get(self.step, self.step)
        other = new.plan(state, name)
        found = list(self._late(moved, there))
        signed, sign = (
            self._sign(self.written, before.state, self.step),
            self._sign(self.trial.new, state, name),
        )
        if other is not None and signed != sign:
            found.append(self._otherwise(OtherwiseKind.REFUSED, say("由谁会签不同"), title))
        if other is not None and self._is_the_same(plan, other, state):
            return found
        given = _handed_in(event, self.step)
        command = Advance(
            actor=Actor(ENGINE) if event.actor == ENGINE else self.trial.actor_of(event.actor),
            reason=event.body.get("reason"),
            step=self.step,
            answers=_without_worked_out(plan.form, old.workflow.forms, given),
            item_forms=self.trial.item_forms,
        )
        was, command = self._again(command)
        if isinstance(was, Refusal) or was.change.state != event.body.get("state"):
            return None
        if other is not None and _reads_what_is_not_kept(new, other):
            return None
        answers = self._given_now(plan, other, given)
        would = advance(new, there, replace(command, step=name, answers=answers), event.at)
        if isinstance(would, Refusal):
            return [*found, *(self._refused(reason, answers, title) for reason in would.reasons)]
        went = event.body.get("state") or before.state
        target = would.change.state or state
        if target != self.trial.renames.states.get(went, went):
            words = {"would": new.state(target).title, "was": old.state(went).title}
            message = say("转入“{would}”，当时转入“{was}”", **words)
            found.append(self._otherwise(OtherwiseKind.OUTCOME, message, title))
        return found

    def _is_the_same(self, plan: StepPlan, other: StepPlan, state: str) -> bool:
        """Tell whether both versions say the same of the step: what they decide of one case with the same answers is the same."""
        old, new = self.old, self.new
        forms = self.trial.item_forms if any(way.item_forms for way in plan.found) else ()
        return (
            plan.found == other.found
            and plan.form == other.form
            and [old.workflow.forms.get(one) for one in forms]
            == [new.workflow.forms.get(one) for one in forms]
            and old.state(self.before.state).audience == new.state(state).audience
            and old.workflow.parties.keys() == new.workflow.parties.keys()
            and (
                old.bureau.targets == new.bureau.targets
                or "targets" not in new.names_used(state, other.first.id)
            )
        )

    @staticmethod
    def _sign(process: Process, state: str, step: str) -> Sign | None:
        plan = process.plan(state, step)
        return plan.first.sign if plan is not None else None

    def _again(self, command: Advance) -> tuple[Decision | Refusal, Advance]:
        """Decide the step again by its own version, as whoever took it: with the roles of today, else with those it asked for."""
        was = advance(self.old, self.before, command, self.event.at)
        if not isinstance(was, Refusal) or {reason.code for reason in was.reasons} != {"not-allowed"}:
            return was, command
        plan = self.old.plan(self.before.state, self.step)
        roles = set(allowed(self.old, self.before, plan.first) if plan is not None else ())
        actor = replace(
            command.actor,
            section=command.actor.section or self.before.section,
            roles=command.actor.roles | (roles - self.old.workflow.parties.keys()),
        )
        command = replace(command, actor=actor)
        return advance(self.old, self.before, command, self.event.at), command

    def _given_now(
        self, plan: StepPlan, other: StepPlan | None, given: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        """Return what was answered as the other version calls it."""
        if other is None or other.form is None:
            return None
        forms = self.trial.new.workflow.forms
        if plan.form is None:
            return {}
        sheets = CarriedSheets(
            self.trial.renames,
            self.old.workflow.forms,
            forms,
            self.before.fields.get("items") or (),
            Gone.LEFT_OUT,
        )
        kept = sheets.sheet(plan.form, other.form, given, other.form.id)
        return _without_worked_out(other.form, forms, kept)

    def _refused(self, reason: RefusalReason, given: Mapping[str, Any] | None, step: str) -> Otherwise:
        asked = reason.code == "form" and reason.field is not None
        unanswered = asked and is_blank((given or {}).get(str(reason.field).partition(".")[0]))
        kind = OtherwiseKind.QUESTION if unanswered else OtherwiseKind.REFUSED
        return replace(self._otherwise(kind, reason.message, step), basis=reason.basis)

    def _late(self, moved: MigrationPlan, there: Case) -> Iterator[Otherwise]:
        """Yield the deadlines that stop with the step and would have passed, and had not."""
        stopped = [name for name, one in (self.event.body.get("clocks") or {}).items() if one is None]
        for name in stopped:
            running = self.before.clocks.get(name)
            would = there.clocks.get(moved.renames.clocks.get(name, name))
            if running is None or would is None or running.late(self.event.at):
                continue
            if would.late(self.event.at):
                clock = _title_of_clock(self.trial.new, moved.renames.clocks.get(name, name))
                words = {"clock": clock, "day": would.due_on.isoformat()}
                title = str(self.event.body.get("title", ""))
                yield self._otherwise(
                    OtherwiseKind.LATE, say("时限“{clock}”到 {day} 为止，办理时已逾期", **words), title
                )

    def _otherwise(self, kind: OtherwiseKind, sentence: Message, step: str) -> Otherwise:
        return Otherwise(kind, local_day(self.event.at, self.new.time.zone), step, sentence)


def _moved(
    trial: OtherVersion, old: Process, case: Case, at: datetime, past: Iterable[Event]
) -> MigrationPlan:
    return plan_migration(old, trial.new, case, trial.renames, at, {}, past)


def _begun(
    trial: OtherVersion, moment: Moment, past: Sequence[Event], later: Event | None
) -> Iterator[Otherwise]:
    """Yield the deadlines that began with an entry and would have ended on another day, and the step the engine would have taken then."""
    event, after = moment.event, moment.after
    begins = {name for name, one in (event.body.get("clocks") or {}).items() if one is not None}
    if "state" not in event.body or event.kind == EventKind.MIGRATED.value:
        return
    old, new = trial.old_of(after.version), trial.new
    moved = _moved(trial, old, after, event.at, past)
    state = moved.change.state or after.state
    if state not in new.workflow.states:
        return
    there = evolve(after, moved.change, event.at, after.rev + 1, after.head)
    title = str(event.body.get("title", "")) if event.kind != EventKind.STARTED.value else str(say("启动"))
    former = {moved.renames.clocks.get(name, name): name for name in after.clocks}
    for name in dict.fromkeys((*former, *there.clocks)):
        was, would = after.clocks.get(former.get(name, "")), there.clocks.get(name)
        before = moment.before.clocks.get(former.get(name, "")) if moment.before is not None else None
        new_here = former.get(name) in begins and (
            before is None or was is None or before.started_at != was.started_at
        )
        if name not in former:
            new_here = would is not None and would.started_at == event.at
        days = tuple(one.due_on.isoformat() if one is not None else "-" for one in (was, would))
        if new_here and days[0] != days[1]:
            clock = _title_of_clock(new if would is not None else old, name)
            yield Otherwise(
                OtherwiseKind.DEADLINE,
                local_day(event.at, new.time.zone),
                title,
                say("时限“{clock}”到 {would}，当时到 {was}", clock=clock, would=days[1], was=days[0]),
            )
    yield from _by_itself(trial, old, after, there, event, later)


def _by_itself(
    trial: OtherVersion, old: Process, after: Case, there: Case, event: Event, later: Event | None
) -> Iterator[Otherwise]:
    """Yield the first step the engine would have taken at once, which it did not take."""
    new = trial.new
    for name in new.automatic_steps(there.state):
        plan = new.plan(there.state, name)
        if plan is None or not plan.first.automatic or plan.first.same_approver:
            continue
        if _reads_what_is_not_kept(new, plan):
            return
        would = advance(new, there, Advance(actor=Actor(ENGINE), step=name), event.at)
        if isinstance(would, Refusal):
            continue
        if later is not None and later.actor == ENGINE and later.at == event.at:
            # What it did take is compared as a step.
            return
        known = {trial.renames.steps.get(one, one): one for one in old.automatic_steps(after.state)}
        if name in known and not isinstance(
            advance(old, after, Advance(actor=Actor(ENGINE), step=known[name]), event.at), Refusal
        ):
            return
        target = new.state(would.change.state or there.state).title
        sentence = say("系统自行办理“{step}”，转入“{state}”", step=would.title, state=target)
        yield Otherwise(OtherwiseKind.BY_ITSELF, local_day(event.at, new.time.zone), would.title, sentence)
        return


def _handed_in(event: Event, step: str) -> Mapping[str, Any]:
    """Return what a form was answered with: of a step, or of a branch."""
    said: Mapping[str, Any] = (event.body.get("branches") or {}).get(step) or {}
    return event.body.get("answers") or said.get("answers") or {}


def _without_worked_out(
    form: Form | None, forms: Mapping[str, Form], answers: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return answers as they are handed in: without what was worked out of them."""
    if form is None:
        return None
    found = {name: value for name, value in _asked(form.fields, answers).items() if name not in _WORKED_OUT}
    if isinstance(items := found.get("items"), Mapping):
        found["items"] = {
            name: _without_worked_out(forms[name], forms, value) if name in forms else value
            for name, value in items.items()
        }
    return found


def _asked(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in answers.items() if name != NOT_ASKED}
    for one in fields:
        if one.computed is not None:
            found.pop(one.name, None)
        elif one.columns and isinstance(rows := found.get(one.name), list):
            found[one.name] = [_asked(one.columns, row) if isinstance(row, Mapping) else row for row in rows]
    return found


def _reads_what_is_not_kept(process: Process, plan: StepPlan) -> bool:
    """Tell whether taking a step looks at what a history does not have as it was then."""
    parties = process.workflow.parties.keys()
    for expression in _read(plan):
        roots = {path[0] for path in expression.names() if path}
        if roots & _NOT_KEPT or ("it" in roots and roots & parties):
            return True
    return False


def _read(plan: StepPlan) -> Iterator[Expression]:
    conditions: list[Condition] = [one for way in plan.found for one in way.conditions]
    for asked in plan.form.fields if plan.form is not None else ():
        for one in (asked, *asked.columns):
            conditions += [rule.that for rule in one.constraints]
            conditions += [one.relevant] if one.relevant is not None else []
            if one.computed is not None:
                yield one.computed
    conditions += [rule.that for rule in plan.form.constraints] if plan.form is not None else []
    for condition in conditions:
        yield from condition.expressions()


def _title_of_clock(process: Process, name: str) -> str:
    rule = process.workflow.clocks.get(name)
    return rule.title if rule is not None else name
