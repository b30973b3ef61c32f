"""Applies a decision in one transaction: effects, event, then automatic steps and joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.app.definitions.derived_settings import EVERY_EVENT
from engine.app.execution.effects.registry import do
from engine.app.execution.escalate import least_loaded, notify, tell_who_left
from engine.app.execution.start.start_cases import add_cases
from engine.app.people.superiors import parties_of_superiors
from engine.app.ports.records import CaseFilter
from engine.app.session.effect_context import EffectContext
from engine.app.session.facts import facts_for
from engine.app.session.new_case import NewCase, Started
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.command import ENGINE, Actor, Advance
from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.process import Process

#: A chain of automatic steps longer than this is a circle in the definition, not work.
MAX_AUTOMATIC_STEPS = 100
#: Events after which every condition answers as before.
_CHANGES_NOTHING = frozenset(
    {EventKind.REMINDED, EventKind.ESCALATED, EventKind.URGED, EventKind.ACKNOWLEDGED, EventKind.ASKED}
)


def apply_decision(uow: UnitOfWork, case: Case, decision: Decision, actor: Actor) -> Case:
    """Apply a decision, then run the automatic steps. Returns the case after them."""
    if decision.kind in _CHANGES_NOTHING and not decision.effects and not decision.handover:
        return _note(uow, case, decision, actor)
    after = _apply(uow, case, decision, actor)
    if case.parties is not after.parties or decision.kind is EventKind.REASSIGNED:
        tell_who_left(uow, case, after, decision, actor.id)
    after = uow.case(after.id) or after
    if decision.kind in _CHANGES_NOTHING or _rests(uow, after):
        return after
    run_automatic_steps(uow, after)
    if case.parent is not None and case.state != after.state:
        from engine.app.execution.other_cases import tell_if_reopened

        # Where it is now: a state its automatic steps have left again is not one in which somebody works on it.
        tell_if_reopened(uow, case, uow.case(after.id) or after)
    return uow.case(after.id) or after


def _rests(uow: UnitOfWork, case: Case) -> bool:
    """Tell whether nothing can move by itself: no other case looks at this one, and the engine has nothing to do with it."""
    if uow.signals or case.parent is not None or case.id in uow.movers:
        return False
    process = uow.process(case)
    return (
        case.state in process.quiet
        and not process.automatic_steps(case.state)
        and case.state not in process.awaiting
    )


def _apply(uow: UnitOfWork, case: Case, decision: Decision, actor: Actor) -> Case:
    """Do what was decided; returns the case after it."""
    context = EffectContext(uow, case, decision, actor, dict(decision.scope), start_cases)
    _do_effects(context)
    change = decision.change
    new_assignee: str | None = None
    if decision.handover:
        new_assignee = context.notes["handed_to"] = least_loaded(uow, case, decision.handover.role)
    if new_assignee:
        change = replace(change, assignee=new_assignee)
    process = uow.process(case)
    if process.workflow.superiors and (change.state is not None or context.parties):
        own = {**case.parties, **change.parties, **context.parties}
        context.parties |= parties_of_superiors(uow.people, process, own)
    if context.fields or context.parties:
        change = replace(
            change,
            fields={**change.fields, **context.fields},
            parties={**change.parties, **context.parties},
        )
    body = _body(decision, context.notes, context.marks)
    after = uow.record(case, str(decision.kind), actor.id, body, change)
    if change.state in process.committing:
        from engine.app.draws.registers.register_agreement import ask_ahead

        ask_ahead(uow, after)
    if process.skipped and actor.id != ENGINE and change.state and decision.kind is EventKind.ADVANCED:
        uow.movers[case.id] = (actor, {decision.step})
    for act in context.afterwards:
        act(after)
    if uow.concerning:
        from engine.app.execution.other_cases import settle

        settle(uow, decision)
    if decision.notices:
        notify(uow, after, decision)
    if new_assignee and decision.handover:
        uow.tell(
            after, [new_assignee], decision.handover.message, decision.kind.value, urgent=decision.urgent
        )
    if decision.warnings:
        uow.warnings += [warning.message for warning in decision.warnings]
    return after


def _do_effects(context: EffectContext) -> None:
    decision = context.decision
    for effect in decision.effects:
        do(context, effect)
    if decision.change.final and decision.kind is EventKind.ADVANCED:
        # Few steps end a case: the others load nothing for it.
        from engine.app.execution.effects.documents import require_complete_at_end

        require_complete_at_end(context)


def _note(uow: UnitOfWork, case: Case, decision: Decision, actor: Actor) -> Case:
    """Enter a decision that does nothing else, and tell whom it names."""
    after = uow.record(case, str(decision.kind), actor.id, _body(decision, {}), decision.change)
    if uow.concerning:
        from engine.app.execution.other_cases import settle

        settle(uow, decision)
    if decision.notices:
        notify(uow, after, decision)
    if decision.warnings:
        uow.warnings += [warning.message for warning in decision.warnings]
    return after


def start_cases(uow: UnitOfWork, process: Process, actor: str, rows: Iterable[NewCase]) -> Started:
    """Start cases for an effect, and take their automatic steps."""
    return add_cases(uow, process, actor, rows, run_automatic_steps)


def _body(
    decision: Decision, effects: Mapping[str, Any], marks: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what is entered of a decision, of what its effects did, and what the act is marked with."""
    body: dict[str, Any] = {"step": decision.step, "title": decision.title}
    if marks:
        body |= marks
    if decision.reason:
        body["reason"] = decision.reason
    if decision.warnings:
        body["warnings"] = [warning.message.render("zh_CN") for warning in decision.warnings]
    if effects:
        body["effects"] = effects
    for name, value in decision.notes.items():
        # What is asked for is in the change already; here is who had asked.
        body["asked_by" if name == "asked" else name] = value
    return body


def run_automatic_steps(uow: UnitOfWork, case: Case, unfinished: str | None = None) -> bool:
    """Take the automatic steps of `case`, and of the cases that look at it, until nothing moves by itself.

    To be called after every event of `case`: what its steps read may have changed, and what those of its parent and of its
    children read of it.

    The case `unfinished` is left alone: a step of it is still being done. Returns whether it may go on afterwards.
    """
    waiting = [case.id]
    released = False
    taken = 0
    while waiting:
        if uow.signals:
            from engine.app.execution.other_cases import to_ask_again

            waiting += to_ask_again(uow)
        current = uow.case(waiting.pop())
        if current is None:
            continue
        moved = _take_automatic_step(uow, current)
        if moved is not None:
            taken += 1
            if taken > MAX_AUTOMATIC_STEPS:
                raise CommandRefused(Refusal(case.id, case.title, (_loop(),)))
            waiting.append(moved.id)
            continue
        if current.open and current.id != unfinished and uow.process(current).is_silent(current.state):
            _look_whether_stuck(uow, current)
        if current.suspended_at is None and current.state in uow.process(current).awaiting:
            uow.look_at_answers(current)
        if current.parent is not None and _may_release(uow, current):
            if current.parent == unfinished:
                released = True
            else:
                waiting.append(current.parent)
                if not current.open and (above := uow.case(current.parent)) is not None:
                    # A filing may have been refused for this child alone.
                    uow.try_timed_steps_again(above)
    return released


def _loop() -> RefusalReason:
    return RefusalReason(
        "loop", say("自动步骤超过 {most} 步仍未停下：流程定义中有循环", most=MAX_AUTOMATIC_STEPS)
    )


def _may_release(uow: UnitOfWork, child: Case) -> bool:
    """Tell whether some definition looks at children as `child` now is: in its state, or whatever it does."""
    if not child.open:
        return True
    awaited = uow.services.definitions.awaited(uow.transaction, child.workflow)
    return child.state in awaited or EVERY_EVENT in awaited


def _look_whether_stuck(uow: UnitOfWork, case: Case) -> None:
    """Have a case looked at that waits for nothing, as far as this unit of work can see."""
    if waits_for_nothing(uow, case):
        uow.look_at_stuck(case)


def waits_for_nothing(uow: UnitOfWork, case: Case) -> bool:
    """Tell whether neither a task, a clock, the day, a child nor the case above can bring an open case on."""
    process = uow.process(case)
    if not case.open or case.suspended_at is not None or case.clocks or not process.is_silent(case.state):
        return False
    if process.branches:
        from engine.lifecycle.forms.branches import has_branch_task

        if has_branch_task(process, case):
            return False
    if case.parent is not None and process.reads_parent(case.state):
        parent = uow.seen(case.parent)
        if parent is not None and parent.open:
            return False
    uow.flush()
    return not uow.transaction.cases.count(CaseFilter(parent=case.id, open=True))


def _take_automatic_step(uow: UnitOfWork, case: Case) -> Case | None:
    if not case.open or case.suspended_at is not None:
        return None
    process = uow.process(case)
    for step in process.automatic_steps(case.state):
        for transition in process.steps(case.state)[step]:
            join, clock = transition.join, transition.on_expiry
            if clock is not None and not process.has_expired(clock, case.clocks.get(clock)):
                break
            if join is not None:
                uow.flush()
                if uow.transaction.cases.has_open_children_outside(case.id, join.workflow, join.states):
                    break
        else:
            decision = _decide_automatic(uow, case, step)
            if decision is not None and not (
                process.concerns_others and _waits(uow, process, case, decision)
            ):
                return _apply(uow, case, decision, Actor(ENGINE))
    if case.id in uow.movers:
        from engine.app.execution.same_approver import skipped_step

        skipped = skipped_step(uow, process, case)
        if skipped is not None:
            return _apply(uow, case, skipped, Actor(ENGINE))
    return None


def _waits(uow: UnitOfWork, process: Process, case: Case, decision: Decision) -> bool:
    from engine.app.execution.other_cases import in_the_way

    return in_the_way(uow, process, case, decision)


def _decide_automatic(uow: UnitOfWork, case: Case, step: str) -> Decision | None:
    process = uow.process(case)
    command = Advance(step=step, actor=Actor(ENGINE))
    command = replace(command, facts=facts_for(uow, process, case, command))
    decision = decide(process, case, command, uow.now)
    decision = unless_void(uow, process, case, decision)
    return None if isinstance(decision, Refusal) else decision


def unless_void(
    uow: UnitOfWork, process: Process, case: Case, decision: Decision | Refusal
) -> Decision | Refusal:
    """Return the decision on a step; its refusal where a paper it rests on is void and none in its place is served."""
    if isinstance(decision, Refusal):
        return decision
    if VOID_PAPER not in case.clocks and not process.served_before(case.state, decision.step):
        return decision
    # Few steps rest on the service of a paper: the others load nothing for it.
    from engine.app.execution.void_papers.guard import unless_paper_is_void

    return unless_paper_is_void(uow, process, case, decision)
