"""A form as plain values, conditions included, for the program of the offline form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.lifecycle.expressions.as_data import as_data, needs_calendar, value_as_data
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.forms.answers import asked_names
from engine.lifecycle.forms.fields import DEFAULT_MOST
from engine.lifecycle.forms.order import in_order_of_need
from engine.lifecycle.forms.repeated_rows import has_conditions
from engine.lifecycle.model.form import YES_NO_NA, Field, FieldType, Form
from engine.lifecycle.model.requirement import Requirement


def form_data(
    form: Form, held: Mapping[str, Any] | None = None, hidden: Collection[str] = ()
) -> dict[str, Any]:
    """Return a form; `held` are questions that are not opened, with their answers, `hidden` those not even shown."""
    fixed = held or {}
    return {
        "id": form.id,
        "title": form.title,
        "help": form.help,
        "fields": [
            _fixed(one, fixed[one.name], one.name in hidden) if one.name in fixed else _field(one)
            for one in form.fields
        ],
        "order": [one.name for one in in_order_of_need(form.fields)],
        "rows": [
            {"id": row.id, "title": row.title, "points": row.points, "basis": row.basis} for row in form.rows
        ],
        "constraints": [{**_rule(one), "reads": sorted(asked_names(one))} for one in form.constraints],
    }


def names_outside(form: Form) -> set[tuple[str, ...]]:
    """Return the dotted names that the expressions of a form look at outside of itself."""
    found = {path for expression in _expressions(form) for path in expression.names()}
    return {path for path in found if path[0] not in ("form", "it", "today")}


def counts_on_calendar(form: Form) -> bool:
    """Tell whether an expression of a form counts on the calendar of the bureau."""
    return any(map(needs_calendar, _expressions(form)))


def _expressions(form: Form) -> Iterator[Expression]:
    waiting = list(form.fields)
    conditions = [one.that for one in form.constraints]
    while waiting:
        asked = waiting.pop()
        waiting.extend(asked.columns)
        conditions += [one.that for one in asked.constraints]
        conditions += [one.when for one in asked.offered]
        if asked.relevant is not None:
            conditions.append(asked.relevant)
        if asked.computed is not None:
            yield asked.computed
    for condition in conditions:
        yield from condition.expressions()


def _field(asked: Field) -> dict[str, Any]:
    choices = YES_NO_NA if asked.type is FieldType.YES_NO_NA else asked.choices
    texts = (FieldType.TEXT, FieldType.LONG_TEXT)
    return {
        "name": asked.name,
        "title": asked.title,
        "type": asked.type.value,
        "required": asked.required,
        "recommended": asked.recommended,
        "help": asked.help,
        "basis": asked.basis,
        "unit": asked.unit,
        "choices": [[code, shown] for code, shown in choices.items()],
        "exclusive": list(asked.exclusive),
        "offered": [{"codes": list(one.codes), "when": _node(one.when)} for one in asked.offered],
        "relevant": _node(asked.relevant),
        "constraints": [_rule(one) for one in asked.constraints],
        "columns": [_field(column) for column in asked.columns],
        "order": [one.name for one in in_order_of_need(asked.columns, "it")],
        "judged": has_conditions(asked),
        "least": asked.least,
        "most": asked.most,
        "limit": (asked.most or DEFAULT_MOST[asked.type]) if asked.type in texts else None,
        "page": asked.page,
        "section": asked.section,
        "computed": as_data(asked.computed) if asked.computed is not None else None,
    }


def _fixed(asked: Field, value: Any, quiet: bool) -> dict[str, Any]:
    """Return a question that is not opened: its answer is shown like one that is worked out."""
    shut = {"quiet": quiet, "relevant": None, "required": False, "recommended": False}
    return {**_field(asked), **shut, "computed": ["value", value_as_data(value)]}


def _rule(rule: Requirement) -> dict[str, Any]:
    return {"that": _node(rule.that), "else": str(rule.message)}


def _node(condition: Condition | None) -> list[Any] | None:
    return None if condition is None else as_data(condition.expression)
