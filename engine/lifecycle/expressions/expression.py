"""One-line expressions: a tree of small frozen nodes, evaluated on plain values and nothing else.

The text is read by `engine.definition.expressions` (Jinja2's grammar, cut down by an allow-list). What arrives
here can only look up names, compare, combine and call the functions of `engine.lifecycle.expressions.functions`: there is no
attribute access, no call on a value and no operator that could grow without bound.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol

from engine.language import Message, say
from engine.value import value

#: What an expression sees: root names (``form``, ``case``, ``today``, …) to plain values.
Scope = Mapping[str, Any]
Evaluator = Callable[[Scope], Any]


class EvaluationError(Exception):
    """An expression met a value it has no meaning for; `message` says which and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class NotBooleanError(EvaluationError):
    """A part of an expression should be a real boolean, and is missing or something else."""

    def __init__(self, value: Any, node: ExpressionNode) -> None:
        super().__init__(
            say("该处应为“是”或“否”，但尚未填写")
            if value is None
            else say("该处应为“是”或“否”，实为“{value}”", value=value)
        )
        self.value = value
        self.node = node


#: The root name under which a scope holds the calendar of the bureau; no expression can name it.
CALENDAR = "_calendar"
#: Where a scope has the zone of the bureau, in which a moment written without one is meant.
ZONE = "_zone"


@value
class CalendarFunction:
    """A function that is handed the calendar of the scope before its arguments."""

    function: Callable[..., Any]

    def __call__(self, calendar: Any, *arguments: Any) -> Any:
        if calendar is None:
            raise EvaluationError(say("此处没有日历，不能按工作日或年月推算"))
        return self.function(calendar, *arguments)


class ExpressionNode(Protocol):
    """A part of an expression."""

    def compile(self) -> Evaluator:
        """Return the function that works the node out in a scope."""
        ...

    def parts(self) -> tuple[ExpressionNode, ...]:
        """Return the nodes directly below."""
        ...


@value
class Literal:
    """A text, integer, boolean or none written in the expression."""

    value: str | int | bool | Fraction | tuple[Any, ...] | None

    def compile(self) -> Evaluator:
        value = self.value
        if isinstance(value, tuple):
            return lambda scope: list(value)
        return lambda scope: value

    def parts(self) -> tuple[ExpressionNode, ...]:
        return ()


@value
class Name:
    """A dotted name, looked up one mapping at a time; a known name without a value gives None."""

    path: tuple[str, ...]
    #: Decimals and ratios are kept as text in the store and become fractions here.
    exact: bool = False

    def compile(self) -> Evaluator:
        if self.exact:
            plain = Name(self.path).compile()
            return lambda scope: _exact(plain(scope))
        if len(self.path) == 1:
            (only,) = self.path
            return lambda scope: scope.get(only)
        if len(self.path) == 2:
            root, leaf = self.path

            def look_up_two(scope: Scope) -> Any:
                inner = scope.get(root)
                # Nearly always a plain dict: found out at once, without a call.
                if inner.__class__ is dict or isinstance(inner, Mapping):
                    return inner.get(leaf)
                return None

            return look_up_two
        path = self.path

        def look_up(scope: Scope) -> Any:
            value: Any = scope
            for part in path:
                if not isinstance(value, Mapping):
                    return None
                value = value.get(part)
            return value

        return look_up

    def parts(self) -> tuple[ExpressionNode, ...]:
        return ()


@value
class ListOf:
    """A list written out."""

    items: tuple[ExpressionNode, ...]

    def compile(self) -> Evaluator:
        items = tuple(item.compile() for item in self.items)
        return lambda scope: [item(scope) for item in items]

    def parts(self) -> tuple[ExpressionNode, ...]:
        return self.items


def _instant(text: str) -> Any:
    """Return the moment a text such as ``2024-09-14T09:30:00+08:00`` names: its zone may differ from another's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.tzinfo is not None else text


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def ordered(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        if isinstance(left, str) and isinstance(right, str) and left[10:11] == "T" == right[10:11]:
            left, right = _instant(left), _instant(right)
        try:
            return compare(left, right)
        except TypeError:
            raise EvaluationError(
                say("无法比较“{left}”与“{right}”的先后大小：两边类型不同", left=left, right=right)
            ) from None

    return ordered


def _contained(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    if isinstance(right, str) and not isinstance(left, str):
        return False
    try:
        return left in right
    except TypeError:
        raise EvaluationError(
            say("“{right}”不是列表，不能判断里面有没有“{left}”", left=left, right=right)
        ) from None


def _not_contained(left: Any, right: Any) -> bool:
    return left is not None and right is not None and not _contained(left, right)


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: left is not None and bool(left == right),
    "!=": lambda left, right: left is not None and right is not None and bool(left != right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "in": _contained,
    "not in": _not_contained,
}


#: Comparisons of two whole numbers, which have no further meaning here than there.
_PLAIN: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@value
class Compare:
    """``left op right``; any comparison with a missing value is false, never an accident."""

    left: ExpressionNode
    op: str
    right: ExpressionNode

    def compile(self) -> Evaluator:
        left, right = self.left.compile(), self.right.compile()
        if self.op == "==":
            # The commonest, without a further call.
            return lambda scope: (value := left(scope)) is not None and value == right(scope)
        if self.op == "!=":
            return lambda scope: (
                (value := left(scope)) is not None and (other := right(scope)) is not None and value != other
            )
        if self.op == "not in":
            return lambda scope: (
                (value := left(scope)) is not None
                and (other := right(scope)) is not None
                and not _contained(value, other)
            )
        compare = COMPARISONS[self.op]
        plain = _PLAIN.get(self.op)
        if plain is not None and isinstance(self.right, Literal) and self.right.value.__class__ is int:
            fixed = self.right.value

            def with_number(scope: Scope) -> bool:
                value = left(scope)
                return plain(value, fixed) if value.__class__ is int else compare(value, fixed)

            return with_number
        return lambda scope: compare(left(scope), right(scope))

    def parts(self) -> tuple[ExpressionNode, ...]:
        return (self.left, self.right)


@value
class Logic:
    """``and`` / ``or`` over real booleans."""

    op: str
    items: tuple[ExpressionNode, ...]

    def compile(self) -> Evaluator:
        items = tuple(item.compile() for item in self.items)

        def every(scope: Scope) -> bool:
            for item in items:
                value = item(scope)
                if value is not True:
                    if value is not False:
                        raise NotBooleanError(value, self.items[items.index(item)])
                    return False
            return True

        def some(scope: Scope) -> bool:
            for item in items:
                value = item(scope)
                if value is not False:
                    if value is not True:
                        raise NotBooleanError(value, self.items[items.index(item)])
                    return True
            return False

        return every if self.op == "and" else some

    def parts(self) -> tuple[ExpressionNode, ...]:
        return self.items


@value
class Not:
    """``not item``; the item must be a real boolean."""

    item: ExpressionNode

    def compile(self) -> Evaluator:
        item = self.item.compile()

        def opposite(scope: Scope) -> bool:
            value = item(scope)
            if value is not True and value is not False:
                raise NotBooleanError(value, self.item)
            return not value

        return opposite

    def parts(self) -> tuple[ExpressionNode, ...]:
        return (self.item,)


@value
class Call:
    """A function of the language applied to values: ``f(x)`` or ``x | f``."""

    name: str
    function: Callable[..., Any] = field(compare=False, repr=False)
    arguments: tuple[ExpressionNode, ...]

    def compile(self) -> Evaluator:
        function, arguments = self.function, tuple(a.compile() for a in self.arguments)
        if isinstance(function, CalendarFunction):
            return lambda scope: function(scope.get(CALENDAR), *(a(scope) for a in arguments))
        if len(arguments) == 1:
            (only,) = arguments
            return lambda scope: function(only(scope))
        return lambda scope: function(*(a(scope) for a in arguments))

    def parts(self) -> tuple[ExpressionNode, ...]:
        return self.arguments


@value
class Expression:
    """An expression as written (`source`) and as understood (`node`)."""

    source: str
    node: ExpressionNode
    value: Evaluator = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", self.node.compile())

    def names(self) -> Iterator[tuple[str, ...]]:
        """Yield every dotted name the expression looks up."""
        waiting: list[ExpressionNode] = [self.node]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Name):
                yield node.path
            waiting.extend(node.parts())


#: A number as it is written or worked out; not what Python takes for one beside it, such as ``1e9`` or ``1_000``.
_NUMBER = re.compile(r"-?[0-9]{1,200}(\.[0-9]{1,200})?(/[0-9]{1,200})?%?")


def number_in(value: Any) -> Fraction | None:
    """Return the exact number a value is, or a text says (``12.50``, ``5%``, ``1/20``); None where it says none."""
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    text = str(value)
    if isinstance(value, (bool, float)) or _NUMBER.fullmatch(text) is None:
        return None
    try:
        return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _exact(value: Any) -> Fraction | None:
    """Return what is kept of a decimal or a ratio as a number; nothing stays nothing. Raises EvaluationError."""
    if value is None or value == "":
        return None
    number = number_in(value)
    if number is None:
        raise EvaluationError(say("此处应为数字，实为“{value}”", value=value))
    return number
