"""Functions over rows: each asks something of every row, which is ``it`` there.

No rows: `count` and `sum` are 0, `every` is true, `some` is false, `min` and `max` are missing, `collect` is empty.
A sum with a missing part is missing.
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


#: Those whose second argument is a condition.
_ASKING = frozenset({"count", "every", "some"})


@value
class OverRows:
    """``name(rows, of)``: `of` is worked out for each row, which is ``it``."""

    name: str
    rows: ExpressionNode
    of: ExpressionNode

    def compile(self) -> Evaluator:
        rows, of, function = self.rows.compile(), self.of.compile(), ROW_FUNCTIONS[self.name]
        if self.name not in _ASKING:
            return lambda scope: function(of({**scope, "it": row}) for row in _rows(rows(scope)))

        def judged(scope: Scope) -> Iterator[bool]:
            for row in _rows(rows(scope)):
                value = of({**scope, "it": row})
                if value is not True and value is not False:
                    raise NotBooleanError(value, self.of)
                yield value

        return lambda scope: function(judged(scope))

    def parts(self) -> tuple[ExpressionNode, ...]:
        return (self.rows, self.of)


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
