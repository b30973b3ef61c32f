"""延期: a running deadline gets more time. Pure, as `decide` is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import ApprovableCommand
from engine.lifecycle.deadlines.clock_transitions import with_those_beside
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.model.workflow import Verb
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.spec import ArgumentKind, VerbArgument, VerbSpec
from engine.value import named_value
from engine.worktime.periods import PeriodUnit


@named_value
class Extend(ApprovableCommand):
    """延期: give a running clock `count` more units."""

    count: int
    clock: str | None = None


def extend(process: Process, case: Case, command: Extend, now: datetime) -> Outcome:
    """Give a running clock more time, within the limits the definition sets."""
    verb, reasons = check_verb(process, case, EXTEND, command, granted=command.granted)
    if verb is None or reasons:
        return Refusal(case.id, EXTEND.title, tuple(reasons))
    name = command.clock or verb.clock or next(iter(case.clocks), None)
    running = case.clocks.get(name) if name else None
    if name is None or running is None:
        running_now = [process.workflow.clocks[i].title for i in case.clocks if i in process.workflow.clocks]
        reasons.append(
            RefusalReason(
                "clock",
                say(
                    "没有正在计时的时限“{clock}”；正在计时：{running}", clock=name or "-", running=running_now
                ),
            )
        )
        return Refusal(case.id, EXTEND.title, tuple(reasons))
    if verb.clock and verb.clock != name:
        reasons.append(RefusalReason("clock", say("此环节只能延长时限“{clock}”", clock=verb.clock)))
    clock = process.workflow.clocks[name]
    reasons += _limits(verb, running, command.count, clock.unit)
    if reasons:
        return Refusal(case.id, EXTEND.title, tuple(reasons))
    longer = replace(
        running,
        times_extended=running.times_extended + 1,
        extended_by=running.extended_by + command.count,
    )
    try:
        longer = process.time.recounted(clock, longer, now, case.clocks)
        # The same unit has been counted above; another has to be laid beside it on the calendar.
        over = (
            verb.most is not None
            and verb.most.unit is not clock.unit
            and process.time.exceeds(clock, longer, verb.most)
        )
    except ValueError:
        far = RefusalReason(
            "limit", say("延长 {count} 后超出日历所能计算的年份（1—9999 年）", count=command.count)
        )
        return Refusal(case.id, EXTEND.title, (far,))
    if over and verb.most is not None:
        most = RefusalReason(
            "limit", say("延期合计不得超过 {most}", most=describe_period(verb.most)), verb.basis
        )
        return Refusal(case.id, EXTEND.title, (most,))
    if longer.due_at == running.due_at and longer.ruling:
        message = say(
            "时限“{clock}”另须不晚于 {due}，延期不能越过", clock=clock.title, due=running.due_on.isoformat()
        )
        return Refusal(
            case.id, EXTEND.title, (RefusalReason("limit", message, clock.basis_of(longer.ruling)),)
        )
    moved = with_those_beside(process, case.clocks, {name: longer}, now)
    return EventKind.EXTENDED, EXTEND.title, Change(clocks=moved), ()


def _limits(verb: Verb, running: RunningClock, count: int, unit: PeriodUnit) -> list[RefusalReason]:
    reasons = []
    if count < 1:
        reasons.append(RefusalReason("limit", say("延期的数量应为 1 以上的整数，实为 {count}", count=count)))
    if verb.times is not None and running.times_extended >= verb.times:
        reasons.append(
            RefusalReason(
                "limit",
                say("最多延期 {times} 次，已延期 {seen} 次", times=verb.times, seen=running.times_extended),
                verb.basis,
            )
        )
    if verb.most is not None and verb.most.unit is unit and running.extended_by + count > verb.most.count:
        reasons.append(
            RefusalReason(
                "limit",
                say(
                    "延期合计不得超过 {most}，已延 {seen}，又要 {count}",
                    most=describe_period(verb.most),
                    seen=running.extended_by,
                    count=count,
                ),
                verb.basis,
            )
        )
    return reasons


EXTEND = VerbSpec(
    word="extend",
    title=term("延期"),
    command=Extend,
    decide=extend,
    event=EventKind.EXTENDED,
    help=say("延长正在计时的时限（按其自身的单位）；须经批准的，先提出申请。"),
    note=say("次数和总量有限；写了 `approve` 的先申请"),
    happened=say("正在计时的时限被延长"),
    by_whom=say("批准的人"),
    arguments=(
        VerbArgument(name="count", kind=ArgumentKind.INTEGER, invalid=say("延长多少应为整数，实为“{seen}”")),
        VerbArgument(
            name="clock", kind=ArgumentKind.CLOCK, required=False, option=True, help=say("哪个时限")
        ),
    ),
    keys={
        "max": DefinitionKey(kind=KeyKind.PERIOD, least=1, sentence=say("最长 {value}")),
        "times": DefinitionKey(
            kind=KeyKind.INTEGER, least=1, chinese="次数", sentence=say("最多 {value} 次")
        ),
        "clock": DefinitionKey(kind=KeyKind.CLOCK, chinese="所延时限", sentence=say("时限“{value}”")),
    },
    sentence=say("可由{who}延期"),
    approvable=True,
    bulk=True,
)
