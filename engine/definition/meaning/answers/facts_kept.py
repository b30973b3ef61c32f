"""What surely holds of days and numbers that were written on the way to a step, as conditions: of each way they can have been written by, one set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from engine.definition.meaning.answers.numbers_there import FieldWrite, writes, written_number
from engine.definition.meaning.answers.order_chains import clauses
from engine.definition.meaning.domains import Path
from engine.definition.meaning.fields_known import always_asked, fields_of
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import (
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
from engine.lifecycle.model.form import Field, FieldType, Form

#: More ways than these are not gone through.
_MOST_WAYS = 32
_TODAY = ("today",)
_ORDERED = (FieldType.DATE, FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)
#: What a name can be put into in the place of another.
_PLAIN = (Name, Literal, Compare, Arithmetic, Logic, Not, ListOf, Call)
#: What stays of a comparison with the day on which it held, when days have passed; the day is on the right.
_STAYS = {"<": "<", "<=": "<=", "==": "<="}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


@dataclass(frozen=True, slots=True)
class FactsOfWays:
    """Sets of facts of which one holds; the fields they are about, each with all that is written into it."""

    ways: Sequence[Sequence[ExpressionNode]]
    written: dict[Path, Sequence[FieldWrite]]


def facts_kept(subject: MeaningInput, paths: Sequence[Path]) -> FactsOfWays:
    """Return what holds of some fields of the case and answers of forms, as they were written."""
    surely: list[ExpressionNode] = []
    either: list[list[list[ExpressionNode]]] = []
    written: dict[Path, Sequence[FieldWrite]] = {}
    for path in paths:
        if path[0] == "forms" and len(path) == 3 and path[1] in subject.workflow.forms:
            surely += _of_form(subject.workflow.forms[path[1]], path[2])
        asked = subject.workflow.fields.get(path[1]) if path[0] == "case" and len(path) == 2 else None
        if asked is None:
            continue
        found = writes(subject, asked.name)
        if not found:
            continue
        written[path] = found
        if asked.type in _ORDERED:
            either.append([_of_write(one, path) for one in found])
    ways = 1
    for one in either:
        ways *= len(one)
    chosen = product(*either) if ways <= _MOST_WAYS else [()]
    return FactsOfWays([[*surely, *(node for one in way for node in one)] for way in chosen], written)


def _of_write(write: FieldWrite, path: Path) -> list[ExpressionNode]:
    """Return what holds of a field after one effect."""
    own = Name(path)
    node = write.value.node if isinstance(write.value, Expression) else Literal(write.value)
    if isinstance(node, Literal):
        number = written_number(node.value)
        if number is not None:
            node = Literal(int(number) if number.denominator == 1 else number)
        return [Compare(own, "==", node)]
    if _of_today(node):
        return [Compare(own, "<=", node)]
    if not isinstance(node, Name) or node.path[0] not in ("form", "forms"):
        return []
    form = write.workflow.forms.get((write.step.form if node.path[0] == "form" else node.path[1]) or "")
    asked = fields_of(write.workflow, form)(node.path)
    if form is None or asked is None or asked.computed is not None:
        return []
    found = [one for one in _staying(_own(asked)) if _about(one, asked)]
    return [*_renamed(found, asked.name, own), *_bounds(own, asked)]


def _of_form(form: Form, name: str) -> Iterator[ExpressionNode]:
    """Yield what holds of an answer of a form that was filled in: what its constraints asked for."""
    asked = form.field(name)
    nodes = [*always_asked(form), *(_own(asked) if asked is not None else [])]
    for node in _staying(nodes):
        paths = {part.path for part in walked(node) if isinstance(part, Name)} - {_TODAY}
        if ("form", name) in paths and all(path[0] == "form" and len(path) == 2 for path in paths):
            there = node
            for one in sorted(path[1] for path in paths):
                there = _with(there, ("form", one), Name(("forms", form.id, one)))
            yield there


def _own(asked: Field) -> list[ExpressionNode]:
    return [one.that.expression.node for one in asked.constraints]


def _about(node: ExpressionNode, asked: Field) -> bool:
    return {part.path for part in walked(node) if isinstance(part, Name)} <= {("form", asked.name), _TODAY}


def _bounds(own: Name, asked: Field) -> Iterator[ExpressionNode]:
    if asked.type in _ORDERED and asked.type is not FieldType.DATE:
        if asked.least is not None:
            yield Compare(own, ">=", Literal(asked.least))
        if asked.most is not None:
            yield Compare(own, "<=", Literal(asked.most))


def _renamed(nodes: Sequence[ExpressionNode], name: str, to: Name) -> list[ExpressionNode]:
    return [_with(node, ("form", name), to) for node in nodes]


def _staying(nodes: Sequence[ExpressionNode]) -> Iterator[ExpressionNode]:
    """Yield what still holds of conditions that held on a day before: a day that was not after that one is not after today."""
    for node in clauses(nodes):
        if not all(isinstance(part, _PLAIN) for part in walked(node)):
            continue
        if not any(isinstance(part, Name) and part.path == _TODAY for part in walked(node)):
            yield node
        elif isinstance(node, Compare) and node.op in _TURNED:
            left, op, right = node.left, node.op, node.right
            if _of_today(left):
                left, op, right = right, _TURNED[op], left
            if (
                _of_today(right)
                and op in _STAYS
                and not any(one is not left and _of_today(one) for one in walked(left))
            ):
                yield Compare(left, _STAYS[op], right)


def _of_today(node: ExpressionNode) -> bool:
    """Tell whether a node is today, or a day counted from it."""
    if isinstance(node, Call) and node.name == "add":
        return _of_today(node.arguments[0]) and isinstance(node.arguments[1], Literal)
    return isinstance(node, Name) and node.path == _TODAY


def _with(node: ExpressionNode, path: Path, to: Name) -> ExpressionNode:
    """Return a condition with another name in the place of one."""
    match node:
        case Name(found):
            return to if found == path else node
        case Compare(left, op, right):
            return Compare(_with(left, path, to), op, _with(right, path, to))
        case Arithmetic(op, left, right):
            return Arithmetic(op, _with(left, path, to), _with(right, path, to))
        case Logic(op, items):
            return Logic(op, tuple(_with(item, path, to) for item in items))
        case Not(item):
            return Not(_with(item, path, to))
        case ListOf(items):
            return ListOf(tuple(_with(item, path, to) for item in items))
        case Call():
            changed: Any = tuple(_with(item, path, to) for item in node.arguments)
            return replace(node, arguments=changed)
    return node
