"""What a step has a case remember (``set``): the values, as they can be kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.arithmetic import decimal_text
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.exact_values import too_exact
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Effect, Workflow

_DECIMALS = (FieldType.DECIMAL, FieldType.MONEY, FieldType.LIST)


def with_facts_set(
    workflow: Workflow, effects: Iterable[Effect], scope: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return `scope` as it is once the effects of a step have set what they set: clocks that start with the step see it.

    Raises EvaluationError where a value cannot be worked out.
    """
    for effect in effects:
        if (
            effect.kind != "set"
            or ABOVE in effect.arguments
            or (effect.when is not None and not effect.when.holds(scope))
        ):
            continue
        values = work_out(effect.arguments["set"], scope, workflow.fields)
        scope = {**scope, "case": {**scope["case"], **values}}
    return scope


def work_out(
    expressions: Mapping[str, Any],
    scope: Mapping[str, Any],
    fields: Mapping[str, Field] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the values of `expressions` as they can be kept (JSON); those of `fields` that are decimals, as decimals.

    Raises EvaluationError where a value cannot be worked out, or has more places than its field keeps.
    """
    found = {}
    for name, expression in expressions.items():
        value = expression.value(scope)
        field = fields.get(name)
        if field is not None and (problem := too_exact(field, value)) is not None:
            raise EvaluationError(problem)
        found[name] = decimals(value) if field is not None and field.type in _DECIMALS else plain(value)
    return found


def decimals(value: Any) -> Any:
    """Return `value` as `plain` does, exact numbers as decimals where they end: for fields of money, lists and other systems."""
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {str(key): decimals(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [decimals(item) for item in value]
    return plain(value)


def plain(value: Any) -> Any:
    """Return `value` as JSON has it; exact ratios as text."""
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
