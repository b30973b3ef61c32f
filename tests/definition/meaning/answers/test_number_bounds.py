"""Numbers that stand for all others, and between what sums are."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.definition.meaning.answers.number_bounds import Bounds, bounds_of, numbers_around, only_order
from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import Literal


@pytest.mark.parametrize(
    ("points", "least", "most", "whole", "wanted"),
    [
        ([3], None, None, True, [2, 3, 4]),
        ([3, 4], None, None, True, [2, 3, 4, 5]),
        ([3, 6], None, None, True, [2, 3, 4, 6, 7]),
        ([Fraction(7, 2)], None, None, True, [2, 3, 4, 5]),
        ([3, 4], None, None, False, [2, 3, Fraction(7, 2), 4, 5]),
        ([3], 3, 3, True, [3]),
        ([3], 5, None, True, [5]),
    ],
)
def test_few_stand_for_all(
    points: list[int | Fraction], least: int | None, most: int | None, whole: bool, wanted: list[int]
) -> None:
    assert numbers_around(map(Fraction, points), least, most, whole=whole) == wanted


@pytest.mark.parametrize(
    ("op", "left", "right", "wanted"),
    [
        ("+", (0, 10), (20, 30), (20, 40)),
        ("+", (0, None), (1, 2), (1, None)),
        ("-", (20, 30), (0, 10), (10, 30)),
        ("-", (None, 5), (1, None), (None, 4)),
        ("*", (2, 3), (4, 5), (8, 15)),
        ("*", (-2, 3), (4, 5), (None, None)),
        ("/", (2, 3), (4, 5), (None, None)),
    ],
)
def test_between_what_a_sum_is(op: str, left: Bounds, right: Bounds, wanted: Bounds) -> None:
    assert bounds_of(Arithmetic(op, Literal(1), Literal(1)), left, right) == wanted


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ((0, 10), (20, 30), -1),
        ((20, 30), (0, 10), 1),
        ((0, 10), (10, 30), None),
        ((None, 10), (None, 30), None),
        ((0, None), (10, 30), None),
    ],
)
def test_which_is_the_smaller(left: Bounds, right: Bounds, order: int | None) -> None:
    assert only_order(left, right) == order
