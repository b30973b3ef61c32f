"""Between what numbers are, and the few that stand for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.model.form import FieldType

NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)
Number = int | Fraction
#: The least and the most a number can be; None: no bound.
Bounds = tuple[Number | None, Number | None]


def numbers_around(
    points: Iterable[Fraction], least: Number | None, most: Number | None, *, whole: bool
) -> list[Fraction]:
    """Return numbers below, at, between and above some numbers, within the bounds; of `whole` numbers whole ones."""
    ordered = sorted(
        {Fraction(end) for point in points for end in ((floor(point), ceil(point)) if whole else (point,))}
    )
    found = [ordered[0] - 1]
    for number, point in enumerate(ordered):
        found.append(point)
        after = ordered[number + 1] if number + 1 < len(ordered) else None
        if not whole or after is None:
            found.append(point + 1 if after is None else (point + after) / 2)
        if after is not None and after - point > 1:
            found.append(Fraction(int(point) + 1))
    if least is not None:
        found = [value for value in found if value >= least] or [Fraction(least)]
    if most is not None:
        found = [value for value in found if value <= most] or [Fraction(most)]
    return sorted(set(found))


def only_order(left: Bounds, right: Bounds) -> int | None:
    """Return which of two numbers is the smaller, where their bounds say so: negative the left, positive the right."""
    if left[1] is not None and right[0] is not None and left[1] < right[0]:
        return -1
    return 1 if left[0] is not None and right[1] is not None and left[0] > right[1] else None


def bounds_of(node: Arithmetic, left: Bounds, right: Bounds) -> Bounds:
    """Return between what a sum, a difference or a product is, from what its parts are between."""
    (a, b), (c, d) = left, right
    if node.op == "+":
        return (None if a is None or c is None else a + c), (None if b is None or d is None else b + d)
    if node.op == "-":
        return (None if a is None or d is None else a - d), (None if b is None or c is None else b - c)
    if node.op == "*" and a is not None and c is not None and a >= 0 and c >= 0:
        return a * c, (None if b is None or d is None else b * d)
    return None, None
