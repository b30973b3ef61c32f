"""催办 回执: those who have a task are asked to get on with it, and say that they know. Pure, as `decide` is."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Actor, CasePath, Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.permission import belongs
from engine.lifecycle.process import Process
from engine.lifecycle.signers import waiting_for
from engine.lifecycle.verb_guard import case_obstacles, check_verb, find
from engine.lifecycle.verbs.spec import Need, ReasonRule, VerbSpec
from engine.value import named_value

#: A notice to one person instead of a role or party.
PERSON = "p:"


@named_value
class Urge(Command):
    """催办: ask those who have the task to get on with it."""

    passage: CasePath = field(default_factory=CasePath)


@named_value
class Acknowledge(Command):
    """回执: say that one has received what somebody urged."""

    passage: CasePath = field(default_factory=CasePath)


def urge(process: Process, case: Case, command: Urge, _now: datetime) -> Outcome:
    """Tell those the task waits for that somebody urges them; changes nothing but the history."""
    verb, reasons = check_verb(process, case, URGE, command)
    number = command.passage.urged + 1
    if verb is not None and verb.times is not None and number > verb.times:
        message = say("此环节最多催办 {times} 次，已催办 {seen} 次", times=verb.times, seen=number - 1)
        reasons.append(RefusalReason("limit", message, verb.basis, hint=say("可用升级督办或转办")))
    if verb is None or reasons:
        return Refusal(case.id, URGE.title, tuple(reasons))
    state = process.state(case.state)
    words = {"case": case.title, "state": state.title, "number": number, "person": command.actor.id}
    message = (
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
        URGE.title,
        Change(),
        tuple((name, message) for name in current_assignees(process, case)),
    )


def acknowledge(process: Process, case: Case, command: Acknowledge, _now: datetime) -> Outcome:
    """Note that somebody who was urged has received it, and tell who urged; changes nothing but the history."""
    title, passage, actor = ACKNOWLEDGE.title, command.passage, command.actor
    reasons = case_obstacles(process, case)
    verb = find(process, case, URGE.word)
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
    message = (
        say("“{person}”已收到对“{case}”的第 {number} 次催办：{reason}", reason=command.reason, **words)
        if command.reason
        else say("“{person}”已收到对“{case}”的第 {number} 次催办", **words)
    )
    return EventKind.ACKNOWLEDGED, title, Change(), ((PERSON + passage.urged_by, message),)


def current_assignees(process: Process, case: Case) -> tuple[str, ...]:
    """Return those the task waits for: whoever has it, those who are to sign, or all it is for."""
    if case.assignee is not None:
        return (PERSON + case.assignee,)
    return waiting_for(process, case) or process.state(case.state).audience


def _is_meant(process: Process, case: Case, actor: Actor, name: str) -> bool:
    if not name.startswith(PERSON):
        return belongs(process, case, actor, (name,))
    return name.removeprefix(PERSON) in (actor.id, *(principal.id for principal in actor.principals))


URGE = VerbSpec(
    word="urge",
    title=term("催办"),
    command=Urge,
    decide=urge,
    event=EventKind.URGED,
    help=say("催办：向现在该办的人发催办消息，并记次数。"),
    note=say("计次数，发给现在该办的人"),
    happened=say("该办的人被催办"),
    by_whom=say("催办的人"),
    needs=(Need.HISTORY,),
    reason=ReasonRule.OPTIONAL,
    reason_help=say("要说的话"),
    keys={
        "times": DefinitionKey(kind=KeyKind.INTEGER, least=1, sentence=say("最多 {value} 次")),
        "receipt": DefinitionKey(kind=KeyKind.FLAG, chinese="须回执", sentence=say("被催办的人须回执")),
    },
    sentence=say("可由{who}催办"),
    bulk=True,
    # An urge goes out at once, also outside office hours.
    urgent=True,
    counts_as_acting=False,
)

ACKNOWLEDGE = VerbSpec(
    word="acknowledge",
    title=term("回执"),
    command=Acknowledge,
    decide=acknowledge,
    event=EventKind.ACKNOWLEDGED,
    help=say("回执：收到催办；催办的人会得知。"),
    note=say("`urge` 写了 `receipt: true` 的才须；催办的人会得知"),
    happened=say("被催办的人说已收到"),
    by_whom=say("本人"),
    needs=(Need.HISTORY,),
    reason=ReasonRule.OPTIONAL,
    reason_help=say("要说的话"),
    keys=None,
    counts_as_acting=False,
)
