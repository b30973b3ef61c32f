"""The clocks of a definition read aloud: from when, how long, on what basis, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language import Message, say
from engine.lifecycle.deadlines.escalation import describe_overdue_step
from engine.lifecycle.deadlines.period_text import describe_limit, describe_period
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.lifecycle.model.period_mark import mark_text
from engine.lifecycle.process import Process
from engine.worktime.periods import OnDay


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
            "     {when}且不晚于：{start}，{limit}{basis}。",
            when=say("当 {condition} 时，", condition=limit.when.expression.source) if limit.when else "",
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
            else say("前 {period}", period=describe_period(reminder.before))
            for reminder in clock.remind
        ]
        yield say("     提醒：{steps}。", steps=steps)
    for step in clock.overdue:
        yield say("     {sentence}。", sentence=describe_overdue_step(step, process.title_of))


def _states(process: Process, names: frozenset[str]) -> list[str]:
    return [process.state(name).title for name in process.workflow.states if name in names]


def _steps(process: Process, steps: Iterable[str]) -> list[str]:
    titles = {step.id: step.title for step in process.workflow.transitions}
    return [titles.get(step, step) for step in steps]


def _start(process: Process, clock: ClockRule, limit: Limit) -> Message:
    if limit.since is not None and isinstance(limit.length, OnDay):
        return say("到期日是 {date}", date=limit.since.source)
    if limit.since is not None:
        return say("从 {since} 所示之日起算", since=limit.since.source)
    if clock.starts_on:
        return say("从办理“{steps}”起算", steps=_steps(process, clock.starts_on))
    return say("从进入起算")


def _limit(process: Process, whole: Limit) -> Message:
    mark = mark_text(whole.mark)
    length = describe_limit(process.workflow, whole)
    return say("{limit}{mark}", limit=length, mark=mark) if mark else length


def display_names(process: Process, names: Iterable[str]) -> list[str]:
    """Return what people call these roles and parties."""
    return [process.title_of(name) for name in names]
