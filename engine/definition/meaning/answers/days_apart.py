"""Days in their order: a date, and what is so many days, working days, months or years from it, are points on one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from engine.lifecycle.expressions.dates import days_of
from engine.lifecycle.expressions.expression import Call, Compare, ExpressionNode, Literal
from engine.lifecycle.expressions.source_text import source_text
from engine.value import value
from engine.worktime.periods import PeriodUnit

#: So many days off at most are added to twice the working days that are counted.
_DAYS_OFF = 15


@value
class Point:
    """A day at a distance from another: the other day itself at none."""

    base: str
    #: How many units, negative before it; months also of years. Of a written day its number, from no base.
    count: int = 0
    unit: PeriodUnit = PeriodUnit.DAYS

    def least_and_most(self) -> tuple[int, int]:
        """Return how many days it is from its base, at least and at most."""
        size = abs(self.count)
        least = most = size
        if self.unit is PeriodUnit.MONTHS:
            least, most = max(size * 304 // 10 - 3, 0), size * 306 // 10 + 3
        elif self.unit is PeriodUnit.WORKING_DAYS:
            most = size * 2 + _DAYS_OFF
        return (least, most) if self.count >= 0 else (-most, -least)


@value
class Apart:
    """A comparison as the order of one thing and of a day counted from another."""

    #: What the question is called.
    key: str
    one: str
    other: Point
    #: The day counted from another is written on the left.
    turned: bool
    #: The orders that can be, where they do not depend on the answers of others: of a day and the day after it.
    fixed: tuple[int, ...] = ()


@dataclass(slots=True)
class DaysApart:
    """The comparisons of some conditions in which days are counted, and the orders there can be."""

    #: Question -> what is compared in it.
    noted: dict[str, dict[tuple[str, Point], None]] = field(default_factory=dict)
    _known: dict[tuple[str, str], Apart] = field(default_factory=dict)
    #: Question -> each comparison, with its place and whether it is the other way round.
    _places: dict[str, dict[tuple[str, Point], tuple[int, bool]]] = field(default_factory=dict)

    def of(self, left: str, right: str, node: Compare) -> Apart:
        """Return a comparison of two things with these texts."""
        found = self._known.get((left, right))
        if found is None:
            found = self._known[left, right] = _apart(left, node.left, right, node.right)
        return found

    def always(self, left: str, right: str, order: int) -> None:
        """Note that one of two things is always the smaller: negative the left, positive the right."""
        self._known[left, right] = Apart(f"{left} ? {right}", left, Point(right), False, (order,))

    def note(self, apart: Apart) -> None:
        """Note that a comparison is made; its answers come of `settle`."""
        if not apart.fixed:
            self.noted.setdefault(apart.key, {})[apart.one, apart.other] = None

    def settle(self) -> Iterator[tuple[str, dict[str, list[Any]]]]:
        """Yield each question with those that are asked in its place and their answers, once all comparisons are noted."""
        for key, compared in self.noted.items():
            if key in self._places:
                continue
            placed = _placed(compared)
            self._places[key] = placed or {}
            if placed is None:
                yield key, {_alone(key, other): [-1, 0, 1] for _, other in compared}
            else:
                yield key, {key: list(range(-1, max(place for place, _ in placed.values()) + 2))}

    def order(self, apart: Apart, answers: Mapping[str, Any]) -> int:
        """Return which is the earlier: negative the left, positive the right, 0 neither."""
        if apart.fixed:
            found = answers[apart.key]
        else:
            at = self._places.get(apart.key, {}).get((apart.one, apart.other))
            if at is None:
                found = answers[_alone(apart.key, apart.other)]
            else:
                place, round_ = at
                seen = answers[apart.key]
                found = (seen > place) - (seen < place)
                found = -found if round_ else found
        return -found if apart.turned else int(found)


def _alone(key: str, other: Point) -> str:
    return f"{key} + {other.count} {other.unit.value} {other.base}"


def _placed(compared: Iterable[tuple[str, Point]]) -> dict[tuple[str, Point], tuple[int, bool]] | None:
    """Return where each comparison is on the line of days from one of the two things; None where there is no one line."""
    pairs = list(compared)
    one = next((one for one, other in pairs if other.count), pairs[0][0])
    points: dict[tuple[str, Point], Point] = {}
    for this, other in pairs:
        if this == one:
            points[this, other] = other
        elif other.unit is PeriodUnit.DAYS and other.base:
            # So many days after the one are as many before the other.
            points[this, other] = Point(this, -other.count)
        else:
            return None
    order = in_order(points.values())
    if order is None:
        return None
    return {pair: (2 * order.index(point), pair[0] != one) for pair, point in points.items()}


def in_order(points: Iterable[Point]) -> list[Point] | None:
    """Return points counted from one day, the earliest first; None where it cannot be said which of two is the earlier."""
    found = sorted(set(points), key=lambda point: (*point.least_and_most(), point.count))
    for one, other in pairwise(found):
        same = one.unit is other.unit or 0 in (one.count, other.count)
        if not same and one.least_and_most()[1] >= other.least_and_most()[0]:
            return None
    return found


def _apart(left: str, one: ExpressionNode, right: str, other: ExpressionNode) -> Apart:
    a, b = point_of(left, one), point_of(right, other)
    if a.base == b.base:
        order = in_order((a, b))
        fixed = (-1, 0, 1) if order is None else (order.index(a) - order.index(b),)
        return Apart(f"{left} ? {right}", left, b, False, fixed)
    if a.count and b.count:
        # Both are counted from another day: how far these are apart is not followed.
        a, b = Point(left), Point(right)
    turned = bool(a.count) or not (b.count or a.base <= b.base)
    if turned:
        a, b = b, a
    return Apart(" ? ".join(sorted((a.base, b.base))), a.base, b, turned)


def written_day(value: object) -> int | None:
    """Return the number of a day that is written, as ``2024-04-20``; None for what is no day."""
    try:
        return date.fromisoformat(value).toordinal() if isinstance(value, str) else None
    except ValueError:
        return None


def point_of(text: str, node: ExpressionNode) -> Point:
    """Return a value as a day counted from another: ``add(a, '3 months')`` three months from ``a``."""
    if isinstance(node, Literal):
        day = written_day(node.value)
        return Point(text) if day is None else Point("", day)
    if isinstance(node, Call) and node.name == "add" and len(node.arguments) == 2:
        start, added = node.arguments
        said = added.value if isinstance(added, Literal) and isinstance(added.value, str) else ""
        period = days_of(said.removeprefix("-").strip())
        if period is not None and not (isinstance(start, Call) and start.name == "add"):
            sign = -1 if said.startswith("-") else 1
            if period.unit.in_months:
                return Point(source_text(start), sign * period.months, PeriodUnit.MONTHS)
            return Point(source_text(start), sign * period.count, period.unit)
    return Point(text)
