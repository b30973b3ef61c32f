"""办理: taking a step, or signing it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.kernel.clean_text import clean
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.lifecycle import signers as signing
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import ENGINE, Actor, Advance
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.decision import Decision
from engine.lifecycle.expressions.condition import explained
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.answers import left_blank, read_answers
from engine.lifecycle.forms.facts_set import with_facts_set
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.forms.personal import marked_answers
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.step_plan import StepPlan
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.permission import acts_for, allowed, display_names, is_for, may_act, why_not
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verb_guard import unmet as unmet_of
from engine.lifecycle.verbs.entrusting import still_entrusted


def advance(process: Process, case: Case, command: Advance, now: datetime) -> Decision | Refusal:
    plan = process.plan(case.state, command.step)
    actor = command.actor
    if (
        plan is None
        or case.closed_at is not None
        or case.suspended_at is not None
        or (plan.first.by_engine and actor.id != ENGINE)
    ):
        return _obstacle(process, case, command, plan)
    first = plan.first
    signers = None if first.sign is None else signing.signers(process, case, first, command.holders)
    own = (
        signers is None and not first.branch and case.entrusted is None and case.assignee in (None, actor.id)
    )
    if own and plan.may_take(case, actor):
        unmet: list[RefusalReason] = []
    else:
        command, unmet = _may_take(process, case, command, first, signers)
    if plan.reason and not clean(command.reason or ""):
        unmet.append(RefusalReason("reason", say("“{step}”须说明理由", step=first.title)))
    scope = make_scope(process, case, actor, now, command.facts, command.reason, plan.names)
    if actor.principals:
        _substitute(process, case, actor, command.facts, scope)
    answers, problems = _answers(process, case, plan, command, scope)
    scope["form"] = answers
    if problems:
        return Refusal(case.id, first.title, (*unmet, *problems))
    if signers is not None:
        signers, stopped, scope["form"] = _named(process, case, command, first, signers, answers)
        unmet += [] if unmet else stopped
    if first.form:
        scope["forms"] = {**case.forms, first.form: scope["form"]}
    try:
        chosen, target = process.machine.take(command.step, case.state, scope)
    except EvaluationError as problem:
        return Refusal(case.id, first.title, (*unmet, RefusalReason("guard", explained(problem))))
    if chosen is None:
        clauses = _clauses(plan.found, scope)
        none_holds = RefusalReason("guard", say("“{step}”的条件均不成立", step=first.title), clause=clauses)
        return Refusal(case.id, first.title, (*unmet, none_holds))
    if chosen.require:
        unmet += unmet_of(chosen.require, scope, actor)
    if unmet:
        return Refusal(case.id, chosen.title, tuple(unmet))
    return _taken(process, case, command, plan, chosen, target, now, scope, signers)


def _taken(
    process: Process,
    case: Case,
    command: Advance,
    plan: StepPlan,
    chosen: Transition,
    target: str,
    now: datetime,
    scope: Mapping[str, Any],
    signers: signing.Signers | None,
) -> Decision | Refusal:
    """Return what the transition that was chosen does, or why its clocks stand in the way."""
    actor = command.actor
    notes: dict[str, Any] = {}
    if signers is not None or actor.principals:
        notes = _notes(process, case, command, chosen, signers, now)
    if "waiting" in notes and signers is not None:
        return Decision(
            kind=EventKind.SIGNED,
            step=chosen.id,
            title=chosen.title,
            change=Change(
                signing={
                    chosen.id: signing.add_signature(
                        signers, actor, now, _signed(process, command, chosen)
                    ).signing
                }
            ),
            warnings=_warnings(process, plan, chosen, scope),
            reason=command.reason,
            notes=notes,
        )
    moved = chosen.target is not None
    try:
        counted = with_facts_set(process.workflow, chosen.then, scope) if plan.sets_days else scope
        clocks = clocks_after(process, case.state, target, now, counted, step=chosen.id, running=case.clocks)
    except EvaluationError as problem:
        return Refusal(case.id, chosen.title, (RefusalReason("clock", problem.message),))
    late = _late(process, case, clocks, now) if process.asks_why_late and actor.id != ENGINE else []
    if late and not clean(command.reason or ""):
        return Refusal(case.id, chosen.title, tuple(late))
    answers = scope["form"]
    if chosen.branch:
        change = Change(branches={chosen.id: _answered(process, actor, notes, now, answers)}, clocks=clocks)
    else:
        change = Change(
            state=target if moved else None,
            final=moved and process.state(target).final,
            form=chosen.form,
            answers=answers if chosen.form else None,
            clocks=clocks,
            signing={chosen.id: None} if signers is not None and not moved else {},
        )
    return Decision(
        kind=EventKind.ADVANCED,
        step=chosen.id,
        title=chosen.title,
        change=change,
        effects=chosen.then,
        scope=scope,
        warnings=_warnings(process, plan, chosen, scope) if chosen.warn or plan.blanks else (),
        reason=command.reason,
        notes=notes,
    )


def _warnings(
    process: Process, plan: StepPlan, step: Transition, scope: Mapping[str, Any]
) -> tuple[RefusalReason, ...]:
    """Return what does not stop the step: what its ``warn`` says, and the questions left empty that should not be."""
    warnings = tuple(unmet_of(step.warn, scope))
    if step.form is None or not plan.blanks:
        return warnings
    answers: Mapping[str, Any] = scope["form"]
    for name, item in answers.get("items", {}).items():
        warnings += left_blank(process.form(name), item)
    return warnings + left_blank(process.form(step.form), answers)


def _answered(
    process: Process, actor: Actor, notes: Mapping[str, Any], now: datetime, answers: Mapping[str, Any]
) -> dict[str, Any]:
    from engine.lifecycle.forms.branches import answer

    return answer(actor.id, notes.get("for"), now, process.time.zone, answers)


def _may_take(
    process: Process, case: Case, command: Advance, step: Transition, signers: signing.Signers | None
) -> tuple[Advance, list[RefusalReason]]:
    """Return the command as it is to be executed, and the reasons against the person taking the step."""
    actor = command.actor
    entrusted = actor.id != ENGINE and case.entrusted is not None and not step.branch
    if entrusted and (open_ := still_entrusted(case)) is not None:
        return command, [open_]
    if signers is not None:
        unmet = signing.may_sign(signers, actor, step.title)
        if unmet and unmet[0].code == "not-allowed" and not may_act(process, case, actor, step):
            unmet = [why_not(process, case, actor, step)]
        return _same_answers(signers, command, step, unmet), unmet
    if actor.id == ENGINE:
        return command, []
    if not may_act(process, case, actor, step):
        return command, [why_not(process, case, actor, step)]
    if step.branch:
        return command, _already_answered(process, case, step)
    if case.assignee not in (None, actor.id, *(principal.id for principal in actor.principals)):
        message = say("该待办已由“{person}”领取，应由其办理或先转办", person=case.assignee)
        return command, [RefusalReason("claimed", message)]
    return command, []


def _named(
    process: Process,
    case: Case,
    command: Advance,
    step: Transition,
    signers: signing.Signers,
    answers: Mapping[str, Any],
) -> tuple[signing.Signers, list[RefusalReason], Mapping[str, Any]]:
    """Return who signs as whoever signs first names them in the form, why the actor may not, the form for conditions."""
    stopped: list[RefusalReason] = []
    if not signers.signing.signed:
        signers = signing.signers(process, case, step, command.holders, answers) or signers
        stopped = signing.may_sign(signers, command.actor, step.title)
    return signers, stopped, signing.as_signed(signers, command.actor, answers)


def _already_answered(process: Process, case: Case, step: Transition) -> list[RefusalReason]:
    from engine.lifecycle.forms.branches import is_answered

    if not is_answered(process, case, step.id):
        return []
    person = case.branches[step.id]["by"]
    return [RefusalReason("answered", say("“{step}”已由“{person}”办过", step=step.title, person=person))]


def _notes(
    process: Process,
    case: Case,
    command: Advance,
    step: Transition,
    signers: signing.Signers | None,
    now: datetime,
) -> dict[str, Any]:
    """Return what the history keeps of who took the step; ``waiting`` where more signatures are needed."""
    notes: dict[str, Any] = {}
    if signers is None:
        principal = acts_for(process, case, command.actor, allowed(process, case, step))
    else:
        after = signing.add_signature(signers, command.actor, now, command.answers)
        notes["signatures"] = [one.as_json() for one in after.signing.signed]
        if not after.complete:
            notes["waiting"] = list(after.waiting)
        principal = next((s.principal for s in after.signing.signed if s.person == command.actor.id), None)
    if principal:
        notes["for"] = principal
    return notes


def answers_being_signed(
    process: Process,
    case: Case,
    step: Transition,
    item_forms: tuple[str, ...],
    facts: Mapping[str, Any],
    now: datetime,
) -> Mapping[str, Any] | None:
    """Return the answers that were signed first and that the others have yet to sign, as they will be kept."""
    found = case.signing.get(step.id)
    plan = process.plan(case.state, step.id)
    if plan is None or plan.form is None or found is None or not found.signed or found.answers is None:
        return None
    actor = Actor(found.signed[0].person)
    command = Advance(actor=actor, step=step.id, answers=found.answers, item_forms=item_forms)
    return _answers(process, case, plan, command, make_scope(process, case, actor, now, facts))[0]


def _same_answers(
    signers: signing.Signers, command: Advance, step: Transition, unmet: list[RefusalReason]
) -> Advance:
    """Return `command` with the answers the first one signed: all sign the same."""
    given = signers.signing.answers
    if not signers.signing.signed or given is None:
        return command
    if command.answers is not None and dict(command.answers) != dict(given):
        people = [signature.person for signature in signers.signing.signed]
        message = say("“{step}”的表单已由{who}签署，内容不能再改", step=step.title, who=people)
        unmet.append(RefusalReason("signed", message, hint=say("要改须先由签署人撤回签名")))
    return replace(command, answers=given)


def _signed(process: Process, command: Advance, step: Transition) -> Mapping[str, Any] | None:
    """Return the answers that are signed, as they were given, with the personal ones marked."""
    if command.answers is None or step.form is None or not process.personal:
        return command.answers
    forms = process.workflow.forms
    items = [forms[name] for name in command.item_forms if name in forms]
    return marked_answers(process.form(step.form), command.answers, items)


def _substitute(
    process: Process, case: Case, actor: Actor, facts: Mapping[str, Any], scope: dict[str, Any]
) -> None:
    """Put the one who acts in the place of whom they stand in for: certificates and recusals are looked at theirs."""
    people: Mapping[str, Any] = facts.get("people", {})
    for principal in actor.principals:
        for party in process.workflow.parties:
            members = case.parties.get(party, ())
            if party in scope and principal.id in members and actor.id not in members:
                own = people.get(actor.id) or {"id": actor.id}
                scope[party] = [own if row.get("id") == principal.id else row for row in scope[party]]


def _late(
    process: Process, case: Case, clocks: Mapping[str, RunningClock | None], now: datetime
) -> list[RefusalReason]:
    """Return what asks for a reason: the clocks that are late, stop now, and may not stop in silence."""
    out = []
    for name, running in clocks.items():
        before, clock = case.clocks.get(name), process.workflow.clocks.get(name)
        if running is not None or before is None or clock is None or not clock.late_reason:
            continue
        if before.late(now):
            due = before.due_on.isoformat()
            message = say("“{clock}”应于{due}办结，已逾期，须说明逾期原因", clock=clock.title, due=due)
            out.append(
                RefusalReason(
                    "reason", message, clock.basis_of(before.ruling), next=NextAction("give_reason")
                )
            )
    return out


def _obstacle(process: Process, case: Case, command: Advance, plan: StepPlan | None) -> Refusal:
    """Return why nothing at all can be done with the step now."""
    state = process.state(case.state)
    title = plan.first.title if plan else command.step
    if not case.open:
        return Refusal(
            case.id, title, (RefusalReason("closed", say("案件已办结（{state}）", state=state.title)),)
        )
    if case.suspended_at is not None:
        return Refusal(case.id, title, (RefusalReason("suspended", say("案件已挂起，须先恢复")),))
    if plan is None:
        steps = process.manual_steps(case.state)
        possible = [
            say("{title}（{id}）", title=t[0].title, id=step)
            for step, t in steps.items()
            if is_for(process, case, command.actor, t[0])
        ]
        words = {"state": state.title, "step": command.step}
        if possible:
            message = say("环节“{state}”没有“{step}”；现在可办：{possible}", possible=possible, **words)
        elif steps:
            names = dict.fromkeys(name for t in steps.values() for name in allowed(process, case, t[0]))
            who = display_names(process, case, state.audience or names)
            message = say("环节“{state}”没有“{step}”；此环节由{who}办理", who=who, **words)
        else:
            message = say("环节“{state}”没有“{step}”；此环节等待系统推进", **words)
        return Refusal(case.id, title, (RefusalReason("state", message),))
    return Refusal(case.id, title, (RefusalReason("not-allowed", say("“{step}”由系统自动办理", step=title)),))


def _answers(
    process: Process, case: Case, plan: StepPlan, command: Advance, scope: Mapping[str, Any]
) -> tuple[dict[str, Any], list[RefusalReason]]:
    step, form = plan.first, plan.form
    if form is None:
        if command.answers:
            return {}, [RefusalReason("form", say("“{step}”没有表单，不应提交表单内容", step=step.title))]
        return {}, []
    held = held_answers(case, step) if plan.held else None
    if command.answers is None:
        if not any(f.required for f in form.fields) and not form.rows:
            return read_answers(form, (), {}, scope, held)
        message = say("须填写《{form}》（{id}）", form=form.title, id=form.id)
        return {}, [RefusalReason("form", message, basis=form.basis)]
    items: list[Form] = []
    if step.item_forms and command.item_forms:
        noted = case.fields.get("items") or ()
        items = [form_of_items(process.form(name), noted) for name in command.item_forms]
    return read_answers(form, items, command.answers, scope, held)


def held_answers(case: Case, step: Transition) -> Mapping[str, Any]:
    """Return the questions a step does not open (``hidden``, ``read_only``), with the answers given before."""
    before: Mapping[str, Any] = case.forms.get(step.form or "", {})
    return {name: before.get(name) for name in (*step.hidden, *step.read_only)}


def _clauses(found: Sequence[Transition], scope: Mapping[str, Any]) -> str:
    clauses = (clause for t in found if t.when is not None for clause in t.when.failing(scope))
    return "; ".join(dict.fromkeys(clauses))
