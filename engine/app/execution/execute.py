"""Carrying a decision out: its effects, its event, and whatever follows by itself, in one turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.app.audit.verify import history
from engine.app.execution import effects
from engine.app.people.directory import role_key
from engine.app.ports.records import CaseFilter
from engine.app.session.case_path import passage_of, released_by
from engine.app.session.facts import facts_for
from engine.app.session.unit_of_work import Turn
from engine.kernel.refusal import Refusal, Unmet
from engine.language import Message, say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.command import (
    ENGINE,
    Acknowledge,
    Actor,
    AddSigner,
    Advance,
    Approve,
    Command,
    DropSigner,
    Return,
    Urge,
    Void,
    Withdraw,
)
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.permission import called
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verb_guard import TITLES

#: A chain of automatic steps longer than this is a circle in the definition, not work.
MOST_AUTOMATIC_STEPS = 100
#: More children than any batch has.
MOST_CHILDREN = 100_000

#: Whoever has more tasks than this has too many, and they are not counted further.
MOST_COUNTED = 10_000


class Refused(Exception):
    """A command was refused; carries the refusal out of the transaction it undoes."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.attempt)
        self.refusal = refusal


@dataclass(slots=True)
class Doing:
    """What effects work on: the decision, and what they add to the event before it is written."""

    turn: Turn
    case: Case
    decision: Decision
    actor: Actor
    scope: dict[str, Any]
    fields: dict[str, Any] = field(default_factory=dict)
    parties: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Short facts about what was done, kept in the event.
    notes: dict[str, Any] = field(default_factory=dict)
    #: To be done once the event is written and the case stands in its new state.
    afterwards: list[Any] = field(default_factory=list)
    #: A child that was started has come at once to where the case may go on.
    released: bool = False

    def refuse(self, message: Message, basis: str | None = None) -> Refused:
        """Return the exception that refuses the whole step because of an effect."""
        return Refused(Refusal(self.case.id, self.decision.title, (Unmet("effect", message, basis=basis),)))


def carry_out(turn: Turn, case: Case, command: Command) -> Case:
    """Decide `command` on `case` and do what was decided. Raises Refused."""
    process = turn.process(case)
    if isinstance(command, Advance):
        command = replace(command, facts={**facts_for(turn, process, case, command), **command.facts})
    facts: Mapping[str, Any] = {}
    if any(verb.require for verb in process.state(case.state).verbs.values()):
        facts = facts_for(turn, process, case, None)
    decision = decide(process, case, _informed(turn, process, case, command), turn.now, facts)
    if isinstance(decision, Refusal):
        raise Refused(decision)
    if decision.kind is EventKind.ASKED:
        _somebody_else_decides(turn, process, case, decision, command.actor)
    after = perform(turn, case, decision, command.actor)
    if decision.kind is EventKind.VOIDED:
        _void_children(turn, process, case, command.actor, decision.reason)
    return after


def _informed(turn: Turn, process: Process, case: Case, command: Command) -> Command:
    """Return `command` with what it must know besides the case: its history, or who holds the roles that sign."""
    if isinstance(command, (Return, Withdraw, Urge, Acknowledge, Approve)):
        turn.flush()
        passage = passage_of(history(turn.unit, case.id))
        parent = turn.case(case.parent) if case.parent and isinstance(command, Withdraw) else None
        if parent is not None:
            passage = released_by(case, passage, parent, turn.process(parent), history(turn.unit, parent.id))
        return replace(command, passage=passage)
    if isinstance(command, (Advance, AddSigner, DropSigner)):
        holders = holders_of_signers(turn, process, case)
        return replace(command, holders=holders) if holders else command
    return command


def holders_of_signers(turn: Turn, process: Process, case: Case) -> dict[str, tuple[str, ...]]:
    """Return who holds the roles that sign steps of the present state."""
    steps = [found[0] for found in process.manual_steps(case.state).values()]
    roles = {name for step in steps if step.sign for name in step.sign.by} - set(process.workflow.parties)
    return {role: tuple(turn.people.recipients(process, case, role)) for role in roles}


def _somebody_else_decides(
    turn: Turn, process: Process, case: Case, decision: Decision, asker: Actor
) -> None:
    """Refuse to ask for what nobody but the one who asks could approve: it would wait for ever."""
    approvers = [name for name, _ in decision.notices]
    people = {who for name in approvers for who in turn.people.recipients(process, case, name)}
    if people <= {asker.id, decision.notes.get("for")}:
        who = called(process, case, approvers)
        message = say("除申请人以外，没有可以批准{verb}的人（{who}）", verb=decision.title, who=who)
        hint = say("请由他人申请，或先补齐批准人员")
        raise Refused(Refusal(case.id, decision.title, (Unmet("approver", message, hint=hint),)))


def _void_children(turn: Turn, process: Process, case: Case, actor: Actor, reason: str | None) -> None:
    """作废 the open children of a case that was voided; refuse it all where they may not be."""
    turn.flush()
    children = turn.unit.cases.find(CaseFilter(parent=case.id, open=True), limit=MOST_CHILDREN)
    if not children:
        return
    verb = process.state(case.state).verbs["void"]
    if not verb.with_children:
        shown = [say("{title}（{id}）", title=child.title, id=child.id) for child in children[:5]]
        message = say(
            "还有 {count} 件子件未办结：{children}；须先办结或作废", count=len(children), children=shown
        )
        raise Refused(Refusal(case.id, TITLES["void"], (Unmet("children", message, verb.basis),)))
    for child in children:
        carry_out(turn, turn.case(child.id) or child, Void(actor=actor, reason=reason, granted=True))


def perform(turn: Turn, case: Case, decision: Decision, actor: Actor) -> Case:
    """Do what was decided, then whatever follows by itself. Returns the case as it then stands."""
    after, released = _perform(turn, case, decision, actor)
    # What children did while the case was suspended could not move it; nobody else will look again.
    if decision.change.state is not None or decision.change.suspended is False or released:
        settle(turn, after)
    return turn.case(after.id) or after


def _perform(turn: Turn, case: Case, decision: Decision, actor: Actor) -> tuple[Case, bool]:
    """Do what was decided; returns the case, and whether children it started may have released it."""
    doing = Doing(turn, case, decision, actor, dict(decision.scope))
    for effect in decision.effects:
        effects.do(doing, effect)
    change = decision.change
    heir = _heir(turn, case, decision.heir[0]) if decision.heir else None
    if decision.heir:
        doing.notes["handed_to"] = heir
    if heir:
        change = replace(change, assignee=heir)
    if doing.fields or doing.parties:
        change = replace(
            change,
            fields={**change.fields, **doing.fields},
            parties={**change.parties, **doing.parties},
        )
    after = turn.record(case, decision.kind.value, actor.id, _body(decision, doing), change)
    for act in doing.afterwards:
        act(after)
    for number, (audience, message) in enumerate(decision.notices):
        to = _held(turn, after, audience, decision.above) if decision.above and not number else audience
        _notify(turn, after, to, message, decision)
    if heir and decision.heir:
        turn.tell(after, [heir], decision.heir[1], decision.kind.value, urgent=decision.urgent)
    turn.warnings += [warning.message for warning in decision.warnings]
    return after, doing.released


def _body(decision: Decision, doing: Doing) -> dict[str, Any]:
    body: dict[str, Any] = {"step": decision.step, "title": decision.title}
    if decision.reason:
        body["reason"] = decision.reason
    if decision.warnings:
        body["warnings"] = [warning.message.render("zh_CN") for warning in decision.warnings]
    if doing.notes:
        body["effects"] = doing.notes
    for name, value in decision.notes.items():
        # What is asked for stands in the change already; here is who had asked.
        body["asked_by" if name == "asked" else name] = value
    return body


def _heir(turn: Turn, case: Case, role: str) -> str | None:
    """Return the holder of `role` with the fewest tasks of their own, other than who has the task now; None: nobody."""
    people = turn.people.recipients(turn.process(case), case, role)
    turn.flush()
    burdens = [
        (len(turn.unit.tasks.of_keys([f"p:{person}"], limit=MOST_COUNTED)), person)
        for person in people
        if person != case.assignee
    ]
    return min(burdens, default=(0, None))[1]


def _held(turn: Turn, case: Case, role: str, above: tuple[str, ...]) -> str:
    """Return the first of the roles that somebody holds: an escalation does not end at a vacant post."""
    process = turn.process(case)
    return next((one for one in (role, *above) if turn.people.recipients(process, case, one)), role)


def _notify(turn: Turn, case: Case, audience: str, message: Message, decision: Decision) -> None:
    process = turn.process(case)
    people = turn.people.recipients(process, case, audience)
    turn.tell(case, people, message, decision.kind.value, urgent=decision.urgent)
    if decision.kind is EventKind.ESCALATED and audience not in process.workflow.parties:
        turn.escalate(case, role_key(process, audience, case.section))


def settle(turn: Turn, case: Case, unfinished: str | None = None) -> bool:
    """Take the automatic steps of `case`, and of the cases that wait for it, until nothing moves by itself.

    The case `unfinished` is left alone: a step of it is still being done. Returns whether it may go on afterwards.
    """
    waiting = [case.id]
    released = False
    for _ in range(MOST_AUTOMATIC_STEPS):
        if not waiting:
            return released
        current = turn.case(waiting.pop())
        if current is None:
            continue
        moved = _step_by_itself(turn, current)
        if moved is not None:
            waiting.append(moved.id)
        elif current.parent is not None and _may_release(turn, current):
            if current.parent == unfinished:
                released = True
            else:
                waiting.append(current.parent)
    raise Refused(
        Refusal(
            case.id,
            case.title,
            (
                Unmet(
                    "loop", say("自动步骤超过 {most} 步仍未停下：流程定义中有循环", most=MOST_AUTOMATIC_STEPS)
                ),
            ),
        )
    )


def _may_release(turn: Turn, child: Case) -> bool:
    """Tell whether some definition waits for children in the state `child` has reached."""
    return not child.open or child.state in turn.office.processes.awaited(turn.unit, child.workflow)


def _step_by_itself(turn: Turn, case: Case) -> Case | None:
    if not case.open or case.suspended_at is not None:
        return None
    process = turn.process(case)
    for step in process.automatic_steps(case.state):
        for transition in process.steps(case.state)[step]:
            join = transition.join
            if join is not None:
                turn.flush()
                if turn.unit.cases.outstanding(case.id, join.workflow, join.states):
                    break
        else:
            decision = _decide_automatic(turn, case, step)
            if decision is not None:
                return _perform(turn, case, decision, Actor(ENGINE))[0]
    return None


def _decide_automatic(turn: Turn, case: Case, step: str) -> Decision | None:
    process = turn.process(case)
    command = Advance(step=step, actor=Actor(ENGINE))
    command = replace(command, facts=facts_for(turn, process, case, command))
    decision = decide(process, case, command, turn.now)
    return None if isinstance(decision, Refusal) else decision


def own_scope(turn: Turn, case: Case, actor: Actor) -> Mapping[str, Any]:
    """Return what expressions outside of a step (titles, reports) may look at for `case`."""
    process = turn.process(case)
    return make_scope(process, case, actor, turn.now, facts_for(turn, process, case, None))
