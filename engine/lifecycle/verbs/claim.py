"""领取: one of those a task is for takes it. Pure, as `decide` is."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.permission import belongs
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import case_obstacles, side_by_side
from engine.lifecycle.verbs.spec import ReasonRule, VerbSpec
from engine.value import named_value


@named_value
class Claim(Command):
    """领取 a task that several people could do."""


def claim(process: Process, case: Case, command: Claim, _now: datetime) -> Outcome:
    """Put the task into the hands of the actor, who must be one of those it is for."""
    reasons = case_obstacles(process, case)
    state = process.state(case.state)
    if not reasons and not belongs(process, case, command.actor, state.audience):
        who = [process.title_of(name) for name in state.audience]
        reasons.append(
            RefusalReason(
                "not-allowed", say("该待办由{who}办理，“{actor}”不能领取", who=who, actor=command.actor.id)
            )
        )
    if process.branches_of(case.state):
        reasons.append(side_by_side(process, case, CLAIM))
    if not reasons and case.assignee == command.actor.id:
        reasons.append(RefusalReason("claimed", say("该待办已由您领取")))
    elif not reasons and case.assignee is not None:
        reasons.append(RefusalReason("claimed", say("该待办已由“{person}”领取", person=case.assignee)))
    if reasons:
        return Refusal(case.id, CLAIM.title, tuple(reasons))
    return EventKind.CLAIMED, CLAIM.title, Change(assignee=command.actor.id), ()


CLAIM = VerbSpec(
    word="claim",
    whole_task=True,
    title=term("领取"),
    command=Claim,
    decide=claim,
    event=EventKind.CLAIMED,
    help=say("领取多人可办的待办。"),
    note=say("多人可办时由一人认下"),
    happened=say("待办被领取"),
    by_whom=say("本人"),
    reason=ReasonRule.NONE,
    sentence=say("可由{who}领取"),
    bulk=True,
)
