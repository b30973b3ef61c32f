"""How clocks read that go on as if the case had never left the states they run in: 退回 with `keep_clocks`, 撤回. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.lifecycle.case import Case, RunningClock
from engine.lifecycle.command import CasePath, LastStep
from engine.lifecycle.deadlines.clock_transitions import asked_again, with_those_beside
from engine.lifecycle.deadlines.corrected_clocks import with_corrections
from engine.lifecycle.deadlines.schedule import paused
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.process import Process

#: Clock id -> its new reading; None: the clock stops.
ChangedClocks = dict[str, RunningClock | None]
#: The verb whose `pauses` name the clocks a suspension pauses.
_SUSPEND = "suspend"


def kept_clocks(
    process: Process,
    case: Case,
    state: str,
    changed: Mapping[str, RunningClock | None],
    passage: CasePath,
    scope: Mapping[str, Any],
    now: datetime,
) -> ChangedClocks:
    """Return the clocks that change when a case goes back to `state` and those that start again go on from where they were.

    `changed` is what changes otherwise: of the clocks that run all the while nothing else becomes. A clock that starts again has counted
    on since it stopped; it is paused in `state` if that pauses it, and the pause it was stopped in was over then. Raises EvaluationError.
    """
    found: ChangedClocks = dict(changed)
    present = _running({**case.clocks, **changed})
    for clock in process.clocks:
        once = passage.clocks.get(clock.id)
        if clock.id in case.clocks or clock.id not in present or once is None:
            continue
        stopped = passage.stopped.get(clock.id, now)
        reading = once if once.paused_at is None else paused(once, once.paused_at, stopped)
        reading = _with_suspensions(process, clock, reading, passage, stopped)
        reading = with_corrections(process, clock, reading, passage.corrected.get(clock.id, ()), scope)
        if process.is_paused(clock.id, state):
            reading = replace(reading, paused_at=now)
        found[clock.id] = present[clock.id] = _again(process, clock, reading, scope, present, now)
    return with_those_beside(process, case.clocks, found, now)


def clocks_put_back(
    process: Process,
    case: Case,
    last: LastStep,
    passage: CasePath,
    scope: Mapping[str, Any],
    now: datetime,
) -> ChangedClocks:
    """Return the clocks that change when the `last` step is taken back.

    What the step started, stopped, paused or let go on is as if it had not been taken: a pause it began gives nothing back, a pause it
    ended lasts, and the limits hold that held. What was done besides since then (延期, 挂起, 更正) remains. Raises EvaluationError.
    """
    before = last.before
    found: ChangedClocks = {name: None for name in case.clocks if name not in before.clocks}
    present = {name: running for name, running in case.clocks.items() if name in before.clocks}
    since = case.entered_at
    for clock in process.clocks:
        was, running = before.clocks.get(clock.id), case.clocks.get(clock.id)
        if was is None:
            continue
        was = with_corrections(process, clock, was, last.corrected, scope)
        base = running if running is not None and running.started_at == was.started_at else was
        still = process.is_paused(clock.id, before.state)
        if base is running and running.paused_at == (was.paused_at if still else None):
            # It goes on as before, or the question (征询) that had paused it ended with the step.
            reading = running
        elif was.paused_at is not None and still:
            reading = replace(base, paused_at=was.paused_at, pauses=was.pauses)
        else:
            reading = replace(base, paused_at=None, pauses=was.pauses)
            if was.paused_at is not None:
                reading = paused(reading, was.paused_at, since)
            reading = _with_suspensions(process, clock, reading, passage, since)
        reading = _limits_as(was, reading)
        if reading is not running:
            reading = process.time.recounted(clock, reading, now, present)
            if last.corrected:
                reading = asked_again(process, clock, reading, now, scope, present)
            found[clock.id] = reading
        present[clock.id] = reading
    return with_those_beside(process, case.clocks, found, now)


def _again(
    process: Process,
    clock: ClockRule,
    reading: RunningClock,
    scope: Mapping[str, Any],
    present: Mapping[str, RunningClock],
    now: datetime,
) -> RunningClock:
    again = process.time.recounted(clock, reading, now, present)
    return asked_again(process, clock, again, now, scope, present) if clock.conditional else again


def _with_suspensions(
    process: Process, clock: ClockRule, running: RunningClock, passage: CasePath, since: datetime
) -> RunningClock:
    """Return a clock with the suspensions from `since` on that pause it, although it did not run then."""
    for state, begun, until in passage.suspended:
        known = process.workflow.states.get(state)
        verb = known.verbs.get(_SUSPEND) if known is not None else None
        if begun >= since and verb is not None and clock.id in process.with_those_beside(verb.pauses):
            running = paused(running, begun, until)
    return running


def _limits_as(was: RunningClock, reading: RunningClock) -> RunningClock:
    """Return `reading`, of the same run as `was`, with the limits that held then, counted from what they were counted from."""
    if reading.left_out == was.left_out:
        return reading
    asked = {*reading.left_out, *was.left_out}
    froms = [
        before if number in asked else from_
        for number, (before, from_) in enumerate(
            zip(
                (was.counted_from, *was.others_from),
                (reading.counted_from, *reading.others_from),
                strict=True,
            )
        )
    ]
    return replace(reading, counted_from=froms[0], others_from=tuple(froms[1:]), left_out=was.left_out)


def _running(clocks: Mapping[str, RunningClock | None]) -> dict[str, RunningClock]:
    return {name: running for name, running in clocks.items() if running is not None}
