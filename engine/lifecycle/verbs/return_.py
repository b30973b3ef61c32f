"""退回: a case goes back to a state it has passed. Pure, as `decide` is."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import ApprovableCommand, CasePath
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.decision import Outcome
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.spec import ArgumentKind, Need, VerbArgument, VerbSpec
from engine.value import named_value


@named_value
class Return(ApprovableCommand):
    """退回: back to the state `to`, which the case has passed. What was entered since is kept."""

    to: str
    passage: CasePath = field(default_factory=CasePath)


def send_back(process: Process, case: Case, command: Return, now: datetime) -> Outcome:
    """Put the case back into a state it has passed. Answers and signatures given since stay in its history."""
    title = RETURN.title
    verb, reasons = check_verb(process, case, RETURN, command, granted=command.granted)
    if verb is None:
        return Refusal(case.id, title, tuple(reasons))
    passed = [
        name
        for name in command.passage.states
        if name != case.state and name in process.workflow.states and not process.state(name).final
    ]
    possible = [name for name in passed if not verb.to or name in verb.to]
    if command.to not in possible:
        shown = [say("{title}（{id}）", title=process.state(name).title, id=name) for name in possible]
        message: Message
        if command.to in passed:
            message = say("不能退回“{to}”；可以退回：{possible}", to=command.to, possible=shown)
        elif possible:
            message = say("案件没有经过环节“{to}”；可以退回：{possible}", to=command.to, possible=shown)
        else:
            message = say("案件没有经过可以退回的环节")
        reasons.append(RefusalReason("state", message, verb.basis))
    if reasons:
        return Refusal(case.id, title, tuple(reasons))
    try:
        scope = make_scope(process, case, command.actor, now, {})
        again = _interrupted(process, case, command)
        clocks = clocks_after(process, case.state, command.to, now, scope, running=case.clocks, besides=again)
        if verb.keep_clocks:
            from engine.lifecycle.deadlines.resumed_clocks import kept_clocks

            clocks = kept_clocks(process, case, command.to, clocks, command.passage, scope, now)
    except EvaluationError as problem:
        return Refusal(case.id, title, (RefusalReason("clock", problem.message),))
    change = Change(state=command.to, clocks=clocks)
    message = say(
        "“{case}”被退回“{state}”：{reason}",
        case=case.title,
        state=process.state(command.to).title,
        reason=command.reason,
    )
    notices = tuple((name, message) for name in process.state(command.to).audience)
    return EventKind.RETURNED, title, change, notices


def _interrupted(process: Process, case: Case, command: Return) -> frozenset[str]:
    """Return the clocks a step had started (`starts_on`) and that stopped only because the case left their states.

    The step is not taken again by 退回; without them a time that was running would be gone.
    """
    path = command.passage
    return frozenset(
        clock.id
        for clock in process.clocks
        if clock.starts_on
        and command.to in clock.during
        and case.state not in clock.during
        and clock.id in path.clocks
        and clock.id not in case.clocks
        and path.stopped_in.get(clock.id, command.to) not in clock.during
    )


RETURN = VerbSpec(
    word="return",
    title=term("退回"),
    command=Return,
    decide=send_back,
    event=EventKind.RETURNED,
    help=say("退回到案件经过的环节；已填的内容留在历史中。"),
    note=say("只能退到案件经过的环节；已填的内容和签名留在历史里"),
    happened=say("案件退回到它经过的环节"),
    needs=(Need.HISTORY,),
    arguments=(VerbArgument(name="to", kind=ArgumentKind.STATE, typed_as="state"),),
    keys={
        "to": DefinitionKey(kind=KeyKind.STATES, sentence=say("到“{value}”")),
        "keep_clocks": DefinitionKey(
            kind=KeyKind.FLAG, chinese="沿用时限", sentence=say("时限沿用原来的，不重新起算")
        ),
    },
    sentence=say("可由{who}退回"),
    approvable=True,
)
