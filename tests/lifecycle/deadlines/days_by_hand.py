"""What a clock comes to, counted a second time: somebody walks from day to day, or hour to hour, past the times it was paused.

Other code than the engine's: nothing is shifted, no working days are added; the pauses are looked at on each day.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.worktime.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@dataclass
class Stay:
    """One pause: from when, until when (None: it lasts), and by how much the clock had been extended when it was over."""

    since: datetime
    until: datetime | None = None
    extended: int = 0


@dataclass(frozen=True)
class Rule:
    """One limit as the definition has it."""

    count: int
    unit: str
    #: `none`, `forward` or `backward`.
    roll: str = "none"
    first_day: bool = False
    #: The day it is counted from; None: from when the clock starts.
    since: date | None = None
    #: The fact that has to be true; None: it always holds.
    fact: str | None = None
    #: `since` is read in the answer itself, and not in the fact that was set from it.
    answer: bool = False


@dataclass
class Run:
    """A clock that runs: since when, its pauses and what it was extended by."""

    began: datetime
    pauses: list[Stay] = field(default_factory=list)
    extended: int = 0

    def over(self) -> list[Stay]:
        """Return the pauses that are over, in order, those that overlap as one."""
        found: list[Stay] = []
        for stay in sorted((one for one in self.pauses if one.until), key=lambda one: one.since):
            last = found[-1] if found else None
            assert stay.until is not None
            if last is not None and last.until is not None and stay.since <= last.until:
                if stay.until > last.until:
                    found[-1] = Stay(last.since, stay.until, stay.extended)
            elif stay.until > stay.since:
                found.append(stay)
        return found


def local(instant: datetime) -> date:
    """Return the day of an instant in Shanghai."""
    return instant.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """Return the end of a day."""
    return datetime.combine(day + DAY, time(0), ZONE)


def end_of(works: Calendar, rules: list[Rule], run: Run, facts: set[str]) -> datetime:
    """Return the instant a clock ends: the earliest of the limits that hold."""
    ends = [
        _end(works, rule, run, run.extended if number == 0 else 0, number == 0)
        for number, rule in enumerate(rules)
        if rule.fact is None or rule.fact in facts
    ]
    return min(ends)


def _end(works: Calendar, rule: Rule, run: Run, extended: int, own: bool) -> datetime:
    """Return the end of one limit, the days added one by one where a last day off would be past when a pause ends."""
    begun = run.began if rule.since is None else datetime.combine(rule.since, time(12), ZONE)
    over = run.over()
    more = 0
    if rule.roll != "none":
        for number, stay in enumerate(over):
            then = stay.extended if own else 0
            assert stay.until is not None
            if _counted(works, rule, begun, over[:number], then, more) > stay.since:
                while _counted(works, rule, begun, over[: number + 1], then, more) <= stay.until:
                    more += 1
    return _counted(works, rule, begun, over, extended, more)


def _counted(
    works: Calendar, rule: Rule, begun: datetime, over: list[Stay], extended: int, more: int
) -> datetime:
    if rule.unit == "hours":
        return _by_hours(begun, over, timedelta(hours=rule.count + extended))

    def paused(day: date) -> bool:
        return any(local(one.since) <= day < local(one.until) for one in over if one.until)

    day = local(begun)
    if rule.unit == "months":
        last = _same_day(day, rule.count + extended)
        if rule.first_day:
            last = last - DAY if last.day == day.day else last
        # The days at whose end it was paused, wherever they lie.
        lost = sum(
            paused(day + number * DAY)
            for number in range(max(((local(one.until) - day).days for one in over if one.until), default=0))
        )
        return midnight(_rolled(works, last + (lost + more) * DAY, rule.roll))
    while paused(day):
        day += DAY
    left = rule.count + extended + (more if rule.unit == "days" else 0)
    if not rule.first_day:
        day += DAY
    while True:
        if not paused(day) and (rule.unit == "days" or works.is_working(day)):
            left -= 1
            if not left:
                break
        day += DAY
    return midnight(_rolled(works, _as_late(works, rule, day, over), rule.roll))


def _as_late(works: Calendar, rule: Rule, day: date, over: list[Stay]) -> date:
    """Return the last day moved by the pauses that began when it was past: the clock stays as late as it was."""
    for stay in over:
        if stay.until is None or local(stay.since) <= day:
            continue
        lost = 0
        each = local(stay.since)
        while each < local(stay.until):
            lost += rule.unit == "days" or works.is_working(each)
            each += DAY
        while lost:
            day += DAY
            lost -= rule.unit == "days" or works.is_working(day)
    return day


def _same_day(day: date, count: int) -> date:
    year, month = day.year, day.month
    for _ in range(count):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def _rolled(works: Calendar, day: date, roll: str) -> date:
    while roll != "none" and not works.is_working(day):
        day += DAY if roll == "forward" else -DAY
    return day


def _by_hours(begun: datetime, over: list[Stay], left: timedelta) -> datetime:
    """Return when so much time has passed outside the pauses; a clock that was over stays as late as it was."""
    for stay in over:
        assert stay.until is not None
        left += max(stay.until - max(stay.since, begun), timedelta(0))
    return begun + left
