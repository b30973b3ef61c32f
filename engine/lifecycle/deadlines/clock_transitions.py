"""Which clocks start, stop and stand still when a step is taken. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from engine.language import say
from engine.lifecycle.case import RunningClock
from engine.lifecycle.deadlines.limits import NO_CLOCKS, shift_as_far
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import EvaluationError, NotBooleanError
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.lifecycle.process import Process
from engine.worktime.periods import OnDay


def clocks_after(
    process: Process,
    before: str | None,
    after: str,
    now: datetime,
    scope: Mapping[str, Any],
    *,
    step: str | None = None,
    running: Mapping[str, RunningClock] = NO_CLOCKS,
    besides: Collection[str] = (),
) -> dict[str, RunningClock | None]:
    """Return the clocks that start, stop, stand still, go on or move when `step` brings a case from `before` to `after`.

    `running` are the clocks of the case before; those called in `besides` start, too. Raises EvaluationError where a clock cannot be counted.
    """
    starts, stops = process.clocks_moved(before, after, step)
    if besides:
        starts = tuple(clock for clock in process.clocks if clock in starts or clock.id in besides)
    if before == after and not starts and not stops and not process.conditional:
        return {}
    changed: dict[str, RunningClock | None] = {}
    for clock in stops:
        if clock.id in running:
            changed[clock.id] = None
    present = dict(running)
    for name in changed:
        del present[name]
    for clock in starts:
        started = _start(process, clock, now, scope, present)
        if process.pauses and process.is_paused(clock.id, after):
            started = replace(started, paused_at=now, next_at=None)
        changed[clock.id] = present[clock.id] = started
    # Where no other clock runs, none is paused or resumed.
    if before != after and len(present) > len(starts):
        changed |= _paused_or_going_on(process, after, now, changed, present)
    for clock in process.conditional:
        if clock in starts or (reading := present.get(clock.id)) is None:
            continue
        again = asked_again(process, clock, reading, now, scope, present)
        if again is not reading:
            changed[clock.id] = present[clock.id] = again
    return with_those_beside(process, running, changed, now) if process.beside else changed


def with_those_beside(
    process: Process,
    before: Mapping[str, RunningClock],
    changed: Mapping[str, RunningClock | None],
    now: datetime,
) -> dict[str, RunningClock | None]:
    """Return `changed` with the clocks that are counted from a clock which moved, each counted again.

    `before` are all clocks of the case before the change.
    """
    found = dict(changed)
    if not process.beside or not changed:
        return found
    clocks = {name: clock for name, clock in {**before, **changed}.items() if clock is not None}
    for clock in process.beside:
        running = clocks.get(clock.id)
        if running is None or not clock.beside & found.keys():
            continue
        moved = process.time.recounted(clock, running, now, clocks)
        if moved != running:
            found[clock.id] = clocks[clock.id] = moved
    return found


def _paused_or_going_on(
    process: Process,
    after: str,
    now: datetime,
    changed: Mapping[str, RunningClock | None],
    present: dict[str, RunningClock],
) -> dict[str, RunningClock | None]:
    found: dict[str, RunningClock | None] = {}
    for clock in process.clocks:
        running = present.get(clock.id)
        if running is None or clock.id in changed:
            continue
        still = process.is_paused(clock.id, after)
        if still and running.paused_at is None:
            found[clock.id] = present[clock.id] = replace(running, paused_at=now, next_at=None)
        elif not still and running.paused_at is not None:
            gone_on = process.time.moved_on(clock, running, running.paused_at, now, present)
            found[clock.id] = present[clock.id] = gone_on
    return found


def _start(
    process: Process,
    clock: ClockRule,
    now: datetime,
    scope: Mapping[str, Any],
    present: Mapping[str, RunningClock],
) -> RunningClock:
    if clock.plain:
        try:
            return process.time.start(clock, now)
        except ValueError:
            raise _beyond_years(process, clock, now) from None
    left_out = limits_left_out(clock, scope)
    sinces = sinces_of(process, clock, scope, left_out)
    missing = clock.beside - present.keys()
    if missing:
        titles = [process.workflow.clocks[name].title for name in sorted(missing)]
        raise EvaluationError(
            say("时限“{clock}”按“{others}”推算，而“{others}”没有在计时", clock=clock.title, others=titles)
        )
    try:
        return process.time.start(clock, now, sinces[0], others=sinces[1:], clocks=present, left_out=left_out)
    except ValueError:
        raise _beyond_years(process, clock, min(since or now for since in sinces)) from None


def limits_left_out(clock: ClockRule, scope: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the numbers of the limits whose ``when`` does not hold; one without an answer yet does not."""
    if not clock.conditional:
        return ()
    return tuple(
        number
        for number, limit in enumerate(clock.limits)
        if limit.when is not None and not _holds(limit.when, scope)
    )


def _holds(condition: Condition, scope: Mapping[str, Any]) -> bool:
    try:
        return condition.expression.value(scope) is True
    except NotBooleanError as problem:
        if problem.value is None:
            return False
        raise


def sinces_of(
    process: Process, clock: ClockRule, scope: Mapping[str, Any], left_out: tuple[int, ...]
) -> list[datetime | None]:
    """Return the instant of each limit's ``since``; of one that does not hold none, for it may not be known yet."""
    return [
        None if number in left_out else since_instant(process, clock, limit, scope)
        for number, limit in enumerate(clock.limits)
    ]


def asked_again(
    process: Process,
    clock: ClockRule,
    running: RunningClock,
    now: datetime,
    scope: Mapping[str, Any],
    present: Mapping[str, RunningClock],
) -> RunningClock:
    """Return a running clock with the limits that hold now; the same object where they are those of before.

    A limit that comes to hold is counted from its ``since``, or from when the clock started, as if it had held since then.
    """
    left_out = limits_left_out(clock, scope)
    if left_out == running.left_out:
        return running
    froms = [running.counted_from, *running.others_from]
    for number, limit in enumerate(clock.limits):
        if limit.since is None or (number in left_out) is (number in running.left_out):
            continue
        if number in left_out:
            froms[number] = running.started_at
            continue
        since = since_instant(process, clock, limit, scope) or running.started_at
        froms[number] = shift_as_far(process.time, limit, since, running.started_at, froms[number])
    moved = replace(running, counted_from=froms[0], others_from=tuple(froms[1:]), left_out=left_out)
    try:
        return process.time.recounted(clock, moved, now, present)
    except ValueError:
        raise _beyond_years(process, clock, min(froms)) from None


def _beyond_years(process: Process, clock: ClockRule, start: datetime) -> EvaluationError:
    return EvaluationError(
        say(
            "时限“{clock}”从 {start} 起算，超出日历所能计算的年份（1—9999 年），请核对日期",
            clock=clock.title,
            start=start.astimezone(process.time.zone).date().isoformat(),
        )
    )


def since_instant(
    process: Process, clock: ClockRule, limit: Limit, scope: Mapping[str, Any]
) -> datetime | None:
    """Return the instant a limit is counted from by its ``since``; None: by when the clock starts. Raises EvaluationError."""
    if limit.since is None:
        return None
    value = limit.since.value(scope)
    if value is None:
        if isinstance(limit.length, OnDay):
            raise EvaluationError(
                say("时限“{clock}”的到期日（{date}）尚未填写", clock=clock.title, date=limit.since.source)
            )
        return None
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        raise EvaluationError(
            say("时限“{clock}”的起算日应为日期，实为“{value}”", clock=clock.title, value=value)
        ) from None
    return datetime.combine(day, time(12), process.time.zone).astimezone(UTC)
