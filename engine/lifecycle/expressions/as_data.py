"""An expression as plain values, for programs in other languages that work it out (the offline form)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import (
    CalendarFunction,
    Call,
    Compare,
    Expression,
    ExpressionNode,
    ListOf,
    Literal,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.expressions.rows import Asked, OverRows


def as_data(expression: Expression) -> list[Any]:
    """Return the tree of an expression as nested lists, each beginning with the kind of its node."""
    return _data(expression.node)


def needs_calendar(expression: Expression) -> bool:
    """Tell whether it counts on the calendar of the bureau, which is not everywhere."""
    waiting = [expression.node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and isinstance(node.function, CalendarFunction):
            return True
        waiting.extend(node.parts())
    return False


def value_as_data(value: Any) -> Any:
    """Return a value as the other program reads it: numbers as texts with a mark, since JSON has floats only."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return {"#": str(value)}
    if isinstance(value, Fraction):
        return {"/": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, Mapping):
        return {"{": [[str(key), value_as_data(inner)] for key, inner in value.items()]}
    if isinstance(value, (list, tuple)):
        return [value_as_data(inner) for inner in value]
    return str(value)


def _data(node: ExpressionNode) -> list[Any]:
    match node:
        case Literal(value):
            return ["value", value_as_data(value)]
        case Name(path, exact):
            return ["name", list(path), exact]
        case ListOf(items):
            return ["list", [_data(item) for item in items]]
        case Compare(left, op, right):
            return ["compare", op, _data(left), _data(right)]
        case Logic(op, items):
            return ["logic", op, [_data(item) for item in items]]
        case Not(item):
            return ["not", _data(item)]
        case Arithmetic(op, left, right):
            return ["count", op, _data(left), _data(right)]
        case Call(name, _, arguments):
            return ["call", name, [_data(argument) for argument in arguments]]
        case OverRows(name, rows, of, where):
            chosen = [] if where is None else [_data(where)]
            return ["rows", name, _data(rows), _data(of), *chosen]
        case Asked(form, field):
            return ["asked", _data(form), field]
    raise TypeError(type(node).__name__)
