"""What a clock is counted from once an answer it is counted from was put right (更正). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.lifecycle.case import RunningClock
from engine.lifecycle.command import Correction
from engine.lifecycle.deadlines.clock_transitions import since_instant
from engine.lifecycle.deadlines.limits import shift_as_far
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.process import Process


def counted_from_corrected(
    process: Process,
    clock: ClockRule,
    running: RunningClock,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> RunningClock:
    """Return a clock counted from what its limits are counted from with the scope `after`; its due day is not counted anew here.

    A limit that does not hold is left as it is. Raises EvaluationError.
    """
    froms = []
    every = (running.counted_from, *running.others_from)
    for number, (limit, from_) in enumerate(zip(clock.limits, every, strict=True)):
        if number in running.left_out or limit.since is None:
            froms.append(from_)
            continue
        was = since_instant(process, clock, limit, before) or running.started_at
        corrected = since_instant(process, clock, limit, after) or running.started_at
        if from_ < was:
            # It was counted from what the form said before it was handed in again: a later answer does not move a clock that runs.
            froms.append(from_)
            continue
        # What pauses have moved it by, of clocks of before pauses were kept, is given back from the right day, too.
        froms.append(from_ if was == corrected else shift_as_far(process.time, limit, corrected, was, from_))
    return replace(running, counted_from=froms[0], others_from=tuple(froms[1:]))


def with_corrections(
    process: Process,
    clock: ClockRule,
    running: RunningClock,
    corrected: Iterable[Correction],
    scope: Mapping[str, Any],
) -> RunningClock:
    """Return the reading of a clock that did not run while answers were put right, oldest first, as if it had. Raises EvaluationError."""
    for one in corrected:
        before, after = (
            {
                **scope,
                "forms": {**scope["forms"], one.form: answers},
                "case": {**scope["case"], **facts},
            }
            for answers, facts in ((one.before, one.facts_before), (one.after, one.facts_after))
        )
        running = counted_from_corrected(process, clock, running, before, after)
    return running
