"""The expressions of effects, and the fields their names stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.lifecycle.expressions.expression import (
    Call,
    Compare,
    Expression,
    ExpressionNode,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.expressions.functions import BOOLEAN_FUNCTIONS
from engine.lifecycle.expressions.rows import ASKING, Asked, OverRows
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Effect, Transition, Workflow

#: What these make of an answer does not hold its text.
_WITHOUT_TEXT = frozenset({*BOOLEAN_FUNCTIONS, "length"})


def expressions_of(effect: Effect) -> Iterator[tuple[tuple[str, ...], list[Expression]]]:
    """Yield the expressions of an effect with the keys under which they stand."""
    if effect.when is not None:
        yield ("when",), list(effect.when.expressions())
    for name, value in effect.arguments.items():
        if isinstance(value, dict):
            for key, inner in value.items():
                yield (name, key), _flat(inner)
        else:
            yield (name,), _flat(value)


def _flat(value: Any) -> list[Expression]:
    if isinstance(value, Expression):
        return [value]
    return list(value.expressions()) if isinstance(value, Template) else []


def names_shown(expressions: Iterable[Expression]) -> Iterator[tuple[str, ...]]:
    """Yield the names whose text is in the outcome of an expression, rather than only compared or counted.

    A column that is collected over rows is named as one of the rows: ``form.lines.name`` of ``collect(form.lines, it.name)``.
    """
    for one in expressions:
        yield from _shown(one.node, None)


def _shown(node: ExpressionNode, rows: Sequence[tuple[str, ...]] | None) -> Iterator[tuple[str, ...]]:
    """Yield the names whose text is in the outcome of a node; `rows`: what the rows are that are gone through there."""
    if isinstance(node, Name):
        if rows and node.path[0] == "it":
            yield from ((*row, *node.path[1:]) for row in rows)
        else:
            yield node.path
    elif isinstance(node, OverRows):
        # Of rows within rows the inner ones are columns of the outer.
        if node.name not in ASKING:
            yield from _shown(node.of, list(_shown(node.rows, rows)))
    elif not isinstance(node, (Compare, Logic, Not, Asked)) and not (
        isinstance(node, Call) and node.name in _WITHOUT_TEXT
    ):
        for part in node.parts():
            yield from _shown(part, rows)


def fields_named(workflow: Workflow, step: Transition, path: tuple[str, ...]) -> Iterable[Field]:
    """Return the fields a name means in a step: of a whole form, or of all forms, every one of them."""
    asked = field_named(workflow, step, path)
    if asked is not None:
        return (asked,)
    if path[0] == "form" and len(path) == 1:
        forms = [form] if (form := workflow.forms.get(step.form or "")) is not None else []
    elif path[0] == "forms" and len(path) < 3:
        forms = [form for form in workflow.forms.values() if path[1:] in ((), (form.id,))]
    else:
        return workflow.fields.values() if path == ("case",) else ()
    return [asked for form in forms for asked in form.fields]


def field_named(workflow: Workflow, step: Transition, path: tuple[str, ...]) -> Field | None:
    """Return the field a name means in a step."""
    form = workflow.forms.get(step.form or "")
    if path[0] == "form" and len(path) > 1 and form is not None:
        return form.field(path[1])
    if path[0] == "forms" and len(path) > 2 and path[1] in workflow.forms:
        return workflow.forms[path[1]].field(path[2])
    return workflow.fields.get(path[1]) if path[0] == "case" and len(path) > 1 else None
