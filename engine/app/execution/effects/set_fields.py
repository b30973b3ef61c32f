"""``set`` and ``assign``: what a case remembers, and who belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.app.session.facts import person_rows
from engine.language import say
from engine.lifecycle.expressions.arithmetic import decimal_text
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext


_DECIMALS = (FieldType.DECIMAL, FieldType.MONEY, FieldType.LIST)


def do_set(context: EffectContext, effect: Effect) -> None:
    """Keep the value of each expression under a field of the case."""
    fields = context.uow.process(context.case).workflow.fields
    values = work_out(effect.arguments["set"], context.scope, fields)
    context.fields.update(values)
    context.scope["case"] = {**context.scope["case"], **values}


def do_assign(context: EffectContext, effect: Effect) -> None:
    """Put people into a party of the case."""
    for party, expression in effect.arguments["assign"].items():
        people = expression.value(context.scope)
        if isinstance(people, str):
            people = [people]
        if not isinstance(people, (list, tuple)) or not people:
            title = context.uow.process(context.case).workflow.parties.get(party, party)
            raise context.refuse(say("“{party}”没有人选", party=title))
        ids = tuple(str(p["id"] if isinstance(p, Mapping) else p) for p in people)
        context.parties[party] = ids
        # The effects that follow see the new people, as they see fields that were just set.
        rows = person_rows(context.uow, ids)
        context.scope[party] = [rows.get(person) or {"id": person} for person in ids]


def work_out(
    expressions: Mapping[str, Any],
    scope: Mapping[str, Any],
    fields: Mapping[str, Field] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the values of `expressions` as they can be kept (JSON); those of `fields` that are decimals, as decimals."""
    found = {}
    for name, expression in expressions.items():
        value = expression.value(scope)
        field = fields.get(name)
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
