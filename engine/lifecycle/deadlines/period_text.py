"""Periods and the limits of clocks in words."""

from __future__ import annotations

from collections.abc import Callable

from engine.language import Message, say
from engine.lifecycle.case import RunningClock
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.lifecycle.model.workflow import Workflow
from engine.worktime.periods import Beside, OnDay, Period, Roll


def describe_period(period: Period) -> Message:
    """Return a period in words."""
    words: dict[str, Callable[[int], Message]] = {
        "working days": lambda n: say("{count} 个工作日", count=n),
        "days": lambda n: say("{count} 日", count=n),
        "months": lambda n: say("{count} 个月", count=n),
        "years": lambda n: say("{count} 年", count=n),
        "hours": lambda n: say("{count} 小时", count=n),
        "office hours": lambda n: say("{count} 个办公小时", count=n),
    }
    return words[period.unit.value](period.count)


def describe_limit(workflow: Workflow, whole: Limit) -> Message:
    """Return how long a limit is, or by when, in words."""
    limit = whole.length
    if isinstance(limit, Period):
        period = say("期限 {period}", period=describe_period(limit))
        if whole.first_day:
            period = say("{limit}（起算当日计入）", limit=period)
        if whole.roll is Roll.FORWARD:
            return say("{limit}，末日遇休息日顺延", limit=period)
        return say("{limit}，末日遇休息日提前", limit=period) if whole.roll is Roll.BACKWARD else period
    if isinstance(limit, Beside):
        clock = workflow.clocks.get(limit.clock)
        values = {"clock": clock.title if clock else limit.clock, "period": describe_period(limit.period)}
        if limit.after:
            return say("“{clock}”到期后 {period}", **values)
        return say("“{clock}”到期前 {period}", **values)
    if isinstance(limit, OnDay):
        on_day_off = {
            Roll.NONE: say("遇休息日不调整"),
            Roll.BACKWARD: say("遇休息日提前"),
            Roll.FORWARD: say("遇休息日顺延"),
        }
        return on_day_off[limit.roll]
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


def why_these_limits(workflow: Workflow, clock: ClockRule, running: RunningClock) -> tuple[Message, ...]:
    """Return the condition under which the limit that rules holds, and the limits that do not count with theirs."""
    found = []
    ruling = clock.limits[running.ruling].when if running.ruling < len(clock.limits) else None
    if ruling is not None:
        found.append(say("适用这一期限，因为 {condition}", condition=ruling.expression.source))
    for number, limit in enumerate(clock.limits):
        if number in running.left_out and limit.when is not None:
            length, condition = describe_limit(workflow, limit), limit.when.expression.source
            found.append(say("{limit}不适用，因为不是 {condition}", limit=length, condition=condition))
    return tuple(found)
