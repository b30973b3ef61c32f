"""A condition as rows of question, operator and value, joined by and or by or, in groups; and rows as the text of a condition.

Rows are only made where their text is read as the same expression again. Whatever else a condition says stays text.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from engine.definition.expressions import parse_expression
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
from engine.lifecycle.expressions.source_text import source_text


class RowOperator(StrEnum):
    """What a row asks of its question."""

    IS = "=="
    IS_NOT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    ONE_OF = "in"
    NONE_OF = "not in"
    HAS = "has"
    HAS_NOT = "has not"
    SHARES = "shares"
    SHARES_NONE = "shares none"
    YES = "yes"
    NO = "no"
    FILLED = "filled"
    EMPTY = "empty"

    @property
    def alone(self) -> bool:
        """Tell whether it asks without a value."""
        return self in (RowOperator.YES, RowOperator.NO, RowOperator.FILLED, RowOperator.EMPTY)


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One row. `value` is written as in an expression: ``'filed'``, ``3``, ``today``, ``['a', 'b']``."""

    question: str
    operator: RowOperator
    value: str = ""

    @property
    def text(self) -> str:
        """Return the row as an expression."""
        match self.operator:
            case RowOperator.YES:
                return self.question
            case RowOperator.NO:
                return f"not {self.question}"
            case RowOperator.FILLED | RowOperator.EMPTY:
                return f"{self.operator.value}({self.question})"
            case RowOperator.HAS:
                return f"{self.value} in {self.question}"
            case RowOperator.HAS_NOT:
                return f"{self.value} not in {self.question}"
            case RowOperator.SHARES:
                return f"not disjoint({self.question}, {self.value})"
            case RowOperator.SHARES_NONE:
                return f"disjoint({self.question}, {self.value})"
        return f"{self.question} {self.operator.value} {self.value}"


#: Groups in groups at most: a condition that nests deeper stays text.
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class ConditionRows:
    """Rows and groups of them, how they are joined (``and``, ``or``), and whether the opposite of them is meant."""

    joined: str
    rows: tuple[ConditionRow | ConditionRows, ...]
    negated: bool = False

    @property
    def word(self) -> str:
        """Return how it is joined, in one word: ``and``, ``or``, ``not and``, ``not or``."""
        return f"not {self.joined}" if self.negated else self.joined

    @property
    def text(self) -> str:
        """Return the rows as an expression."""
        inside = f" {self.joined} ".join(
            f"({part.text})" if isinstance(part, ConditionRows) and not part.negated else part.text
            for part in self.rows
        )
        return f"not ({inside})" if self.negated else inside


def rows_of(source: str) -> ConditionRows | None:
    """Return the rows of a condition; None where it cannot be said as rows, or is wrong."""
    node = _node(source)
    if node is None:
        return None
    row = _row(node)
    found = ConditionRows("and", (row,)) if row is not None else _group(node, 0)
    return found if found is not None and _node(found.text) == node else None


def _group(node: ExpressionNode, depth: int) -> ConditionRows | None:
    """Return what is no row as a group; None where it holds what is neither, or too many groups in each other."""
    match node:
        case Logic(op, items):
            joined, parts, negated = op, items, False
        case Not(Logic(op, items)):
            joined, parts, negated = op, items, True
        case Not(other):
            joined, parts, negated = "or", (other,), True
        case _:
            return None
    if depth == MAX_DEPTH:
        return None
    found = [_row(part) or _group(part, depth + 1) for part in parts]
    known = tuple(part for part in found if part is not None)
    return ConditionRows(joined, known, negated) if len(known) == len(found) else None


def same_expression(first: str, second: str) -> bool:
    """Tell whether two texts are read as the same expression."""
    node = _node(first)
    return node is not None and node == _node(second)


def _node(source: str) -> ExpressionNode | None:
    parsed = parse_expression(source, None)
    return None if parsed.expression is None else parsed.expression.node


def _row(node: ExpressionNode) -> ConditionRow | None:
    match node:
        case Name(path):
            return ConditionRow(".".join(path), RowOperator.YES)
        case Not(Name(path)):
            return ConditionRow(".".join(path), RowOperator.NO)
        case Call("filled" | "empty" as name, _, (Name(path),)):
            return ConditionRow(".".join(path), RowOperator(name))
        case Call("disjoint", _, (Name(path), values)):
            return _with_value(".".join(path), RowOperator.SHARES_NONE, values)
        case Not(Call("disjoint", _, (Name(path), values))):
            return _with_value(".".join(path), RowOperator.SHARES, values)
        case Compare(left, op, right) if (question := _question(left)) is not None:
            return _with_value(question, RowOperator(op), right)
        case Compare(left, "in" | "not in" as op, Name(path)):
            return _with_value(".".join(path), RowOperator.HAS if op == "in" else RowOperator.HAS_NOT, left)
    return None


def _question(node: ExpressionNode) -> str | None:
    """Return what a row may ask of: a name, or how many entries it has."""
    match node:
        case Name(path):
            return ".".join(path)
        case Call("length", _, (Name(path),)):
            return length_of(".".join(path))
    return None


def length_of(question: str) -> str:
    """Return the question how many entries the answer to a question has."""
    return f"length({question})"


def _with_value(question: str, operator: RowOperator, node: ExpressionNode) -> ConditionRow | None:
    value = written(node)
    return None if value is None else ConditionRow(question, operator, value)


def written(node: ExpressionNode) -> str | None:
    """Return a value as it is written in an expression; None for what is no value, such as a comparison."""
    match node:
        case Literal(value) if isinstance(value, Fraction):
            return _decimal(value)
        case ListOf(items):
            texts = [written(item) for item in items]
            return None if None in texts else f"[{', '.join(text for text in texts if text is not None)}]"
        case Logic() | Compare() | Not():
            return None
    return source_text(node)


def _decimal(value: Fraction) -> str | None:
    rest = value.denominator
    for factor in (2, 5):
        whole, left = divmod(rest, factor)
        while left == 0:
            rest = whole
            whole, left = divmod(rest, factor)
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}" if rest == 1 else None
