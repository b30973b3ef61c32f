"""挂起 恢复: work on a case stops, and goes on. Pure, as `decide` is."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import ApprovableCommand, Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import check_verb, find
from engine.lifecycle.verbs.spec import Need, ReasonRule, VerbSpec
from engine.value import named_value


@named_value
class Suspend(ApprovableCommand):
    """挂起: nothing can be done on the case until it is resumed."""

    #: A draw of the case is committed to and not made yet: nobody makes it while the case is suspended, and it lapses.
    drawing: bool = False


@named_value
class Resume(Command):
    """恢复 a suspended case."""


def suspend(process: Process, case: Case, command: Suspend, _now: datetime) -> Outcome:
    """Stop all work on the case; the clocks the definition names stand still."""
    verb, reasons = check_verb(process, case, SUSPEND, command, granted=command.granted)
    if command.drawing:
        message = say("抽取已经承诺、还没有抽，不能挂起：到期未抽，本次抽取就会失效")
        hint = say("确有原因不抽的，由一人申请作废本次抽取，另一人同意")
        reasons = [*reasons, RefusalReason("draw", message, hint=hint)]
    if verb is None or reasons:
        return Refusal(case.id, SUSPEND.title, tuple(reasons))
    return EventKind.SUSPENDED, SUSPEND.title, Change(suspended=True), ()


def resume(process: Process, case: Case, command: Resume, now: datetime) -> Outcome:
    """Let work go on; clocks that were paused are extended by the time of the suspension."""
    if case.suspended_at is None:
        return Refusal(case.id, RESUME.title, (RefusalReason("state", say("案件没有挂起")),))
    verb, reasons = check_verb(process, case, RESUME, command, ends=SUSPEND.word)
    paused = find(process, case, SUSPEND.word)
    if verb is None or reasons:
        return Refusal(case.id, RESUME.title, tuple(reasons))
    still = process.with_those_beside(paused.pauses if paused else ())
    clocks: dict[str, RunningClock | None] = {}
    readings = dict(case.clocks)
    for clock in process.clocks:
        running = readings.get(clock.id)
        # One that is paused in this state anyway remains paused.
        if running is None or clock.id not in still or running.paused_at is not None:
            continue
        moved = process.time.moved_on(clock, running, case.suspended_at, now, readings)
        clocks[clock.id] = readings[clock.id] = moved
    return EventKind.RESUMED, RESUME.title, Change(suspended=False, clocks=clocks), ()


SUSPEND = VerbSpec(
    word="suspend",
    title=term("挂起"),
    command=Suspend,
    decide=suspend,
    event=EventKind.SUSPENDED,
    help=say("挂起案件。"),
    note=say("只有 `pauses` 写明的时限停计"),
    happened=say("案件被挂起"),
    keys={
        "pauses": DefinitionKey(kind=KeyKind.CLOCKS, chinese="停计", sentence=say("期间停计“{value}”")),
    },
    sentence=say("可由{who}挂起"),
    approvable=True,
    needs=(Need.DRAW,),
)

RESUME = VerbSpec(
    word="resume",
    title=term("恢复"),
    command=Resume,
    decide=resume,
    event=EventKind.RESUMED,
    help=say("恢复已挂起的案件。"),
    note=say("停计的时限按挂起的时间顺延"),
    happened=say("挂起的案件继续办理"),
    reason=ReasonRule.OPTIONAL,
    sentence=say("可由{who}恢复"),
)
