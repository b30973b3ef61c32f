"""Deadlines as a definition states them."""

from __future__ import annotations

from dataclasses import field

from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.overdue import OverdueStep
from engine.lifecycle.model.period_mark import PeriodMark
from engine.value import named_value, value
from engine.worktime.periods import Beside, Length, OnDay, Period, PeriodUnit, Roll


@named_value
class Limit:
    """One limit of a deadline, with the day it is counted from and its own basis."""

    length: Length
    #: Count from this date instead of the moment the clock starts (an expression that gives a date). For ``on DATE``
    #: the date itself.
    since: Expression | None = None
    basis: str | None = None
    #: 建议值、本地规定: what the length rests on.
    mark: PeriodMark = PeriodMark.STATUTORY
    #: 当日计入: the day it starts on is the first day. Otherwise it is not counted (民法典 第二百零一条).
    first_day: bool = False
    #: A period of calendar days whose last day is a day off (民法典 第二百零三条 moves it forward).
    roll: Roll = Roll.NONE
    #: It holds only where this does; one without an answer yet does not. None: always.
    when: Condition | None = None

    @property
    def in_months(self) -> bool:
        """Tell whether it is a number of months or years."""
        return isinstance(self.length, Period) and self.length.unit.in_months


@value
class Reminder:
    """One step before the due day; a count of 0 means on the day itself."""

    before: Period


@named_value
class ClockRule:
    """A deadline that runs while the case is in any state of `during`, and stops when it leaves them.

    A state's own ``deadline:`` is a clock over that one state, with the state's name as its id.
    """

    id: str
    title: str
    during: frozenset[str]
    #: How long, or by which date of the year. The first of `limits`.
    limit: Length
    #: Count from this date instead of the moment the clock starts (an expression that gives a date).
    since: Expression | None = None
    basis: str | None = None
    mark: PeriodMark = PeriodMark.STATUTORY
    first_day: bool = False
    roll: Roll = Roll.NONE
    #: 且不晚于: further limits; of all of them the earliest rules.
    not_later_than: tuple[Limit, ...] = ()
    #: Steps that start it, and start it anew; none: it starts on entering `during`.
    starts_on: tuple[str, ...] = ()
    #: Steps that stop it although the case stays in `during`.
    stops_on: tuple[str, ...] = ()
    #: 停计环节: states of `during` in which it is paused.
    pauses_in: frozenset[str] = frozenset()
    remind: tuple[Reminder, ...] = ()
    overdue: tuple[OverdueStep, ...] = ()
    #: A step that stops the clock when it is late must say why.
    late_reason: bool = False
    #: Every limit, the clock's own first. Worked out from the others.
    limits: tuple[Limit, ...] = field(init=False, compare=False, repr=False)
    #: The clocks whose due days this one is counted from. Worked out as well.
    beside: frozenset[str] = field(init=False, compare=False, repr=False)
    #: Some limit holds only under a condition. Worked out too.
    conditional: bool = field(init=False, compare=False, repr=False)
    #: One limit alone, a number of days counted from when the clock starts. Worked out as well.
    plain: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        own = Limit(
            length=self.limit,
            since=self.since,
            basis=self.basis,
            mark=self.mark,
            first_day=self.first_day,
            roll=self.roll,
        )
        limits = (own, *self.not_later_than)
        others = frozenset(limit.length.clock for limit in limits if isinstance(limit.length, Beside))
        object.__setattr__(self, "limits", limits)
        object.__setattr__(self, "beside", others)
        object.__setattr__(self, "conditional", any(limit.when is not None for limit in limits))
        in_days = isinstance(self.limit, Period) and not self.limit.unit.to_the_second
        object.__setattr__(self, "plain", in_days and self.since is None and not self.not_later_than)

    @property
    def read(self) -> tuple[Expression, ...]:
        """Return what its limits are counted from and under what conditions they hold, where they say."""
        found = [limit.since for limit in self.limits if limit.since is not None]
        found += [limit.when.expression for limit in self.limits if limit.when is not None]
        return tuple(found)

    @property
    def unit(self) -> PeriodUnit:
        """Return the unit extensions are counted in: that of the clock's own limit, days for a date somebody named.

        Working days for a date of the year.
        """
        if isinstance(self.limit, Period):
            return self.limit.unit
        if isinstance(self.limit, OnDay):
            return PeriodUnit.DAYS
        return self.limit.period.unit if isinstance(self.limit, Beside) else PeriodUnit.WORKING_DAYS

    def basis_of(self, ruling: int) -> str | None:
        """Return the basis of the limit numbered `ruling`, or the clock's own where that one has none."""
        if ruling and ruling <= len(self.not_later_than):
            return self.not_later_than[ruling - 1].basis or self.basis
        return self.basis

    def mark_of(self, ruling: int) -> PeriodMark:
        """Return what the limit numbered `ruling` rests on."""
        return self.limits[ruling].mark if ruling < len(self.limits) else self.mark
