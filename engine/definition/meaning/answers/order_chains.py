"""Comparisons of days and of numbers that contradict each other over others: ``a < b``, ``b <= c`` and ``c <= a``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from engine.definition.meaning.answers.days_apart import Point, point_of, written_day
from engine.definition.meaning.answers.number_bounds import NUMBERS
from engine.definition.meaning.domains import FieldOf
from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import Call, Compare, ExpressionNode, Literal, Logic, Name, Not
from engine.lifecycle.expressions.source_text import source_text
from engine.lifecycle.model.form import FieldType

_ORDER = ("<", "<=", ">", ">=", "==")
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
#: More comparisons than these are not put together.
_MOST = 60
#: How much the one is above the other at most, and by how many steps that are not to be equal.
_Distance = tuple[Fraction, int]
#: What is known of: what is the larger, what it is counted from, and the distance.
_Edge = tuple[str, str, _Distance]
_NOTHING = (Fraction(0), 0)


def contradict(nodes: Iterable[ExpressionNode], field_of: FieldOf) -> bool:
    """Tell whether some conditions that hold together compare days, or numbers, so that they cannot."""
    edges: list[_Edge] = []
    for clause in clauses(nodes):
        edges += _edges(clause, field_of)
        if len(edges) > _MOST:
            return False
    return _is_circular(edges)


def clauses(nodes: Iterable[ExpressionNode]) -> Iterator[ExpressionNode]:
    """Yield the comparisons that hold where all of some conditions do."""
    for node in nodes:
        if isinstance(node, Logic) and node.op == "and":
            yield from clauses(node.items)
        elif isinstance(node, Not) and isinstance(node.item, Compare) and node.item.op in _OPPOSITE:
            yield Compare(node.item.left, _OPPOSITE[node.item.op], node.item.right)
        else:
            yield node


def _edges(node: ExpressionNode, field_of: FieldOf) -> Iterator[_Edge]:
    if not isinstance(node, Compare) or node.op not in _ORDER:
        return
    left, op, right = node.left, node.op, node.right
    if op in (">", ">="):
        left, op, right = right, {">": "<", ">=": "<="}[op], left
    if _is_day(left, field_of) and _is_day(right, field_of):
        yield from _days(point_of(source_text(left), left), op, point_of(source_text(right), right))
    elif _is_number(left, field_of) and _is_number(right, field_of):
        (a, m), (b, n) = _sum(left), _sum(right)
        whole = op == "<" and _is_whole(left, field_of) and _is_whole(right, field_of)
        yield a, b, (n - m - whole, -(op == "<" and not whole))
        if op == "==":
            yield b, a, (m - n, 0)
        for side in (left, right):
            yield from _bounds(side, field_of)


def _days(one: Point, op: str, other: Point) -> Iterator[_Edge]:
    """Yield what it says of their bases that one day is before another: least and most of months and working days."""
    first, last = one.least_and_most(), other.least_and_most()
    yield one.base, other.base, (Fraction(last[1] - first[0] - (op == "<")), 0)
    if op == "==":
        yield other.base, one.base, (Fraction(first[1] - last[0]), 0)


def _bounds(node: ExpressionNode, field_of: FieldOf) -> Iterator[_Edge]:
    base, _ = _sum(node)
    inner = node
    while isinstance(inner, Arithmetic):
        inner = inner.left
    asked = field_of(inner.path) if isinstance(inner, Name) else None
    if asked is not None and asked.type in NUMBERS:
        if asked.most is not None:
            yield base, "", (Fraction(asked.most), 0)
        if asked.least is not None:
            yield "", base, (Fraction(-asked.least), 0)


def _sum(node: ExpressionNode) -> tuple[str, Fraction]:
    """Return what a number is counted from, and how far: a written number from nothing."""
    if isinstance(node, Literal) and isinstance(node.value, (int, Fraction)):
        return "", Fraction(node.value)
    if isinstance(node, Arithmetic) and node.op in ("+", "-") and isinstance(node.right, Literal):
        base, far = _sum(node.left)
        more = Fraction(node.right.value) if isinstance(node.right.value, (int, Fraction)) else Fraction(0)
        return base, far + more if node.op == "+" else far - more
    return source_text(node), Fraction(0)


def _is_day(node: ExpressionNode, field_of: FieldOf) -> bool:
    if isinstance(node, Literal):
        return written_day(node.value) is not None
    if isinstance(node, Name):
        asked = field_of(node.path)
        return node.path == ("today",) or (asked is not None and asked.type is FieldType.DATE)
    return isinstance(node, Call) and node.name == "add" and _is_day(node.arguments[0], field_of)


def _is_number(node: ExpressionNode, field_of: FieldOf) -> bool:
    if isinstance(node, Literal):
        return isinstance(node.value, (int, Fraction)) and not isinstance(node.value, bool)
    if isinstance(node, Name):
        asked = field_of(node.path)
        return asked is not None and asked.type in NUMBERS
    return (
        isinstance(node, Arithmetic)
        and node.op in ("+", "-")
        and _is_number(node.left, field_of)
        and isinstance(node.right, Literal)
        and _is_number(node.right, field_of)
    )


def _is_whole(node: ExpressionNode, field_of: FieldOf) -> bool:
    if isinstance(node, Arithmetic):
        return _is_whole(node.left, field_of) and _is_whole(node.right, field_of)
    if isinstance(node, Literal):
        return isinstance(node.value, (int, Fraction)) and Fraction(node.value).denominator == 1
    asked = field_of(node.path) if isinstance(node, Name) else None
    return asked is not None and asked.type is FieldType.INTEGER


def _is_circular(edges: list[_Edge]) -> bool:
    """Tell whether a way of distances comes back to where it began and is below nothing there."""
    names = {name for one, other, _ in edges for name in (one, other)}
    far: dict[str, _Distance] = dict.fromkeys(names, _NOTHING)
    for _ in names:
        moved = False
        for one, other, (distance, strict) in edges:
            before, steps = far[other]
            there = (before + distance, steps + strict)
            if there < far[one]:
                far[one], moved = there, True
        if not moved:
            return False
    return bool(names)
