"""委派 交回: somebody else works on a task and hands it back to who has it, who then decides. Pure, as `decide` is."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.permission import belongs, display_names
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.entrusting import entrusted_to, still_entrusted
from engine.lifecycle.verbs.spec import ArgumentKind, VerbArgument, VerbSpec
from engine.value import named_value


@named_value
class Entrust(Command):
    """委派: have `to` work on a task; the reason says what is wanted."""

    to: Actor


@named_value
class HandBack(Command):
    """交回: the reason is the answer."""


def entrust(process: Process, case: Case, command: Entrust, now: datetime) -> Outcome:
    """Put the task into the hands of another until they hand it back; nobody decides meanwhile."""
    title, actor, person = ENTRUST.title, command.actor, command.to.id
    verb, reasons = check_verb(process, case, ENTRUST, command)
    if verb is None or reasons:
        return Refusal(case.id, title, tuple(reasons))
    if (already := still_entrusted(case)) is not None:
        return Refusal(case.id, title, (already,))
    if case.assignee not in (None, actor.id, *(principal.id for principal in actor.principals)):
        message = say("该待办在“{person}”名下，由其委派", person=case.assignee)
        return Refusal(case.id, title, (RefusalReason("claimed", message, verb.basis),))
    if person == actor.id:
        return Refusal(case.id, title, (RefusalReason("person", say("不能委派给自己")),))
    if verb.among and not belongs(process, case, command.to, verb.among):
        who = display_names(process, case, verb.among)
        message = say("只能委派给{who}，“{person}”不是", who=who, person=person)
        return Refusal(case.id, title, (RefusalReason("person", message, verb.basis),))
    order = {"by": actor.id, "to": person, "at": to_text(now), "reason": command.reason}
    message = say(
        "“{case}”由“{person}”委派给您：{reason}；办后请交回",
        case=case.title,
        person=actor.id,
        reason=command.reason,
    )
    return EventKind.ENTRUSTED, title, Change(assignee=person, entrusted=order), ((f"p:{person}", message),)


def hand_back(process: Process, case: Case, command: HandBack, now: datetime) -> Outcome:
    """Return the task with an answer to who had it; whoever entrusted it may take it back the same way."""
    title, actor, order = HAND_BACK.title, command.actor, case.entrusted
    verb, reasons = check_verb(process, case, HAND_BACK, command, granted=True, ends=ENTRUST.word)
    if case.suspended_at is not None:
        reasons.append(RefusalReason("suspended", say("案件已挂起，须先恢复")))
    if verb is None or reasons:
        return Refusal(case.id, title, tuple(reasons))
    to = entrusted_to(case)
    if order is None or to is None:
        return Refusal(case.id, title, (RefusalReason("state", say("该待办没有委派给人，不必交回")),))
    people = {actor.id, *(principal.id for principal in actor.principals)}
    if not people & {to, order["by"]}:
        message = say("该待办委派给了“{to}”，“{actor}”不能交回", to=to, actor=actor.id)
        return Refusal(case.id, title, (RefusalReason("not-allowed", message, verb.basis),))
    answered = {
        **order,
        "answer": command.reason,
        "answered_at": to_text(now),
        "answered_by": actor.id,
    }
    words = {"case": case.title, "person": actor.id, "reason": command.reason}
    message = (
        say("“{person}”交回“{case}”：{reason}", **words)
        if to in people
        else say("“{person}”收回了委派给您的“{case}”：{reason}", **words)
    )
    receiver = order["by"] if to in people else to
    change = Change(assignee=order["by"], entrusted=answered)
    return EventKind.HANDED_BACK, title, change, ((f"p:{receiver}", message),)


ENTRUST = VerbSpec(
    word="entrust",
    whole_task=True,
    title=term("委派"),
    command=Entrust,
    decide=entrust,
    event=EventKind.ENTRUSTED,
    help=say("委派：请一人先办，办后交回，再由本人决定。"),
    note=say("交回之前谁都不能办这一步；转办不同：转办的不交回"),
    happened=say("待办委派给另一人"),
    by_whom=say("委派的人"),
    reason_help=say("请对方办什么"),
    arguments=(VerbArgument(name="to", kind=ArgumentKind.PERSON, option=True, help=say("委派给谁")),),
    keys={"among": DefinitionKey(kind=KeyKind.AUDIENCE, sentence=say("限于{value}"))},
    sentence=say("可由{who}委派"),
)

HAND_BACK = VerbSpec(
    word="hand_back",
    title=term("交回"),
    command=HandBack,
    decide=hand_back,
    event=EventKind.HANDED_BACK,
    help=say("交回：把委派的待办连同答复交回委派的人。"),
    note=say("受委派的人交回；委派的人也可以收回"),
    happened=say("委派的待办连同答复交回"),
    by_whom=say("受委派的人，或收回的委派人"),
    reason_help=say("答复"),
    keys=None,
)
