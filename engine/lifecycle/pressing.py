"""催办: pressing those who have the task. Pure, as `decide` is."""

from __future__ import annotations

from engine.language import say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Urge
from engine.lifecycle.process import Process
from engine.lifecycle.refusal import Refusal, Unmet
from engine.lifecycle.signing import waiting_for
from engine.lifecycle.warrant import TITLES, Outcome, warrant

#: A notice to one person instead of a role or party.
PERSON = "p:"


def urge(process: Process, case: Case, command: Urge) -> Outcome:
    """Tell those the task waits for that somebody presses; changes nothing but the history."""
    verb, reasons = warrant(process, case, "urge", command.actor, command.reason, needs_reason=False)
    number = command.passage.urged + 1
    if verb is not None and verb.times is not None and number > verb.times:
        message = say("此环节最多催办 {times} 次，已催办 {seen} 次", times=verb.times, seen=number - 1)
        reasons.append(Unmet("limit", message, verb.basis, hint=say("可用升级督办或转办")))
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
    audience: tuple[str, ...]
    signers = waiting_for(process, case)
    if case.assignee is not None:
        audience = (PERSON + case.assignee,)
    elif signers:
        audience = signers
    else:
        audience = state.audience
    return EventKind.URGED, TITLES["urge"], Change(), tuple((name, told) for name in audience)
