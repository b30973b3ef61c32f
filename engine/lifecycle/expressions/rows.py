"""Functions over rows: each asks something of every row, which is ``it`` there.

No rows: `count` and `sum` are 0, `every` is true, `some` is false, `min` and `max` are missing, `collect` is empty.
A sum with a missing part is missing. `sum`, `min`, `max` and `collect` may have a condition as their third argument: rows in which
it does not hold are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.language import say
from engine.lifecycle.expressions.arithmetic import is_number, within_bounds
from engine.lifecycle.expressions.expression import (
    COMPARISONS,
    EvaluationError,
    Evaluator,
    ExpressionNode,
    NotBooleanError,
    Scope,
)
from engine.value import value


def _count(values: Iterator[bool]) -> int:
    return sum(values)


def _every(values: Iterator[bool]) -> bool:
    return all(values)


def _some(values: Iterator[bool]) -> bool:
    return any(values)


def _sum(values: Iterator[Any]) -> Any:
    total: Any = 0
    for one in values:
        if one is None:
            return None
        if not is_number(one):
            raise EvaluationError(say("只有数字能合计，实为“{value}”", value=one))
        total = within_bounds(total + one)
    return total


def _min(values: Iterator[Any]) -> Any:
    return _furthest(values, "<")


def _max(values: Iterator[Any]) -> Any:
    return _furthest(values, ">")


def _furthest(values: Iterator[Any], op: str) -> Any:
    further, found = COMPARISONS[op], None
    for one in values:
        if found is None or further(one, found):
            found = one
    return found


#: name -> what is made of the values of the second argument, one for each row of the first.
ROW_FUNCTIONS: Mapping[str, Callable[[Iterator[Any]], Any]] = {
    "count": _count,
    "every": _every,
    "some": _some,
    "sum": _sum,
    "min": _min,
    "max": _max,
    "collect": list,
}


#: Those whose second argument is a condition; the others may have one as their third, and leave out the rows it does not hold in.
ASKING = frozenset({"count", "every", "some"})


@value
class OverRows:
    """``name(rows, of, where)``: `of` is worked out for each row, which is ``it``; with `where` for those alone in which it holds."""

    name: str
    rows: ExpressionNode
    of: ExpressionNode
    where: ExpressionNode | None = None

    def compile(self) -> Evaluator:
        rows, of, function = self.rows.compile(), self.of.compile(), ROW_FUNCTIONS[self.name]
        if self.name in ASKING:
            return lambda scope: function(
                _judged(of({**scope, "it": row}), self.of) for row in _rows(rows(scope))
            )
        if self.where is None:
            return lambda scope: function(of({**scope, "it": row}) for row in _rows(rows(scope)))
        chosen, asked_first = self.where.compile(), self.where

        def values(scope: Scope) -> Iterator[Any]:
            for row in _rows(rows(scope)):
                inner = {**scope, "it": row}
                if _judged(chosen(inner), asked_first):
                    yield of(inner)

        return lambda scope: function(values(scope))

    def parts(self) -> tuple[ExpressionNode, ...]:
        return (self.rows, self.of) if self.where is None else (self.rows, self.of, self.where)


def _judged(value: Any, node: ExpressionNode) -> bool:
    if value is not True and value is not False:
        raise NotBooleanError(value, node)
    return value


def _rows(value: Any) -> Any:
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise EvaluationError(say("此处应是列表，实为“{value}”", value=value))
    return value


def asked(form: Any, name: str) -> bool:
    """Tell whether a question of a form was put: the form is filled in, and the question was not left out by its ``when``."""
    return isinstance(form, Mapping) and name not in (form.get(NOT_ASKED) or ())


#: Under which name the facts of a kind of child cases hold them one by one: ``children.W`` where rows are asked for.
EACH = "each"
#: Where the answers to a form name the questions that were not put; there only where there are some.
NOT_ASKED = "not_asked"


@value
class Asked:
    """``asked(form.FIELD)``: whether the question was put."""

    form: ExpressionNode
    field: str

    def compile(self) -> Evaluator:
        form, name = self.form.compile(), self.field
        return lambda scope: asked(form(scope), name)

    def parts(self) -> tuple[ExpressionNode, ...]:
        return (self.form,)
