"""The text of a part of an expression, as an author would write it."""

from __future__ import annotations

from fractions import Fraction

from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import (
    Call,
    Compare,
    ExpressionNode,
    ListOf,
    Literal,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.expressions.rows import Asked, OverRows

#: How tightly each kind of node binds; a part that binds less than its surroundings is put in brackets.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _ATOM = range(7)


def source_text(node: ExpressionNode) -> str:
    """Return the text of a node."""
    return _text(node, _OR)


def _text(node: ExpressionNode, around: int) -> str:
    text, own = _written(node)
    return f"({text})" if own < around else text


def _written(node: ExpressionNode) -> tuple[str, int]:
    match node:
        case Literal(value):
            return _literal(value), _ATOM
        case Name(path):
            return ".".join(path), _ATOM
        case ListOf(items):
            return f"[{_listed(items)}]", _ATOM
        case Compare(left, op, right):
            return f"{_text(left, _SUM)} {op} {_text(right, _SUM)}", _COMPARE
        case Logic("and", items):
            return " and ".join(_text(item, _NOT) for item in items), _AND
        case Logic(_, items):
            # Brackets nobody needs and everybody reads.
            return " or ".join(_text(item, _NOT) for item in items), _OR
        case Not(item):
            return f"not {_text(item, _ATOM)}", _NOT
        case Arithmetic(op, left, right):
            own = _SUM if op in "+-" else _PRODUCT
            return f"{_text(left, own)} {op} {_text(right, own + 1)}", own
        case Call(name, _, arguments):
            return f"{name}({_listed(arguments)})", _ATOM
        case OverRows(name):
            return f"{name}({_listed(node.parts())})", _ATOM
        case Asked(form, field):
            return f"asked({_text(form, _OR)}.{field})", _ATOM
    raise TypeError(type(node).__name__)


def _listed(items: tuple[ExpressionNode, ...]) -> str:
    return ", ".join(_text(item, _OR) for item in items)


def _literal(value: object) -> str:
    if value is None:
        return "none"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return f"'{value}'"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    text = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{text}'"
