"""The ladder of a deadline: reminders before it, the moment it is missed, and what follows after.

A running clock always has one next step; the store holds it as one timer row. Steps that lie in the past when
a clock starts are not caught up with: a two-day deadline with a reminder ten days before sends no reminder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from engine.lifecycle.case import RunningClock
from engine.lifecycle.model import Clock, OverdueStep, Period, Unit
from engine.worktime.arithmetic import (
    Due,
    add_working_days,
    after,
    before,
    deadline,
    working_days_between,
)
from engine.worktime.calendar import Calendar


class StepKind(StrEnum):
    """What a step of the ladder does."""

    REMIND = "remind"
    #: The deadline is missed. Always there, so that lateness is always in the history.
    OVERDUE = "overdue"
    #: A declared consequence of being late.
    PRESS = "press"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what happens, when, and which entry of the definition it comes from."""

    number: int
    kind: StepKind
    at: datetime
    press: OverdueStep | None = None
    #: How often `press` has come before.
    turn: int = 0


#: Repeated steps stop here; whoever has not acted after so many needs a person, not another message.
MOST_REPEATS = 60


#: Ladders remembered by one `Timekeeping`. A hundred thousand cases that start on one day share a single one.
MOST_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Timekeeping:
    """The calendar, zone and hour all deadlines of a bureau are counted with."""

    calendar: Calendar
    zone: tzinfo
    notify_at: time
    #: (identity of a clock, due instant) -> the clock and its ladder. Worked out from the other fields, so it never
    #: needs to be renewed. By identity, because a clock is a deep value whose hash costs more than its ladder.
    _ladders: dict[tuple[int, datetime], tuple[Clock, tuple[Step, ...]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def start(self, clock: Clock, entered: datetime, since: datetime | None = None) -> RunningClock:
        """Return `clock` as it runs from `entered`, counted from `since` when given."""
        counted_from = since or entered
        due = deadline(self.calendar, counted_from, clock.limit, self.zone)
        step = _first(self._ladder(clock, due), entered, 0, 0)
        return RunningClock(
            started_at=entered,
            counted_from=counted_from,
            due_on=due.due_on,
            due_at=due.due_at,
            provisional=due.provisional,
            step=step.number if step else 0,
            next_at=step.at if step else None,
        )

    def deadline(self, entered: datetime, limit: Period) -> Due:
        """Return when `limit` has passed since `entered`."""
        return deadline(self.calendar, entered, limit, self.zone)

    def arm(self, clock: Clock, running: RunningClock, now: datetime, least: int = 0) -> RunningClock:
        """Return `running` with its next step, the first numbered `least` or more, set."""
        step = self.next_step(clock, running, now, least)
        if step is None:
            return replace(running, step=least, next_at=None)
        return replace(running, step=step.number, next_at=step.at)

    def recounted(self, clock: Clock, running: RunningClock, now: datetime) -> RunningClock:
        """Return `running` counted again by the present calendar and limit, its next step set anew."""
        due = self.recount(clock, running)
        moved = replace(running, due_on=due.due_on, due_at=due.due_at, provisional=due.provisional)
        return self.arm(clock, moved, now)

    def recount(self, clock: Clock, running: RunningClock) -> Due:
        """Return the due day of a running clock by the present calendar, extensions included."""
        limit = clock.limit
        if running.extended_by and isinstance(limit, Period):
            limit = Period(limit.count + running.extended_by, limit.unit)
        due = deadline(self.calendar, running.counted_from, limit, self.zone)
        if running.extended_by and not isinstance(limit, Period):
            longer = deadline(
                self.calendar,
                due.due_at - timedelta(microseconds=1),
                Period(running.extended_by, Unit.WORKING_DAYS),
                self.zone,
            )
            return Due(longer.due_on, longer.due_at, due.provisional or longer.provisional)
        return due

    def moved_on(self, clock: Clock, running: RunningClock, since: datetime, now: datetime) -> RunningClock:
        """Return a clock that stood still from `since` to `now`, moved on by that time in its own unit.

        Working days count working days: a pause over a weekend gives back none for the weekend. A date of the year
        does not wait for anybody.
        """
        limit = clock.limit
        if not isinstance(limit, Period):
            return self.arm(clock, running, now)
        first, last = since.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        if limit.unit is Unit.HOURS:
            counted_from = running.counted_from + (now - since)
        elif limit.unit is Unit.DAYS:
            counted_from = running.counted_from + (last - first)
        else:
            begun = running.counted_from.astimezone(self.zone).date()
            paused = working_days_between(self.calendar, first, last)
            counted_from = running.counted_from + (add_working_days(self.calendar, begun, paused) - begun)
        return self.recounted(clock, replace(running, counted_from=counted_from), now)

    def exceeds(self, clock: Clock, running: RunningClock, most: Period) -> bool:
        """Tell whether the extensions of a running clock bring it further than `most` beyond its own limit."""
        own = self.recount(clock, replace(running, extended_by=0))
        if most.unit is Unit.HOURS:
            return running.due_at > own.due_at + timedelta(hours=most.count)
        last = deadline(self.calendar, own.due_at - timedelta(microseconds=1), most, self.zone)
        return running.due_at > last.due_at

    def steps(self, clock: Clock, running: RunningClock) -> tuple[Step, ...]:
        """Return the ladder of a running clock in the order of time, numbered from 0."""
        return self._ladder(clock, Due(running.due_on, running.due_at, running.provisional))

    def next_step(self, clock: Clock, running: RunningClock, now: datetime, least: int = 0) -> Step | None:
        """Return the first step numbered `least` or more that has still to happen at `now`.

        Past reminders are skipped. The steps of being late are not, however late they come: a missed deadline
        must enter the history; they are left out only if they have happened (numbered below `running.step`).
        """
        return _first(self.steps(clock, running), now, least, running.step)

    def _ladder(self, clock: Clock, due: Due) -> tuple[Step, ...]:
        key = (id(clock), due.due_at)
        known = self._ladders.get(key)
        if known is not None and known[0] is clock:
            return known[1]
        if len(self._ladders) >= MOST_REMEMBERED:
            self._ladders.clear()
        ladder = tuple(self._work_out(clock, due))
        self._ladders[key] = (clock, ladder)
        return ladder

    def _work_out(self, clock: Clock, due: Due) -> Iterator[Step]:
        number = 0
        for at in sorted(self._before(due, reminder.before) for reminder in clock.remind):
            if at < due.due_at:
                yield Step(number, StepKind.REMIND, at)
            number += 1
        yield Step(number, StepKind.OVERDUE, due.due_at)
        later = sorted(
            (
                (at, press, turn)
                for press in clock.overdue
                for turn, at in enumerate(self._presses(due, press))
            ),
            key=lambda one: one[0],
        )
        for at, press, turn in later:
            number += 1
            yield Step(number, StepKind.PRESS, at, press, turn)

    def _before(self, due: Due, period: Period) -> datetime:
        return before(self.calendar, due, period, self.zone, self.notify_at)

    def _presses(self, due: Due, press: OverdueStep) -> Iterator[datetime]:
        first = self._after(due, press.after)
        yield first
        if press.every is None:
            return
        same = press.every.unit is press.after.unit or press.after.count == 0
        begun = press.after.count if same else 0
        # In another unit than `after`, the turns are counted from the first of them.
        base = due if same else Due(first.astimezone(self.zone).date(), first, due.provisional)
        for turn in range(1, MOST_REPEATS + 1):
            yield self._after(base, Period(begun + turn * press.every.count, press.every.unit))

    def _after(self, due: Due, period: Period) -> datetime:
        if period.count == 0:
            return due.due_at
        return after(self.calendar, due, period, self.zone, self.notify_at)


def _first(ladder: tuple[Step, ...], now: datetime, least: int, done: int) -> Step | None:
    for step in ladder:
        if step.number < least:
            continue
        if step.at > now:
            return step
        # What falls on this very instant may just have happened.
        if step.number >= done and (step.at == now or step.kind is not StepKind.REMIND):
            return step
    return None
