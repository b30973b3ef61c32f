"""传阅 已阅: a copy of a case goes to somebody to read, who says that they have read it. Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import ENGINE, Actor, Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.permission import belongs, display_names
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.spec import ArgumentKind, ReasonRule, VerbArgument, VerbSpec
from engine.value import named_value


@named_value
class Circulate(Command):
    """传阅: send `to` a copy to read."""

    to: Actor


@named_value
class Read(Command):
    """已阅: say that one has read the copy one was sent."""


def circulate(process: Process, case: Case, command: Circulate, now: datetime) -> Outcome:
    """Send somebody a copy; whoever has one they have not read gets no second."""
    title, person = CIRCULATE.title, command.to.id
    verb, reasons = check_verb(process, case, CIRCULATE, command)
    if verb is None or reasons:
        return Refusal(case.id, title, tuple(reasons))
    if verb.among and not belongs(process, case, command.to, verb.among):
        who = display_names(process, case, verb.among)
        message = say("只能传阅给{who}，“{person}”不是", who=who, person=person)
        return Refusal(case.id, title, (RefusalReason("person", message, verb.basis),))
    if person in unread(case):
        message = say("“{person}”手上的传阅件还没有回执", person=person)
        return Refusal(case.id, title, (RefusalReason("claimed", message),))
    said = copy_message(case, command.actor.id, command.reason)
    return (
        EventKind.CIRCULATED,
        title,
        Change(copies={person: new_copy(command.actor.id, now)}),
        ((f"p:{person}", said),),
    )


def read(_process: Process, case: Case, command: Read, now: datetime) -> Outcome:
    """Note the read receipt of a copy, and tell who sent it; an ended case can be read too."""
    title, person = READ.title, command.actor.id
    copy = case.copies.get(person)
    if copy is None:
        message = say("没有传阅或抄送给“{person}”的本件", person=person)
        return Refusal(case.id, title, (RefusalReason("not-allowed", message),))
    if "read_at" in copy:
        message = say("“{person}”已回执：已阅", person=person)
        return Refusal(case.id, title, (RefusalReason("claimed", message),))
    words = {"case": case.title, "person": person}
    said = (
        say("“{person}”已阅“{case}”：{reason}", reason=command.reason, **words)
        if command.reason
        else say("“{person}”已阅“{case}”", **words)
    )
    change = Change(copies={person: {**copy, "read_at": to_text(now)}})
    # Nobody waits for the receipt of what the engine has sent.
    notices = () if copy["by"] in (ENGINE, person) else ((f"p:{copy['by']}", said),)
    return EventKind.READ, title, change, notices


def unread(case: Case) -> tuple[str, ...]:
    """Return those who were sent a copy and have not said that they have read it."""
    return tuple(person for person, copy in case.copies.items() if "read_at" not in copy)


def new_copy(by: str, now: datetime) -> Mapping[str, Any]:
    """Return a copy that has just been sent."""
    return {"by": by, "at": to_text(now)}


def copy_message(case: Case, by: str, reason: str | None) -> Message:
    """Return what is said to whoever gets a copy."""
    words = {"case": case.title, "id": case.id, "person": by}
    if reason:
        return say("传阅：“{case}”（{id}），“{person}”请您阅知并回执：{reason}", reason=reason, **words)
    return say("传阅：“{case}”（{id}），“{person}”请您阅知并回执", **words)


CIRCULATE = VerbSpec(
    word="circulate",
    title=term("传阅"),
    command=Circulate,
    decide=circulate,
    event=EventKind.CIRCULATED,
    help=say("传阅：请一人阅知，阅后须回执。"),
    note=say("限于 `among` 所列的人；没有写的，谁都可以请；待办不动"),
    happened=say("传阅或抄送给人"),
    by_whom=say("传阅的人；流程写明抄送（`copy_to`）的，为办理那一步的人"),
    reason=ReasonRule.OPTIONAL,
    reason_help=say("要说的话"),
    arguments=(VerbArgument(name="to", kind=ArgumentKind.PERSON, option=True, help=say("传阅给谁")),),
    keys={"among": DefinitionKey(kind=KeyKind.AUDIENCE, sentence=say("限于{value}"))},
    sentence=say("可由{who}传阅"),
    bulk=True,
    counts_as_acting=False,
)

READ = VerbSpec(
    word="read",
    title=term("已阅"),
    command=Read,
    decide=read,
    event=EventKind.READ,
    help=say("已阅：回执传阅、抄送给本人的件；传阅的人会得知。"),
    note=say("在收件箱里确认这条消息也算回执；办结的件也可以"),
    happened=say("收到传阅的人说已阅"),
    by_whom=say("本人"),
    reason=ReasonRule.OPTIONAL,
    reason_help=say("要说的话"),
    keys=None,
    bulk=True,
    counts_as_acting=False,
)
