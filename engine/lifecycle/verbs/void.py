"""作废: a case ends without a result. Pure, as `decide` is."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.refusal import Refusal
from engine.language import say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import ApprovableCommand
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.spec import VerbSpec
from engine.value import named_value


@named_value
class Void(ApprovableCommand):
    """作废: end the case without a result."""


def void(process: Process, case: Case, command: Void, _now: datetime) -> Outcome:
    """End the case in the final state the definition names for it."""
    title = VOID.title
    verb, reasons = check_verb(process, case, VOID, command, granted=command.granted)
    if verb is None or reasons:
        return Refusal(case.id, title, tuple(reasons))
    target = verb.to[0]
    change = Change(state=target, final=True, clocks=dict.fromkeys(case.clocks))
    message = say("“{case}”已作废：{reason}", case=case.title, reason=command.reason)
    return EventKind.VOIDED, title, change, tuple((n, message) for n in process.state(case.state).audience)


VOID = VerbSpec(
    word="void",
    title=term("作废"),
    command=Void,
    decide=void,
    event=EventKind.VOIDED,
    help=say("作废案件；须经批准的，先提出申请。"),
    note=say("有未办结的子件时拒绝，除非写明 `with_children`"),
    happened=say("案件没有结果而终止"),
    keys={
        "to": DefinitionKey(kind=KeyKind.STATE, required=True, sentence=say("到“{value}”")),
        "with_children": DefinitionKey(
            kind=KeyKind.FLAG, chinese="连同子件", sentence=say("连同未办结的子件")
        ),
    },
    sentence=say("可由{who}作废"),
    approvable=True,
)
