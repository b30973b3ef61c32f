"""One thread, many programs at once: which goes on next, who dies, who stands still, all from one seed.

Each program runs in a greenlet of its own and gives way at every call of the store. Nothing but the seed decides: not the
clock of the machine, not the order in which threads wake. A seed is therefore a schedule that can be run again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from greenlet import greenlet  # type: ignore[import-untyped]

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Died(BaseException):
    """The program was killed here: nothing it held in memory is left."""


class StuckError(Exception):
    """No program can go on, and none will wake."""


@dataclass(slots=True)
class Program:
    """One program: what it does, over and over, and what its machine is like."""

    name: str
    #: Does one thing; called again when it has come to its end. Raises `Died` where the program was killed.
    act: Callable[[], None]
    #: By how much the clock of its machine is wrong.
    offset: timedelta = timedelta(0)
    #: How often it is its turn, against the others.
    weight: int = 1
    #: It stands still until then.
    asleep_until: datetime | None = None
    #: What it waits for, if it does: whether the lock it wants is free.
    wants: Callable[[], bool] | None = None
    #: How often it was killed, and how often it met a fault of any kind.
    deaths: int = 0
    faults: int = 0
    #: When it last began to write, and the number of its round.
    wrote_at: datetime = LONG_AGO
    wrote_call: int = 0
    round: int = 0
    greenlet: greenlet | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Odds:
    """Of a thousand calls of the store, how many give way to another program, or meet a fault."""

    switch: int = 120
    die: int = 2
    stop: int = 2
    fail_before: int = 2
    fail_after: int = 3


CALM = Odds(switch=120, die=0, stop=0, fail_before=0, fail_after=0)


@dataclass
class Scheduler:
    """All programs, the one clock behind their clocks, and the seed they live by."""

    chance: random.Random
    now: datetime
    odds: Odds = field(default_factory=Odds)
    programs: list[Program] = field(default_factory=list)
    #: kind of fault -> how often there was one.
    faults: Counter[str] = field(default_factory=Counter)
    acts: int = 0
    #: Calls of the store so far.
    calls: int = 0
    current: Program | None = None
    _hub: greenlet | None = None

    def run(self, acts: int) -> None:
        """Let programs act so many times in all, then let what is under way come to its end."""
        self._hub = greenlet.getcurrent()
        ending = self.acts + acts
        while True:
            begun = [one for one in self.programs if one.greenlet is not None]
            fresh = [one for one in self.programs if one.greenlet is None] if self.acts < ending else []
            if not begun and not fresh:
                return
            able = [one for one in (*begun, *fresh) if self._able(one)]
            if not able:
                self._sleep_on([*begun, *fresh])
                continue
            (program,) = self.chance.choices(able, [one.weight for one in able])
            self._let(program)

    def give_way(self) -> None:
        """Let another program go on, perhaps this one. Called by a program."""
        assert self._hub is not None
        self._hub.switch()

    def wait_for(self, free: Callable[[], bool]) -> None:
        """Give way until what is wanted is free."""
        program = self.program
        while not free():
            program.wants = free
            self.give_way()
        program.wants = None

    def stand_still(self, how_long: timedelta) -> None:
        """Stand still, as a machine that was suspended does, then go on as if nothing had been."""
        self.program.asleep_until = self.now + how_long
        self.give_way()

    @property
    def program(self) -> Program:
        """Return the program that runs."""
        assert self.current is not None
        return self.current

    def fault(self, kind: str) -> None:
        """Note that the program that runs meets a fault."""
        self.faults[kind] += 1
        self.program.faults += 1

    def one_in_a_thousand(self, times: int) -> bool:
        """Tell whether something that happens so many times in a thousand happens now."""
        return times > 0 and self.chance.randrange(1000) < times

    def _able(self, program: Program) -> bool:
        if program.asleep_until is not None and program.asleep_until > self.now:
            return False
        return program.wants is None or program.wants()

    def _sleep_on(self, programs: list[Program]) -> None:
        """Nobody can go on now: let time go by until somebody wakes."""
        waking = [
            one.asleep_until
            for one in programs
            if one.asleep_until is not None and one.asleep_until > self.now
        ]
        if not waking:
            raise StuckError([one.name for one in programs])
        self.now = min(waking)

    def _let(self, program: Program) -> None:
        program.asleep_until = None
        self.current = program
        if program.greenlet is None:
            self.acts += 1
            program.greenlet = greenlet(lambda: self._live(program))
        program.greenlet.switch()
        if program.greenlet.dead:
            program.greenlet = None
        self.current = None

    def _live(self, program: Program) -> None:
        try:
            program.act()
        except Died:
            program.deaths += 1
