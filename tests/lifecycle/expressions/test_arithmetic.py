"""Sums, products and quotients of exact numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import say
from engine.lifecycle.expressions.arithmetic import MAX_DIGITS, Arithmetic, exact, is_number, within_bounds
from engine.lifecycle.expressions.expression import EvaluationError, Expression, Literal, Name

N = Name(("n",))


def value(node: Arithmetic, **scope: Any) -> Any:
    return Expression("as written", node).value(scope)


def no_answer(node: Arithmetic, **scope: Any) -> str:
    with pytest.raises(EvaluationError) as caught:
        value(node, **scope)
    return str(caught.value.message)


@given(st.integers(-(10**9), 10**9), st.fractions(max_denominator=10**6))
def test_everything_is_exact(one: int, other: Fraction) -> None:
    total = Arithmetic("+", Literal(one), Literal(other))
    assert value(total) == one + other
    assert value(Arithmetic("-", total, Literal(other))) == one
    assert value(Arithmetic("*", Literal(one), Literal(other))) == one * other
    if other:
        assert value(Arithmetic("/", Literal(one), Literal(other))) == Fraction(one) / other
    assert total.parts() == (Literal(one), Literal(other))


@pytest.mark.parametrize("odd", ["1", True, [1]])
def test_only_numbers_are_combined(odd: Any) -> None:
    assert (
        no_answer(Arithmetic("+", Literal(1), N), n=odd) == f"“+”两边须为数字，实为“1”与“{say('{x}', x=odd)}”"
    )
    assert no_answer(Arithmetic("-", N, Literal(1)), n=odd).startswith("“-”两边须为数字")
    assert not is_number(odd)


@pytest.mark.parametrize("op", ["+", "-", "*", "/"])
def test_with_a_missing_value_the_result_is_missing(op: str) -> None:
    assert value(Arithmetic(op, N, Literal(1)), n=None) is None
    assert value(Arithmetic(op, Literal(1), N)) is None


def test_nothing_is_divided_by_zero() -> None:
    assert no_answer(Arithmetic("/", Literal(3), N), n=0) == "除数为零：3 / 0"


def test_numbers_do_not_grow_without_bound() -> None:
    big = Literal(10 ** (MAX_DIGITS - 1))
    assert value(Arithmetic("+", big, Literal(1))) == 10 ** (MAX_DIGITS - 1) + 1
    assert no_answer(Arithmetic("*", big, Literal(10))) == "算出来的数超过 60 位"
    with pytest.raises(EvaluationError):
        within_bounds(Fraction(1, 10**MAX_DIGITS))


def test_a_whole_quotient_is_an_integer() -> None:
    assert exact(Fraction(4, 2)) == 2
    assert isinstance(exact(Fraction(4, 2)), int)
    assert exact(Fraction(1, 2)) == Fraction(1, 2)
