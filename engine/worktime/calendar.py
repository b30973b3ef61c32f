"""Calendars: the published years, a bureau's own closures on top, and what that makes of each day.

Days off and make-up working days (调休) follow the yearly notice of the State Council
(全国年节及纪念日放假办法). A year without a notice is counted Monday to Friday and is 暂定 (provisional).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from enum import StrEnum

from engine.value import value
from engine.worktime.table import DayTable


@value
class UnusualDay:
    """A day of a notice that a rule finds unusual; with who says that it is right, and why, once somebody has."""

    day: date
    rule: str
    reason: str = ""
    by: str = ""


@value
class YearData:
    """What one yearly notice says. Its dates lie in `year`, or in the December before it.

    The notice for a year may move days of the December before (2018-12-31 was given off by the notice for 2019).
    """

    year: int
    title: str
    source: str
    #: Day off -> the holiday's name; days of a weekend may be listed too, they then carry the name.
    holidays: Mapping[date, str]
    #: Days of a weekend that are worked; a day of the week only where it is confirmed.
    workdays: frozenset[date]
    #: Unusual days somebody confirmed.
    confirmed: tuple[UnusualDay, ...] = ()
    #: Unusual days nobody has confirmed yet; while there are any, the year does not count.
    unusual: tuple[UnusualDay, ...] = ()


@value
class Override:
    """A bureau's own closure or opening of one day. It goes before what the notices say."""

    day: date
    working: bool
    reason: str


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make-up"
    CLOSURE = "closure"
    OPENING = "opening"


#: The kinds of day that are worked.
WORKED = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP, DayKind.OPENING})


@value
class DayStatus:
    """What a day is. `name` is the holiday's name or the reason of the closure or opening."""

    kind: DayKind
    name: str
    provisional: bool

    @property
    def working(self) -> bool:
        """Tell whether the day is worked."""
        return self.kind in WORKED


@value
class Calendar:
    """A frozen calendar; ``with_…`` gives a changed copy.

    Where two notices speak of one day of December, the later one holds. Of several overrides of one day the last
    one holds.
    """

    years: tuple[YearData, ...] = ()
    overrides: tuple[Override, ...] = ()
    published: frozenset[int] = field(init=False, compare=False, repr=False)
    table: DayTable = field(init=False, compare=False, repr=False)
    _special: Mapping[date, tuple[DayKind, str]] = field(init=False, compare=False, repr=False)
    #: Worked out when it is first asked for.
    _digest: str | None = field(default=None, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out the days and the table. Raises ValueError when a year is there twice."""
        years = tuple(sorted(self.years, key=lambda data: data.year))
        published = frozenset(data.year for data in years)
        if len(published) != len(years):
            raise ValueError("a calendar holds each year once")
        special = dict(_special_days(years, self.overrides))
        store = object.__setattr__
        store(self, "years", years)
        store(self, "published", published)
        store(self, "_special", special)
        store(self, "table", _table(published, special))

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def published_through(self) -> int | None:
        """Return the last year without a gap before it since the first, None for a calendar without years."""
        if not self.years:
            return None
        year = self.years[0].year
        while year + 1 in self.published:
            year += 1
        return year

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of every day of this calendar; equal digests count alike."""
        if self._digest is None:
            lines = [f"year\t{year}" for year in sorted(self.published)]
            lines += [f"{day}\t{kind.value}\t{name}" for day, (kind, name) in sorted(self._special.items())]
            object.__setattr__(self, "_digest", hashlib.sha256("\n".join(lines).encode()).hexdigest())
        return self._digest or ""

    @property
    def version(self) -> str:
        """Return a short text that names this calendar: its years and the beginning of its digest."""
        span = f"{self.years[0].year}-{self.years[-1].year}" if self.years else "none"
        return f"{span}+{self.digest[:12]}"

    def year(self, year: int) -> YearData | None:
        """Return the notice of a year, None if it is not published."""
        return next((data for data in self.years if data.year == year), None)

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is worked."""
        return self.table.is_working(day.toordinal())

    def is_provisional(self, day: date) -> bool:
        """Tell whether `day` is in a year that is not published."""
        return day.year not in self.published

    def is_provisional_between(self, first: date, last: date) -> bool:
        """Tell whether any day from `first` to `last`, both included, is in a year that is not published."""
        return any(year not in self.published for year in range(first.year, last.year + 1))

    def status(self, day: date) -> DayStatus:
        """Return what `day` is, and why."""
        provisional = self.is_provisional(day)
        found = self._special.get(day)
        if found is not None:
            return DayStatus(found[0], found[1], provisional)
        return DayStatus(DayKind.WORKDAY if day.weekday() < 5 else DayKind.WEEKEND, "", provisional)

    def days(self, year: int) -> tuple[tuple[date, DayStatus], ...]:
        """Return the days of `year` that are not simply worked from Monday to Friday, in their order."""
        return tuple((day, self.status(day)) for day in sorted(self._special) if day.year == year)

    def different_days(self) -> Iterator[tuple[date, bool]]:
        """Yield the days that are not worked though of the week, or worked though of a weekend, and whether they are worked."""
        for day, (kind, _) in sorted(self._special.items()):
            if (kind in WORKED) != (day.weekday() < 5):
                yield day, kind in WORKED

    def with_year(self, data: YearData) -> Calendar:
        """Return this calendar with one year added, or replaced by `data`."""
        kept = tuple(known for known in self.years if known.year != data.year)
        return replace(self, years=(*kept, data))

    def with_closure(self, day: date, reason: str) -> Calendar:
        """Return this calendar with `day` closed by the bureau itself."""
        return replace(self, overrides=(*self.overrides, Override(day, False, reason)))

    def with_opening(self, day: date, reason: str) -> Calendar:
        """Return this calendar with `day` worked by decision of the bureau itself."""
        return replace(self, overrides=(*self.overrides, Override(day, True, reason)))


def _special_days(
    years: Iterable[YearData], overrides: Iterable[Override]
) -> Iterator[tuple[date, tuple[DayKind, str]]]:
    for data in years:
        for day, name in data.holidays.items():
            yield day, (DayKind.HOLIDAY, name)
        for day in data.workdays:
            yield day, (DayKind.MAKE_UP, "")
    for override in overrides:
        yield override.day, (DayKind.OPENING if override.working else DayKind.CLOSURE, override.reason)


def _table(published: Iterable[int], special: Mapping[date, tuple[DayKind, str]]) -> DayTable:
    years = {*published, *(day.year for day in special)}
    if not years:
        return DayTable(1, 0, {})
    first, last = date(min(years), 1, 1).toordinal(), date(max(years), 12, 31).toordinal()
    return DayTable(first, last, {day.toordinal(): kind in WORKED for day, (kind, _) in special.items()})
