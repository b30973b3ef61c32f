"""The clocks of a definition read aloud: from when, how long, on what basis, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language import Message, say
from engine.lifecycle.model.deadline import ClockRule, Limit, OverdueStep
from engine.lifecycle.process import Process
from engine.lifecycle.verbs.holding import describe
from engine.worktime.periods import Beside, Period, Roll


def clock_lines(process: Process, clock: ClockRule) -> Iterator[Message]:
    """Yield the lines about one clock."""
    during = _states(process, clock.during)
    own, *others = clock.limits
    yield say(
        "   {title}（{id}）：在“{during}”期间计时，{start}，{limit}。",
        title=clock.title,
        id=clock.id,
        during=during,
        start=_start(process, clock, own),
        limit=_limit(process, own),
    )
    if clock.basis:
        yield say("     依据：{basis}。", basis=clock.basis)
    for limit in others:
        yield say(
            "     且不晚于：{start}，{limit}{basis}。",
            start=_start(process, clock, limit),
            limit=_limit(process, limit),
            basis=say("（依据：{basis}）", basis=limit.basis) if limit.basis else "",
        )
    if clock.stops_on:
        yield say("     办理“{steps}”即止计。", steps=_steps(process, clock.stops_on))
    if clock.pauses_in:
        yield say("     在“{states}”期间停计。", states=_states(process, clock.pauses_in))
    if clock.late_reason:
        yield say("     逾期后办结须说明原因。")
    if clock.remind:
        steps = [
            say("到期当日")
            if reminder.before.count == 0
            else say("前 {period}", period=describe(reminder.before))
            for reminder in clock.remind
        ]
        yield say("     提醒：{steps}。", steps=steps)
    for press in clock.overdue:
        yield say("     {sentence}。", sentence=_press(process, press))


def _press(process: Process, press: OverdueStep) -> Message:
    late = say("一逾期") if press.after.count == 0 else say("逾期满 {period}", period=describe(press.after))
    acts: list[Message] = []
    if press.notify:
        acts.append(say("通知{who}", who=called(process, press.notify)))
    if press.escalate and press.above:
        chain = [process.title_of(role) for role in (press.escalate, *press.above)]
        acts.append(say("升级督办，逐级报{chain}", chain=chain))
    elif press.escalate:
        acts.append(say("升级督办，报{who}", who=process.title_of(press.escalate)))
    if press.reassign:
        acts.append(say("自动转办给{who}中待办最少的一人", who=process.title_of(press.reassign)))
    if press.urgent:
        acts.append(say("即时送达，不等上班时间"))
    if press.every is not None:
        acts.append(say("此后每 {period} 一次", period=describe(press.every)))
    return say("{late}，{acts}", late=late, acts=acts)


def _states(process: Process, names: frozenset[str]) -> list[str]:
    return [process.state(name).title for name in process.workflow.states if name in names]


def _steps(process: Process, steps: Iterable[str]) -> list[str]:
    titles = {step.id: step.title for step in process.workflow.transitions}
    return [titles.get(step, step) for step in steps]


def _start(process: Process, clock: ClockRule, limit: Limit) -> Message:
    if limit.since is not None:
        return say("从 {since} 所示之日起算", since=limit.since.source)
    if clock.starts_on:
        return say("从办理“{steps}”起算", steps=_steps(process, clock.starts_on))
    return say("从进入起算")


def _limit(process: Process, whole: Limit) -> Message:
    limit = whole.length
    if isinstance(limit, Period):
        period = say("期限 {period}", period=describe(limit))
        if whole.first_day:
            period = say("{limit}（起算当日计入）", limit=period)
        if whole.roll is Roll.FORWARD:
            return say("{limit}，末日遇休息日顺延", limit=period)
        return say("{limit}，末日遇休息日提前", limit=period) if whole.roll is Roll.BACKWARD else period
    if isinstance(limit, Beside):
        clock = process.workflow.clocks.get(limit.clock)
        values = {"clock": clock.title if clock else limit.clock, "period": describe(limit.period)}
        if limit.after:
            return say("“{clock}”到期后 {period}", **values)
        return say("“{clock}”到期前 {period}", **values)
    rolls = {
        Roll.NONE: say("{month} 月 {day} 日前", month=limit.month, day=limit.day),
        Roll.BACKWARD: say(
            "{month} 月 {day} 日前，遇休息日提前到其前最后一个工作日", month=limit.month, day=limit.day
        ),
        Roll.FORWARD: say(
            "{month} 月 {day} 日前，遇休息日顺延到其后第一个工作日", month=limit.month, day=limit.day
        ),
    }
    return rolls[limit.roll]


def called(process: Process, names: Iterable[str]) -> list[str]:
    """Return what people call these roles and parties."""
    return [process.title_of(name) for name in names]
