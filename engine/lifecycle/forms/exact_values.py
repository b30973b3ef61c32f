"""Answers as expressions compare them: decimals and ratios, which are kept as texts, as exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from engine.language import Message, say
from engine.lifecycle.expressions.arithmetic import decimal_text
from engine.lifecycle.expressions.expression import number_in
from engine.lifecycle.model.form import Field, FieldType

#: Types whose values are kept as texts and counted with as exact numbers.
EXACT = frozenset({FieldType.DECIMAL, FieldType.MONEY, FieldType.RATIO})

#: 金额 has at most so many places.
MONEY_PLACES = 2


def places_kept(asked: Field) -> int | None:
    """Return how many places after the point a field keeps; None where it is kept as it comes."""
    return {FieldType.INTEGER: 0, FieldType.MONEY: MONEY_PLACES}.get(asked.type)


def too_exact(asked: Field, value: Any) -> Message | None:
    """Return why a number that was worked out cannot be kept in `asked`: it has more places than that keeps."""
    places = places_kept(asked)
    if places is None or not isinstance(value, Fraction) or 10**places % value.denominator == 0:
        return None
    return say(
        "算出来的“{value}”多于{places}位小数，不能记到“{title}”里，请在流程或表单里写明怎样取整，如 round(……, {places})",
        value=decimal_text(value),
        places=places,
        title=asked.title,
    )


def exact_values(fields: Iterable[Field], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of `fields`, and whatever else `kept` holds; a renamed field under both of its names.

    For values whose types are not known where an expression about them is read, such as those of another case.
    """
    found = dict(kept)
    renamed: dict[str, str] = {}
    for asked in fields:
        value = kept.get(asked.name)
        if value is None:
            continue
        found[asked.name] = _exact(asked, value)
        if asked.alias is not None and asked.alias not in kept:
            renamed[asked.alias] = asked.name
    for alias, name in renamed.items():
        found[alias] = found[name]
    return found


def _exact(asked: Field, value: Any) -> Any:
    if asked.type in EXACT:
        # What is no number stays what it is: whoever compares it finds that.
        number = number_in(value)
        return value if number is None else number
    if asked.columns and isinstance(value, list):
        return [exact_values(asked.columns, row) if isinstance(row, Mapping) else row for row in value]
    return value
