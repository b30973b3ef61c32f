"""催办 and its 回执: pressing those who have the task, and their word that they know. Pure, as `decide` is."""

from __future__ import annotations

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Acknowledge, Actor, Urge
from engine.lifecycle.permission import belongs
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import TITLES, Outcome, case_obstacles, check_verb, find
from engine.lifecycle.verbs.sign import waiting_for

#: A notice to one person instead of a role or party.
PERSON = "p:"


def urge(process: Process, case: Case, command: Urge) -> Outcome:
    """Tell those the task waits for that somebody presses; changes nothing but the history."""
    verb, reasons = check_verb(process, case, "urge", command.actor, command.reason, needs_reason=False)
    number = command.passage.urged + 1
    if verb is not None and verb.times is not None and number > verb.times:
        message = say("此环节最多催办 {times} 次，已催办 {seen} 次", times=verb.times, seen=number - 1)
        reasons.append(RefusalReason("limit", message, verb.basis, hint=say("可用升级督办或转办")))
    if verb is None or reasons:
        return Refusal(case.id, TITLES["urge"], tuple(reasons))
    state = process.state(case.state)
    words = {"case": case.title, "state": state.title, "number": number, "person": command.actor.id}
    told = (
        say(
            "催办（第 {number} 次）：“{case}”现处“{state}”，请抓紧办理。{person}：{reason}",
            reason=command.reason,
            **words,
        )
        if command.reason
        else say("催办（第 {number} 次）：“{case}”现处“{state}”，请抓紧办理（{person}）", **words)
    )
    return (
        EventKind.URGED,
        TITLES["urge"],
        Change(),
        tuple((name, told) for name in current_assignees(process, case)),
    )


def acknowledge(process: Process, case: Case, command: Acknowledge) -> Outcome:
    """Note that somebody who was urged has received it, and tell who urged; changes nothing but the history."""
    title, passage, actor = TITLES["acknowledge"], command.passage, command.actor
    reasons = case_obstacles(process, case)
    verb = find(process, case, "urge")
    if reasons:
        return Refusal(case.id, title, tuple(reasons))
    if verb is None or not verb.receipt:
        message = say("环节“{state}”的催办不须回执", state=process.state(case.state).title)
        hint = say("须回执的，请在流程的 urge（催办）下写 receipt: true（须回执）")
        return Refusal(case.id, title, (RefusalReason("state", message, hint=hint),))
    if not passage.urged or passage.urged_by is None:
        return Refusal(case.id, title, (RefusalReason("state", say("此环节还没有催办，不必回执")),))
    audience = current_assignees(process, case)
    if not any(_is_meant(process, case, actor, name) for name in audience):
        who = [
            name.removeprefix(PERSON) if name.startswith(PERSON) else process.title_of(name)
            for name in audience
        ]
        message = say("催办是给{who}的，“{actor}”不能回执", who=who, actor=actor.id)
        return Refusal(case.id, title, (RefusalReason("not-allowed", message, verb.basis),))
    if actor.id in passage.received_by:
        message = say("“{person}”对第 {number} 次催办已作回执", person=actor.id, number=passage.urged)
        return Refusal(case.id, title, (RefusalReason("claimed", message),))
    words = {"case": case.title, "number": passage.urged, "person": actor.id}
    told = (
        say("“{person}”已收到对“{case}”的第 {number} 次催办：{reason}", reason=command.reason, **words)
        if command.reason
        else say("“{person}”已收到对“{case}”的第 {number} 次催办", **words)
    )
    return EventKind.ACKNOWLEDGED, title, Change(), ((PERSON + passage.urged_by, told),)


def current_assignees(process: Process, case: Case) -> tuple[str, ...]:
    """Return those the task waits for: whoever has it, those who are to sign, or all it is for."""
    if case.assignee is not None:
        return (PERSON + case.assignee,)
    return waiting_for(process, case) or process.state(case.state).audience


def _is_meant(process: Process, case: Case, actor: Actor, name: str) -> bool:
    if not name.startswith(PERSON):
        return belongs(process, case, actor, (name,))
    return name.removeprefix(PERSON) in (actor.id, *(principal.id for principal in actor.principals))
