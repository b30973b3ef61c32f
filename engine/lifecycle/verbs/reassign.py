"""转办: the task goes to another person. Pure, as `decide` is."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.permission import belongs, display_names
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.spec import ArgumentKind, VerbArgument, VerbSpec
from engine.value import named_value


@named_value
class Reassign(Command):
    """转办: put a task into the hands of `to`."""

    to: Actor


def reassign(process: Process, case: Case, command: Reassign, _now: datetime) -> Outcome:
    """Hand the task to another person of those it is for, or of those the verb names; says why."""
    verb, reasons = check_verb(process, case, REASSIGN, command)
    if verb is None or reasons:
        return Refusal(case.id, REASSIGN.title, tuple(reasons))
    if command.to.id == case.assignee:
        already = RefusalReason("claimed", say("该待办已在“{person}”名下", person=command.to.id))
        return Refusal(case.id, REASSIGN.title, (already,))
    audience = verb.among or process.state(case.state).audience
    if not belongs(process, case, command.to, audience):
        who = display_names(process, case, audience)
        message = say("只能转办给{who}，“{person}”不是", who=who, person=command.to.id)
        hint = say("此环节还可以转给别人的，请在流程的 reassign（转办）下写 among（限于）")
        return Refusal(case.id, REASSIGN.title, (RefusalReason("person", message, verb.basis, hint=hint),))
    return EventKind.REASSIGNED, REASSIGN.title, Change(assignee=command.to.id), ()


REASSIGN = VerbSpec(
    word="reassign",
    whole_task=True,
    title=term("转办"),
    command=Reassign,
    decide=reassign,
    event=EventKind.REASSIGNED,
    help=say("转办给另一人。"),
    note=say("只能转给该环节所写的人，或 `among` 所列的人"),
    happened=say("待办转给了另一人"),
    by_whom=say("决定的人；`overdue` 写明转办的，为 `engine`，`effects` 中的 `handed_to` 写明转给谁"),
    arguments=(VerbArgument(name="to", kind=ArgumentKind.PERSON, option=True, help=say("转给谁")),),
    keys={"among": DefinitionKey(kind=KeyKind.AUDIENCE, sentence=say("限于{value}"))},
    sentence=say("可由{who}转办"),
    bulk=True,
)
