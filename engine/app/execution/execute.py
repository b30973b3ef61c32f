"""Applies a decision in one transaction: effects, event, then automatic steps and joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.app.definitions.articles import SIGN, typed_lines, unknown_citations
from engine.app.execution.apply import apply_decision, unless_void
from engine.app.execution.escalate import tell_applicant
from engine.app.execution.incompatible_steps import require_compatible, with_same
from engine.app.execution.verb_facts import with_lookups
from engine.app.history.credential import SINGLE_HANDED
from engine.app.papers.file_answers import with_kept_files
from engine.app.papers.number_findings import BRACKET, unknown_numbers
from engine.app.people.acting_for import why_not_for
from engine.app.people.delegation import delegations_by_one
from engine.app.session.child_cases import children_in_order
from engine.app.session.facts import facts_for
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.command import Actor, Advance, Command, InformedCommand
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.model.step_plan import StepPlan
from engine.lifecycle.permission import display_names
from engine.lifecycle.process import Process
from engine.lifecycle.verbs.approve import Approve
from engine.lifecycle.verbs.table import VERBS
from engine.lifecycle.verbs.void import Void

#: What has something to be done after it.
_FOLLOWED = frozenset({EventKind.READ, EventKind.CORRECTED, EventKind.VOIDED})


def execute(uow: UnitOfWork, case: Case, command: Command) -> Case:
    """Decide `command` on `case` and do what was decided. Raises CommandRefused."""
    process = uow.process(case)
    if command.actor.delegated:
        command = _with_same(uow, process, case, command)
    if isinstance(command, Advance):
        if process.bureau.incompatible_on_a_case:
            require_compatible(uow, process, case, command.step, command.actor)
        plan, answers = process.plan(case.state, command.step), command.answers
        if plan is not None and (plan.outside or plan.files or command.item_forms):
            command = _with_facts(uow, process, case, command, plan)
        if case.state in process.signed:
            command = with_lookups(uow, process, case, command)
        decision = decide(process, case, command, uow.now)
        decision = unless_void(uow, process, case, decision)
        decision = _with_remarks(uow, process, case, plan, answers, decision)
    else:
        facts: Mapping[str, Any] = {}
        if case.state in process.asks_facts_of_verbs or _asks_facts(command):
            facts = facts_for(uow, process, case, None)
        decision = decide(process, case, with_lookups(uow, process, case, command), uow.now, facts)
        decision = _with_clocks_stopped(uow, process, case, decision)
    if isinstance(decision, Refusal):
        raise CommandRefused(_with_barred(uow, process, command.actor, decision))
    if "for" in decision.notes:
        decision = _with_mark(uow, command.actor, decision)
    if decision.kind is EventKind.ASKED:
        _somebody_else_decides(uow, process, case, decision, command.actor)
    after = apply_decision(uow, case, decision, command.actor)
    if isinstance(command, Approve) and command.granted:
        tell_applicant(uow, case, after, command)
    if decision.kind in _FOLLOWED:
        _follow(uow, process, case, after, decision, command.actor)
    return after


def _with_clocks_stopped(
    uow: UnitOfWork, process: Process, case: Case, decision: Decision | Refusal
) -> Decision | Refusal:
    """Return the decision on a verb that moves a case, without clocks that count from a paper which is void."""
    if isinstance(decision, Refusal) or decision.change.state is None or not process.counted_from_service:
        return decision
    from engine.app.execution.void_papers.guard import with_clocks_stopped

    change = with_clocks_stopped(uow, process, case, decision.change)
    return decision if change is decision.change else replace(decision, change=change)


def _with_remarks(
    uow: UnitOfWork,
    process: Process,
    case: Case,
    plan: StepPlan | None,
    given: Mapping[str, Any] | None,
    decision: Decision | Refusal,
) -> Decision | Refusal:
    """Return a decision with a remark for each law, article and number of a paper in the answers that the bureau does not have."""
    if isinstance(decision, Refusal) or plan is None:
        return decision
    # Where several sign, the first gives the answers, and the last has the step taken with them.
    answers = decision.change.answers or given
    text = str(answers) if answers else ""
    if not answers or not (SIGN in text or BRACKET in text):
        return decision
    forms = [process.form(name) for name in dict.fromkeys(step.form for step in plan.found if step.form)]
    lines = tuple(typed_lines(forms, answers))
    found = unknown_citations(uow.transaction, lines) + unknown_numbers(uow.transaction, case, lines)
    return replace(decision, warnings=(*decision.warnings, *found)) if found else decision


def _follow(
    uow: UnitOfWork, process: Process, case: Case, after: Case, decision: Decision, actor: Actor
) -> None:
    """Do what comes after a decision of `_FOLLOWED` on a case, which is `after` now."""
    if decision.kind is EventKind.READ:
        from engine.app.execution.receipts import mark_read

        mark_read(uow, case.id, actor.id)
    elif decision.kind is EventKind.CORRECTED:
        from engine.app.execution.correction import left_to_correct, message_children, publish_corrected

        uow.warnings += [*publish_corrected(uow, after, decision), *left_to_correct(uow, case.id)]
        uow.warnings += message_children(uow, after, decision)
    else:
        _void_children(uow, process, case, actor, decision.reason)


def _with_facts(uow: UnitOfWork, process: Process, case: Case, command: Advance, plan: StepPlan) -> Advance:
    """Return `command` with what its step looks at outside of the case, and files in place of their names."""
    answers = command.answers
    if answers is not None and (plan.files or command.item_forms):
        forms = [process.form(step.form) for step in plan.found if step.form]
        items = [process.form(name) for name in command.item_forms]
        coming = command.coming if uow.services.files is not None else None
        answers = with_kept_files(uow.transaction, case.id, forms, answers, items, coming)
    found = facts_for(uow, process, case, command)
    if not found and answers is command.answers:
        return command
    return replace(command, answers=answers, facts={**found, **command.facts})


def _with_same(uow: UnitOfWork, process: Process, case: Case, command: Command) -> Command:
    """Return `command` of an actor with those whose acts count as theirs, as far as its conditions ask who acts."""
    if isinstance(command, Advance):
        plan = process.plan(case.state, command.step)
        requirements = [one for step in (plan.found if plan is not None else ()) for one in step.require]
    else:
        requirements = [one for verb in process.state(case.state).verbs.values() for one in verb.require]
    actor = with_same(uow, case, command.actor, requirements)
    return command if actor is command.actor else replace(command, actor=actor)


def _with_barred(uow: UnitOfWork, process: Process, actor: Actor, refusal: Refusal) -> Refusal:
    """Return `refusal` with why the actor may not do the work of whoever has delegated it to them."""
    if not actor.delegated or not any(reason.code == "not-allowed" for reason in refusal.reasons):
        return refusal
    barred = why_not_for(uow.people, actor, uow.now, process.bureau)
    return replace(refusal, reasons=(*refusal.reasons, *barred))


def _with_mark(uow: UnitOfWork, actor: Actor, decision: Decision) -> Decision:
    """Return `decision` marked as 单人办理 where the delegation it was made under was given by one person alone."""
    principal, alone = decision.notes["for"], delegations_by_one(uow.transaction)
    marked = any(
        one.id in alone and (one.principal, one.delegate) == (principal, actor.id) and one.runs(uow.now)
        for one in (uow.people.delegations() if alone else ())
    )
    return replace(decision, notes={**decision.notes, SINGLE_HANDED: True}) if marked else decision


def _asks_facts(command: Command) -> bool:
    """Tell whether the verb of a command, or the one it approves, looks at facts from outside the case."""
    asked = VERBS.get(command.verb) if isinstance(command, Approve) else None
    return issubclass(asked.command if asked is not None else type(command), InformedCommand)


def _somebody_else_decides(
    uow: UnitOfWork, process: Process, case: Case, decision: Decision, asker: Actor
) -> None:
    """Refuse to ask for what nobody but the one who asks could approve: it would wait for ever."""
    approvers = [name for name, _ in decision.notices]
    people = {who for name in approvers for who in uow.people.recipients(process, case, name)}
    if people <= {asker.id, decision.notes.get("for")}:
        who = display_names(process, case, approvers)
        message = say("除申请人以外，没有可以批准{verb}的人（{who}）", verb=decision.title, who=who)
        hint = say("请由他人申请，或先补齐批准人员")
        raise CommandRefused(
            Refusal(case.id, decision.title, (RefusalReason("approver", message, hint=hint),))
        )


def _void_children(uow: UnitOfWork, process: Process, case: Case, actor: Actor, reason: str | None) -> None:
    """作废 the open children of a case that was voided; refuse it all where they may not be."""
    children = children_in_order(uow, case.id, only_open=True)
    if not children:
        return
    verb = process.state(case.state).verbs["void"]
    if not verb.with_children:
        shown = [say("{title}（{id}）", title=child.title, id=child.id) for child in children[:5]]
        message = say(
            "还有 {count} 件子件未办结：{children}；须先办结或作废", count=len(children), children=shown
        )
        raise CommandRefused(Refusal(case.id, verb.title, (RefusalReason("children", message, verb.basis),)))
    for child in children:
        execute(uow, uow.case(child.id) or child, Void(actor=actor, reason=reason, granted=True))
