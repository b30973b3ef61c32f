"""Periods, dates of the year and seasons: the words deadlines are written in."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from engine.value import value


class PeriodUnit(StrEnum):
    """The unit a period is counted in; each rule names its own (行政处罚法 85 and others differ)."""

    WORKING_DAYS = "working days"
    DAYS = "days"
    #: 月、年: to the corresponding day, else to the last day of that month (民法典 第二百零二条).
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    #: Hours in which the bureau is open (`Bureau.office_hours`), on working days.
    OFFICE_HOURS = "office hours"

    @property
    def to_the_second(self) -> bool:
        """Tell whether a period of this unit ends at an instant instead of at the end of a day."""
        return self in (PeriodUnit.HOURS, PeriodUnit.OFFICE_HOURS)

    @property
    def in_months(self) -> bool:
        """Tell whether a period of this unit ends on a corresponding day: in months and years."""
        return self in (PeriodUnit.MONTHS, PeriodUnit.YEARS)

    @property
    def by_the_calendar(self) -> bool:
        """Tell whether days off count like any other day: in calendar days, months and years."""
        return self in (PeriodUnit.DAYS, PeriodUnit.MONTHS, PeriodUnit.YEARS)


class Roll(StrEnum):
    """What to do with a date of the year that falls on a day off."""

    NONE = "none"
    BACKWARD = "backward"
    FORWARD = "forward"


@value
class Period:
    """A length of time in one unit. `count` is never negative."""

    count: int
    unit: PeriodUnit

    @property
    def months(self) -> int:
        """Return the months of a period of months or years."""
        return self.count * 12 if self.unit is PeriodUnit.YEARS else self.count


@value
class YearDate:
    """A date of the year (月-日), with the rule for days off. 04-20 in 2024 is a Saturday, so it matters."""

    month: int
    day: int
    roll: Roll = Roll.NONE


@value
class Beside:
    """So long before or after the due day of another clock of the same case."""

    period: Period
    #: The other clock.
    clock: str
    #: True: after it; False: before it.
    after: bool = False


@value
class OnDay:
    """到期日: the day it is counted from itself, with the rule for days off."""

    roll: Roll = Roll.NONE


#: How long a deadline is, or by when.
Length = Period | YearDate | Beside | OnDay


@value
class Season:
    """办公时间: the hours of a working day, as (from, to) in local time, and the days of the year they hold for."""

    spans: tuple[tuple[time, time], ...]
    #: First and last (month, day), both included; the last may lie in the next year. None: all the year.
    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None

    def holds(self, day: date) -> bool:
        """Tell whether `day` is in the season."""
        if self.first is None or self.last is None:
            return True
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last
