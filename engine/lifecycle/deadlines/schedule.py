"""The schedule of a deadline: reminders before it, the moment it is missed, and what follows after.

A running clock always has one next step; the store holds it as one timer row. Steps that lie in the past when
a clock starts are not caught up with: a two-day deadline with a reminder ten days before sends no reminder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.lifecycle.case import Change, Pause, RunningClock
from engine.lifecycle.deadlines.limits import (
    NO_CLOCKS,
    CountedDeadline,
    after_pauses,
    count_limits,
    count_plain,
    extend_counted,
    pauses_of,
    start_instants,
)
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.lifecycle.model.overdue import OverdueStep
from engine.value import value
from engine.worktime.arithmetic import Due, after, before, deadline
from engine.worktime.calendar import Calendar
from engine.worktime.periods import Beside, Period, PeriodUnit, Season


class StepKind(StrEnum):
    """What a step of the schedule does."""

    REMIND = "remind"
    #: The deadline is missed. Always there, so that lateness is always in the history.
    OVERDUE = "overdue"
    #: A declared consequence of being late: people are notified, the matter is escalated, or the task is handed over.
    ESCALATE = "escalate"


@value
class DeadlineStep:
    """One step: what happens, when, and which entry of the definition it comes from."""

    number: int
    kind: StepKind
    at: datetime
    overdue_step: OverdueStep | None = None
    #: How often `overdue_step` has come before.
    repetitions: int = 0


#: Repeated steps stop here; whoever has not acted after so many needs a person, not another message.
MAX_REPEATS = 60


#: Schedules remembered by one `DeadlineCalculator`. A hundred thousand cases that start on one day share a single one.
MAX_REMEMBERED = 4096


@value
class DeadlineCalculator:
    """The calendar, zone and hours all deadlines of a bureau are counted with."""

    calendar: Calendar
    zone: tzinfo
    notify_at: time
    #: 办公时间 of the bureau; empty where it has not said them.
    seasons: tuple[Season, ...] = ()
    #: (identity of a clock, due instant) -> the clock and its schedule. Worked out from the other fields, so it never
    #: needs to be renewed. By identity, because a clock is a deep value whose hash costs more than its schedule.
    _schedules: dict[tuple[int, datetime], tuple[ClockRule, tuple[DeadlineStep, ...]]] = field(
        default_factory=dict, compare=False, repr=False
    )
    #: (identity of a limit, day it is counted from) -> the limit and its end; by identity for the same reason.
    counted_days: dict[tuple[int, date], tuple[Limit, Due]] = field(
        default_factory=dict, compare=False, repr=False
    )
    #: The clock that was armed last, with what came of it: cases that began together share theirs, and are due together.
    _armed: list[tuple[ClockRule, RunningClock, datetime, int, Change]] = field(
        default_factory=list, compare=False, repr=False
    )
    #: What `of_bureau` has made, so that all definitions of a bureau share one and its schedules.
    _made: dict[tuple[str, str, tuple[Season, ...]], DeadlineCalculator] = field(
        default_factory=dict, compare=False, repr=False
    )

    def of_bureau(self, bureau: Bureau) -> DeadlineCalculator:
        """Return this calendar with the zone, the hour of reminders and the office hours of `bureau`."""
        key = (bureau.timezone, bureau.notify_at, bureau.office_hours)
        found = self._made.get(key)
        if found is None:
            own = DeadlineCalculator(
                self.calendar,
                ZoneInfo(bureau.timezone),
                time.fromisoformat(bureau.notify_at),
                bureau.office_hours,
            )
            found = self._made[key] = self if own == self else own
        return found

    def with_calendar(self, calendar: Calendar) -> DeadlineCalculator:
        """Return the same hours with another calendar; made anew, for schedules are remembered by calendar."""
        return DeadlineCalculator(calendar, self.zone, self.notify_at, self.seasons)

    def start(
        self,
        clock: ClockRule,
        entered: datetime,
        since: datetime | None = None,
        *,
        others: Sequence[datetime | None] = (),
        clocks: Mapping[str, RunningClock] = NO_CLOCKS,
        left_out: tuple[int, ...] = (),
    ) -> RunningClock:
        """Return `clock` as it runs from `entered`, the limits numbered in `left_out` not counted.

        It is counted from `since` when given, its further limits from `others`, and from the readings of the other
        `clocks` of the case where a limit lies beside one of them. Raises KeyError when one of those does not run.
        """
        limits = clock.limits
        if since is None and clock.plain:
            due = count_plain(self, limits[0], entered)
            step = _first(self._schedule(clock, due), entered, 0, 0)
            return RunningClock(
                started_at=entered,
                counted_from=entered,
                due_on=due.due_on,
                due_at=due.due_at,
                provisional=due.provisional,
                step=step.number if step else 0,
                next_at=step.at if step else None,
            )
        given = (since, *others, *(None for _ in limits))
        froms = tuple(
            clocks[limit.length.clock].due_at if isinstance(limit.length, Beside) else from_ or entered
            for limit, from_ in zip(limits, given, strict=False)
        )
        counted = count_limits(self, limits, froms, 0, clocks, left_out=left_out)
        step = _first(self._schedule(clock, counted.due), entered, 0, 0)
        return RunningClock(
            started_at=entered,
            counted_from=froms[0],
            due_on=counted.due.due_on,
            due_at=counted.due.due_at,
            provisional=counted.due.provisional,
            step=step.number if step else 0,
            next_at=step.at if step else None,
            others_from=froms[1:],
            ruling=counted.ruling,
            left_out=left_out,
        )

    def deadline(self, entered: datetime, limit: Period) -> Due:
        """Return when `limit` has passed since `entered`."""
        return deadline(self.calendar, entered, limit, self.zone, seasons=self.seasons)

    def arm(self, clock: ClockRule, running: RunningClock, now: datetime, least: int = 0) -> RunningClock:
        """Return `running` with its next step, the first numbered `least` or more, set; none while it is paused."""
        if running.paused_at is not None:
            return running.armed(running.step, None)
        step = self.next_step(clock, running, now, least)
        if step is None:
            # What has been announced stays announced: a clock that has ended has ended.
            return running.armed(max(least, running.step), None)
        return running.armed(step.number, step.at)

    def armed(self, clock: ClockRule, running: RunningClock, now: datetime, least: int) -> Change:
        """Return the change that arms a clock and does nothing else; the same object as long as the same is asked."""
        for of, was, at, from_, change in self._armed:
            if of is clock and was is running and at == now and from_ == least:
                return change
        change = Change(clocks={clock.id: self.arm(clock, running, now, least)})
        self._armed[:] = [(clock, running, now, least, change)]
        return change

    def recounted(
        self,
        clock: ClockRule,
        running: RunningClock,
        now: datetime,
        clocks: Mapping[str, RunningClock] = NO_CLOCKS,
    ) -> RunningClock:
        """Return `running` counted again by the present calendar and limits, its next step set anew.

        `clocks` are the other clocks of the case, for limits that lie beside one of them.
        """
        froms = start_instants(clock, running, clocks)
        counted = self._counted(clock, running, froms, clocks)
        announced, step = _announced(running, counted.due.due_at)
        moved = replace(
            running,
            counted_from=froms[0],
            others_from=froms[1:],
            due_on=counted.due.due_on,
            due_at=counted.due.due_at,
            provisional=counted.due.provisional,
            ruling=counted.ruling,
            announced=announced,
            step=step,
        )
        return self.arm(clock, moved, now)

    def recount(
        self, clock: ClockRule, running: RunningClock, clocks: Mapping[str, RunningClock] = NO_CLOCKS
    ) -> Due:
        """Return the due day of a running clock by the present calendar, extensions included."""
        froms = start_instants(clock, running, clocks)
        return self._counted(clock, running, froms, clocks).due

    def _counted(
        self,
        clock: ClockRule,
        running: RunningClock,
        froms: Sequence[datetime],
        clocks: Mapping[str, RunningClock],
    ) -> CountedDeadline:
        return count_limits(
            self,
            clock.limits,
            froms,
            running.extended_by,
            clocks,
            running.waited,
            running.left_out,
            running.pauses,
        )

    def moved_on(
        self,
        clock: ClockRule,
        running: RunningClock,
        since: datetime,
        now: datetime,
        clocks: Mapping[str, RunningClock] = NO_CLOCKS,
    ) -> RunningClock:
        """Return a clock that was paused from `since` to `now`, moved on by that time, each limit in its own unit.

        A date of the year does not wait for anybody, one that was named moves by calendar days; what lies beside another
        clock moves with that clock alone. The pause is kept, so that a calendar published later counts it anew.
        """
        return self.recounted(clock, paused(running, since, now), now, clocks)

    def counted_from(
        self,
        clock: ClockRule | None,
        running: RunningClock,
        clocks: Mapping[str, RunningClock] = NO_CLOCKS,
    ) -> tuple[datetime, int]:
        """Return what the limit that rules is counted from, pauses given back, and by how many days they let it end later."""
        from_ = (running.counted_from, *running.others_from)[running.ruling]
        if clock is None or running.ruling >= len(clock.limits):
            return from_, running.waited
        limit, pauses = clock.limits[running.ruling], pauses_of(running.ruling, running.pauses)
        return after_pauses(self, limit, from_, pauses, clocks, running.waited)

    def exceeds(self, clock: ClockRule, running: RunningClock, most: Period) -> bool:
        """Tell whether the extensions of a running clock bring it further than `most` beyond its own limit."""
        own = self.recount(clock, replace(running, extended_by=0))
        if most.unit is PeriodUnit.HOURS:
            return running.due_at > own.due_at + timedelta(hours=most.count)
        return running.due_at > extend_counted(self, own, most).due_at

    def steps(self, clock: ClockRule, running: RunningClock) -> tuple[DeadlineStep, ...]:
        """Return the schedule of a running clock in the order of time, numbered from 0."""
        return self._schedule(clock, Due(running.due_on, running.due_at, running.provisional))

    def next_step(
        self, clock: ClockRule, running: RunningClock, now: datetime, least: int = 0
    ) -> DeadlineStep | None:
        """Return the first step numbered `least` or more that has still to happen at `now`.

        Past reminders are skipped. The steps of being late are not, however late they come: a missed deadline
        must enter the history; they are left out only if they have happened (numbered below `running.step`).
        """
        return _first(self.steps(clock, running), now, least, running.step)

    def _schedule(self, clock: ClockRule, due: Due) -> tuple[DeadlineStep, ...]:
        key = (id(clock), due.due_at)
        known = self._schedules.get(key)
        if known is not None and known[0] is clock:
            return known[1]
        if len(self._schedules) >= MAX_REMEMBERED:
            self._schedules.clear()
        schedule = tuple(self._work_out(clock, due))
        self._schedules[key] = (clock, schedule)
        return schedule

    def _work_out(self, clock: ClockRule, due: Due) -> Iterator[DeadlineStep]:
        number = 0
        for at in sorted(self._before(due, reminder.before) for reminder in clock.remind):
            if at < due.due_at:
                yield DeadlineStep(number, StepKind.REMIND, at)
            number += 1
        yield DeadlineStep(number, StepKind.OVERDUE, due.due_at)
        later = sorted(
            (
                (at, overdue_step, repetitions)
                for overdue_step in clock.overdue
                for repetitions, at in enumerate(self._instants(due, overdue_step))
            ),
            key=lambda one: one[0],
        )
        for at, overdue_step, repetitions in later:
            number += 1
            yield DeadlineStep(number, StepKind.ESCALATE, at, overdue_step, repetitions)

    def _before(self, due: Due, period: Period) -> datetime:
        return before(self.calendar, due, period, self.zone, self.notify_at, self.seasons)

    def _instants(self, due: Due, step: OverdueStep) -> Iterator[datetime]:
        first = self._after(due, step.after)
        yield first
        if step.every is None:
            return
        same = step.every.unit is step.after.unit or step.after.count == 0
        begun = step.after.count if same else 0
        # In another unit than `after`, the repetitions are counted from the first of them.
        base = due if same else Due(first.astimezone(self.zone).date(), first, due.provisional)
        for repetition in range(1, MAX_REPEATS + 1):
            yield self._after(base, Period(begun + repetition * step.every.count, step.every.unit))

    def _after(self, due: Due, period: Period) -> datetime:
        if period.count == 0:
            return due.due_at
        return after(self.calendar, due, period, self.zone, self.notify_at, self.seasons)


def paused(running: RunningClock, since: datetime, until: datetime) -> RunningClock:
    """Return a clock that goes on, with one more pause to give back; no time is given back twice, and pauses that touch are one."""
    known = running.pauses
    since = max(since, known[-1].until) if known else since
    if until > since:
        last = known[-1] if known else None
        if last is not None and last.until == since and last.extended == running.extended_by:
            known, since = known[:-1], last.since
        known = (*known, Pause(since=since, until=until, extended=running.extended_by))
    return replace(running, paused_at=None, pauses=known)


def _announced(running: RunningClock, due_at: datetime) -> tuple[tuple[tuple[datetime, int], ...], int]:
    """Return what a clock remembers of due instants it had before when it moves to `due_at`, and its step there.

    A deadline that moves away and comes back continues at the step it had reached: what was announced is not announced again.
    """
    if due_at == running.due_at:
        return running.announced, running.step
    announced = dict(running.announced)
    if running.step:
        announced[running.due_at] = running.step
    step = max(running.step, announced.pop(due_at, 0))
    return tuple(sorted(announced.items())), step


def _first(schedule: tuple[DeadlineStep, ...], now: datetime, least: int, done: int) -> DeadlineStep | None:
    for step in schedule:
        number, at = step.number, step.at
        if number < least:
            continue
        if at > now:
            return step
        # What falls on this very instant may just have happened.
        if number >= done and (at == now or step.kind is not StepKind.REMIND):
            return step
    return None
