"""Whether a verb may be used on a case now: its state, the definition, the person, the reason, the conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Actor
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import Verb
from engine.lifecycle.permission import belongs
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope

Outcome = tuple[EventKind, str, Change, Sequence[tuple[str, Message]]] | Refusal

#: What each verb is called, in the words of the field.
TITLES = {
    "claim": term("领取"),
    "reassign": term("转办"),
    "extend": term("延期"),
    "suspend": term("挂起"),
    "resume": term("恢复"),
    "return": term("退回"),
    "withdraw": term("撤回"),
    "urge": term("催办"),
    "acknowledge": term("回执"),
    "void": term("作废"),
    "add_signer": term("加签"),
    "drop_signer": term("减签"),
    "approve": term("批准"),
    "deny": term("不批准"),
}


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
    name: str,
    actor: Actor,
    reason: str | None,
    *,
    needs_reason: bool = True,
    anybody: bool = False,
    granted: bool = False,
) -> tuple[Verb | None, list[RefusalReason]]:
    """Return the verb and what stands against `actor` using it.

    `anybody`: whom the verb is for is not asked, unless it says so itself. `granted`: the actor was entitled when
    they asked for it.
    """
    reasons = [] if name == "resume" else case_obstacles(process, case)
    verb = find(process, case, name) or (find(process, case, "suspend") if name == "resume" else None)
    state = process.state(case.state)
    if verb is None:
        reasons.append(
            RefusalReason(
                "state",
                say("环节“{state}”未规定可以{verb}", state=state.title, verb=TITLES[name]),
                hint=_instead(process, case),
            )
        )
        return None, reasons
    audience = verb.by or (() if anybody else state.audience)
    if audience and not granted and not belongs(process, case, actor, audience):
        who = [process.title_of(each) for each in audience]
        message = say("{verb}由{who}决定，“{actor}”不能办理", verb=TITLES[name], who=who, actor=actor.id)
        reasons.append(RefusalReason("not-allowed", message, basis=verb.basis))
    if needs_reason and not (reason or "").strip():
        reasons.append(RefusalReason("reason", say("{verb}须说明理由", verb=TITLES[name])))
    return verb, reasons


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
    return unmet(verb.require, make_scope(process, case, actor, now, facts, reason))


def unmet(requirements: Sequence[Requirement], scope: Mapping[str, Any]) -> list[RefusalReason]:
    """Return the requirements that do not hold, each with its sentence, basis and the clause that was false."""
    out = []
    for requirement in requirements:
        try:
            clauses = tuple(requirement.that.failing(scope))
        except EvaluationError as problem:
            clauses = (str(problem.message),)
        if clauses:
            text = say("{text}", text=requirement.message)
            out.append(RefusalReason("guard", text, requirement.basis, "; ".join(clauses)))
    return out


def _instead(process: Process, case: Case) -> Message | None:
    possible = [TITLES[name] for name in process.state(case.state).verbs if name in TITLES]
    return say("此环节可以：{possible}", possible=possible) if possible else None
