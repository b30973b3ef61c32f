"""``+ - * /`` on exact numbers. A missing value makes the result missing; nothing is rounded unless it is asked for."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from engine.language import say
from engine.lifecycle.expressions.expression import EvaluationError, Evaluator, ExpressionNode, Scope
from engine.value import value

#: More digits than this are no number of an office: a product that grows beyond is refused.
MAX_DIGITS = 60
_TOO_LARGE = 10**MAX_DIGITS
#: Longer decimals are written as fractions.
_MAX_PLACES = 60


def _divided(left: Any, right: Any) -> Fraction | int:
    if right == 0:
        raise EvaluationError(say("除数为零：{left} / {right}", left=left, right=right))
    return exact(Fraction(left) / right)


_COMBINE: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
}


@value
class Arithmetic:
    """``left + right``, ``left - right``, ``left * right`` or ``left / right``."""

    op: str
    left: ExpressionNode
    right: ExpressionNode

    def compile(self) -> Evaluator:
        left, right, op = self.left.compile(), self.right.compile(), self.op
        combine = _COMBINE[op]

        def work_out(scope: Scope) -> Any:
            a, b = left(scope), right(scope)
            if a is None or b is None:
                return None
            if not (is_number(a) and is_number(b)):
                raise EvaluationError(
                    say("“{op}”两边须为数字，实为“{left}”与“{right}”", op=op, left=a, right=b)
                )
            return within_bounds(combine(a, b))

        return work_out

    def parts(self) -> tuple[ExpressionNode, ...]:
        return (self.left, self.right)


def is_number(value: Any) -> bool:
    """Tell whether a value can be counted with."""
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def exact(value: Fraction) -> Fraction | int:
    """Return a fraction, as an integer where it is whole."""
    return value.numerator if value.denominator == 1 else value


def decimal_text(value: Fraction | int) -> str:
    """Return a number as a decimal; one that has no end, as the fraction it is."""
    places, tens = 0, 1
    while tens % value.denominator and places < _MAX_PLACES:
        places, tens = places + 1, tens * 10
    if tens % value.denominator:
        return str(value)
    digits = str(abs(value.numerator) * (tens // value.denominator)).zfill(places + 1)
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


def within_bounds(value: Any) -> Any:
    """Return a number that is not absurdly long. Raises `EvaluationError` for one that is."""
    if isinstance(value, int):
        long = abs(value) >= _TOO_LARGE
    else:
        long = abs(value.numerator) >= _TOO_LARGE or value.denominator >= _TOO_LARGE
    if long:
        raise EvaluationError(say("算出来的数超过 {most} 位", most=MAX_DIGITS))
    return value
