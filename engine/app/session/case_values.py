"""What measures and reports read of a case: its fields, forms and clocks by name, numbers exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import EvaluationError, Expression, number_in
from engine.lifecycle.migration.former_names import CASE, FieldNames, under_all_names
from engine.lifecycle.model.form import Field
from engine.lifecycle.scope import clock_readings, local_day

if TYPE_CHECKING:
    from engine.lifecycle.process import Process


def case_scope(process: Process, case: Case, now: datetime, names: FieldNames) -> dict[str, Any]:
    """Return the names a condition or a value of a measure may look up in a case; `names` are what its fields are called by any version."""
    zone = process.time.zone
    return {
        "case": {
            **under_all_names(CASE, _exact(process.workflow.fields.values(), case.fields), names),
            "id": case.id,
            "workflow": case.workflow,
            "state": case.state,
            "section": case.section,
            "title": case.title,
            "opened_on": local_day(case.opened_at, zone),
            "opened_by": case.opened_by,
            "subject": case.subject.get("id"),
            "parent": case.parent,
        },
        "forms": {
            name: under_all_names(
                name,
                _exact(process.form(name).fields, answers) if name in process.workflow.forms else answers,
                names,
            )
            for name, answers in case.forms.items()
        },
        "subject": case.subject,
        "today": local_day(now, zone),
        "clocks": clock_readings(process, case, now),
    }


def holds(condition: Condition, scope: Mapping[str, Any]) -> bool:
    """Tell whether a condition is true of a case; where a value it needs is missing it is not."""
    try:
        return condition.holds(scope)
    except EvaluationError:
        return False


def value_in(expression: Expression, scope: Mapping[str, Any]) -> Any:
    """Return a value of a case; None where it has none."""
    try:
        return expression.value(scope)
    except EvaluationError:
        return None


def exact(value: Any) -> Fraction | None:
    """Return the exact number of a value as a form keeps it (12, ``12.50``, ``5%``, ``1/20``), or None."""
    if value is None or isinstance(value, bool | list | tuple | Mapping):
        return None
    return number_in(str(value).strip())


def plain(number: Fraction | int) -> str:
    """Return an exact number as people write it: whole, as a decimal where it ends, else as a fraction."""
    number = Fraction(number)
    scale = 0
    while (number * 10**scale).denominator != 1 and scale < 12:
        scale += 1
    digits = number * 10**scale
    if digits.denominator != 1:
        return str(number)
    if not scale:
        return str(digits.numerator)
    sign, text = ("-" if digits < 0 else ""), str(abs(digits.numerator)).rjust(scale + 1, "0")
    return f"{sign}{text[:-scale]}.{text[-scale:]}"


def cell(value: Any) -> str:
    """Return a value as a cell of a report."""
    if value is None:
        return "-"
    if value is True or value is False:
        return str(say("是") if value else say("否"))
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, list | tuple):
        return str(say("{items}", items=[cell(one) for one in value]))
    if isinstance(value, Mapping):
        return str(say("{items}", items=[cell(one) for one in value.values()]))
    return " ".join(str(value).split())


def _exact(fields: Iterable[Field], answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values a case keeps, numbers exact; a renamed field under both of its names, as rules are read without the case's file."""
    from engine.lifecycle.forms.exact_values import EXACT

    numbers: dict[str, Any] = {}
    renamed: dict[str, str] = {}
    for one in fields:
        value = answers.get(one.name)
        if value is not None and one.type in EXACT:
            numbers[one.name] = exact(value)
        if value is not None and one.alias is not None:
            renamed[one.alias] = one.name
    if not numbers and not renamed:
        return answers
    found = {**answers, **numbers}
    return {**{alias: found[kept] for alias, kept in renamed.items()}, **found}
