"""Whether a verb may be used on a case now: its state, the definition, the person, the reason, the conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.kernel.clean_text import clean
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import Verb
from engine.lifecycle.permission import belongs
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verbs.spec import ReasonRule, VerbSpec


def find(process: Process, case: Case, name: str) -> Verb | None:
    """Return the verb as the present state declares it."""
    return process.state(case.state).verbs.get(name)


def case_obstacles(process: Process, case: Case) -> list[RefusalReason]:
    """Return why nothing at all can be done with the case, if so."""
    if not case.open:
        return [RefusalReason("closed", say("案件已办结（{state}）", state=process.state(case.state).title))]
    if case.suspended_at is not None:
        return [RefusalReason("suspended", say("案件已挂起，须先恢复"))]
    return []


def check_verb(
    process: Process,
    case: Case,
    spec: VerbSpec,
    command: Command,
    *,
    anybody: bool = False,
    granted: bool = False,
    ends: str | None = None,
) -> tuple[Verb | None, list[RefusalReason]]:
    """Return the verb of `spec` as the state declares it, and the reasons against the actor using it.

    `anybody`: whom the verb is for is not asked, unless it says so itself. `granted`: the actor was entitled when
    they asked for it. `ends`: the verb whose work this one ends; it is declared with that one, and what that one
    stops does not stop it.
    """
    actor = command.actor
    reasons = [] if ends else case_obstacles(process, case)
    verb = find(process, case, spec.word) or (find(process, case, ends) if ends else None)
    state = process.state(case.state)
    if verb is None:
        reasons.append(
            RefusalReason(
                "state",
                say("环节“{state}”未规定可以{verb}", state=state.title, verb=spec.title),
                hint=_instead(process, case),
            )
        )
        return None, reasons
    if spec.whole_task and process.branches_of(case.state):
        # Versions published before the check refused it.
        reasons.append(side_by_side(process, case, spec))
    audience = verb.by or (() if anybody else state.audience)
    if audience and not granted and not belongs(process, case, actor, audience):
        who = [process.title_of(each) for each in audience]
        message = say("{verb}由{who}决定，“{actor}”不能办理", verb=spec.title, who=who, actor=actor.id)
        reasons.append(RefusalReason("not-allowed", message, basis=verb.basis))
    if spec.reason is ReasonRule.REQUIRED and not clean(command.reason or ""):
        reasons.append(RefusalReason("reason", say("{verb}须说明理由", verb=spec.title)))
    return verb, reasons


def side_by_side(process: Process, case: Case, spec: VerbSpec) -> RefusalReason:
    """Return why a verb that puts the whole task into one person's hands is not for a state with branches."""
    state = process.state(case.state).title
    message = say("环节“{state}”各项并行，各有其人，不能{verb}", state=state, verb=spec.title)
    return RefusalReason("state", message, hint=say("请由各项的人分别办理"))


def conditions(
    process: Process,
    case: Case,
    verb: Verb | None,
    actor: Actor,
    reason: str | None,
    now: datetime,
    facts: Mapping[str, Any],
) -> list[RefusalReason]:
    """Return the conditions of a verb that do not hold."""
    if verb is None or not verb.require:
        return []
    return unmet(verb.require, make_scope(process, case, actor, now, facts, reason), actor)


def unmet(
    requirements: Sequence[Requirement], scope: Mapping[str, Any], actor: Actor | None = None
) -> list[RefusalReason]:
    """Return the requirements that do not hold, each with its sentence, basis and the clause that was false.

    With `actor` those too that bar one whose acts count as theirs (`Actor.same`).
    """
    out = []
    for requirement in requirements:
        try:
            # Nearly always all of them hold: which clause does not is asked only of one that does not.
            if requirement.that.expression.value(scope) is True:
                continue
            clauses = tuple(requirement.that.failing(scope))
        except EvaluationError as problem:
            clauses = (str(problem.message),)
        if clauses:
            text = say("{text}", text=requirement.message)
            out.append(RefusalReason("guard", text, requirement.basis, "; ".join(clauses)))
    if actor is not None and actor.same:
        out += _excluded_as(actor, requirements, scope)
    return out


def _excluded_as(
    actor: Actor, requirements: Sequence[Requirement], scope: Mapping[str, Any]
) -> list[RefusalReason]:
    """Return the requirements that bar one whose acts count as the actor's (`Actor.same`), though they let the actor pass.

    Only what bars somebody for who they are: what lets nobody pass but one, a stranger neither, is asked of who acts alone.
    """
    out = []
    for requirement in requirements:
        barred = next((one for one in actor.same if unmet((requirement,), _as_another(scope, one))), None)
        if barred is None or unmet((requirement,), scope) or unmet((requirement,), _as_another(scope, "")):
            continue
        text = say(
            "{text}（“{actor}”与“{other}”之间在本件有委托代办，按同一人核对）",
            text=requirement.message,
            actor=actor.id,
            other=barred,
        )
        out.append(RefusalReason("guard", text, requirement.basis))
    return out


def _as_another(scope: Mapping[str, Any], person: str) -> dict[str, Any]:
    """Return `scope` as it is where `person` acts, with the roles of who does."""
    return {**scope, "actor": {**scope.get("actor", {}), "id": person}}


def _instead(process: Process, case: Case) -> Message | None:
    # What goes on again is offered where something is stopped, and nothing else is there.
    stopped = case.suspended_at is not None
    possible = [
        verb.title for word, verb in process.state(case.state).verbs.items() if (word == "resume") is stopped
    ]
    return say("此环节可以：{possible}", possible=possible) if possible else None
