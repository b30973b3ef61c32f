"""What one advance by hand looks at before it writes, the same on every database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from benchmarks.honest.schema import RefusedError, instant_of
from benchmarks.honest.visit import People, Step
from benchmarks.honest.workdays import Deadlines

#: Where no daemon has given a sign of life for longer, a person looks at the clock first.
HOLD = timedelta(days=31)


class JudgedAdvances:
    """Steps of the process ``visit``: the checks of one, by what was looked up of it."""

    def __init__(
        self, deadlines: Deadlines, clock: Callable[[], datetime], channels: Sequence[str], people: People
    ) -> None:
        self.deadlines = deadlines
        self.clock = clock
        self.channels = channels
        self.people = people

    def judge(
        self,
        case_id: str,
        case: Sequence[Any],
        newest: tuple[Any, Any, Any],
        beat: str | None,
        head: str,
        step: str,
        person: str,
        answers: Mapping[str, Any] | None,
        reason: str | None,
    ) -> Step:
        """Return the step as it is to be written. Raises RefusedError.

        `newest` are the newest hashes of the histories of people, `beat` is the last sign of life of a daemon, `head` the
        hash of the last entry of the case.
        """
        now = self.clock()
        if beat is not None and now - instant_of(beat) > HOLD:
            self.people.require_confirmed_clock(beat)
        self.people.stand(newest)
        who = self.people.acting(person, case[4], now)
        done = Step(case_id, tuple(case), who, step, answers, reason, now, self.deadlines)
        if head != case[2]:
            raise RefusedError("conflict")
        return done
