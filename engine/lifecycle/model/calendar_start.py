"""按日历启动: the days on which the engine opens a case of a workflow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from engine.language import Message, say
from engine.value import value
from engine.worktime.dates import LAW, add_months


class Cycle(StrEnum):
    """How often a workflow starts."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def months(self) -> int:
        """Return the months from one start to the next."""
        return {Cycle.YEAR: 12, Cycle.QUARTER: 3, Cycle.MONTH: 1}[self]


@value
class CalendarStart:
    """A day of the year, how often it comes again, and the role the cases are for."""

    month: int
    day: int
    cycle: Cycle
    #: Of a role of sections every section in which somebody holds it gets a case of its own.
    role: str

    def days(self, after: date, last: date) -> Iterator[date]:
        """Yield the days of starts behind `after` up to `last`; a day its month does not have is that month's last."""
        first = date(max(after.year - 1, 1), self.month, self.day)
        steps = range((last.year - first.year + 1) * 12 // self.cycle.months + 1)
        for number in steps:
            day = add_months(first, number * self.cycle.months, LAW)
            if after < day <= last:
                yield day

    def begins_on(self, day: date) -> bool:
        """Tell whether a case starts on `day`."""
        return any(True for _ in self.days(day - timedelta(days=1), day))

    def title(self, workflow: str, day: date) -> Message:
        """Return what a case that starts on `day` is called."""
        values = {"workflow": workflow, "year": day.year}
        if self.cycle is Cycle.YEAR:
            return say("{workflow}（{year}年）", **values)
        if self.cycle is Cycle.QUARTER:
            return say("{workflow}（{year}年第{quarter}季度）", **values, quarter=(day.month + 2) // 3)
        return say("{workflow}（{year}年{month}月）", **values, month=day.month)
