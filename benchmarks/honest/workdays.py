"""Deadlines from a table of working days that is made once, before anything is timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from benchmarks.honest.schema import text_of

ZONE = ZoneInfo("Asia/Shanghai")
NOTIFY_AT = time(9)
#: The zone has had no summer time since 1991: what is written in UTC is this much behind it.
_AHEAD = timedelta(hours=8)


@dataclass(frozen=True)
class Deadline:
    """When something due is due, and when it is reminded of; instants as texts."""

    due_on: str
    due_at: str
    #: 暂定: the count reaches into a year whose holidays are not published.
    provisional: bool
    reminders: tuple[str, ...]


class Deadlines:
    """For each day on which something may begin, its deadline so many working days later."""

    def __init__(
        self,
        is_working: Callable[[date], bool],
        is_provisional: Callable[[date], bool],
        first: date,
        last: date,
        *,
        days: int,
        remind: tuple[int, ...],
    ) -> None:
        """Make the table for the days from `first` to `last`. `remind` are working days before the deadline."""
        every = [first + timedelta(days=n) for n in range(-60, (last - first).days + 4 * days + 60)]
        working = [day for day in every if is_working(day)]
        place = {day: number for number, day in enumerate(working)}
        following = 0
        self.of_day: dict[date, Deadline] = {}
        for day in every:
            while following < len(working) and working[following] <= day:
                following += 1
            if not first <= day <= last:
                continue
            due = working[following + days - 1]
            before = tuple(working[place[due] - count] for count in sorted(remind, reverse=True))
            between = (day + timedelta(days=n) for n in range(1, (due - day).days + 1))
            midnight = datetime.combine(due + timedelta(days=1), time(0), ZONE)
            self.of_day[day] = Deadline(
                due.isoformat(),
                text_of(midnight),
                any(is_provisional(one) for one in between),
                tuple(text_of(datetime.combine(one, NOTIFY_AT, ZONE)) for one in before),
            )
        self.of_due = {deadline.due_on: deadline for deadline in self.of_day.values()}

    def begun(self, now: datetime) -> Deadline:
        """Return the deadline of what begins at an instant."""
        return self.of_day[(now + _AHEAD).date()]


def local(instant: datetime) -> datetime:
    """Return an instant in the time of the bureau."""
    return instant.astimezone(UTC).astimezone(ZONE)
