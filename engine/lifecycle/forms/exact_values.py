"""Answers as expressions compare them: decimals and ratios, which are kept as texts, as exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from engine.lifecycle.model.form import Field, FieldType

#: Types whose values are kept as texts and counted with as exact numbers.
EXACT = frozenset({FieldType.DECIMAL, FieldType.MONEY, FieldType.RATIO})


def exact_values(fields: Iterable[Field], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of `fields`, and whatever else `kept` holds; a renamed field under both of its names.

    For values whose types are not known where an expression about them is read, such as those of another case.
    """
    found = dict(kept)
    for asked in fields:
        value = kept.get(asked.name)
        if value is None:
            continue
        found[asked.name] = found[asked.written] = _exact(asked, value)
    return found


def _exact(asked: Field, value: Any) -> Any:
    if asked.type in EXACT:
        text = str(value)
        return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    if asked.columns and isinstance(value, list):
        return [exact_values(asked.columns, row) if isinstance(row, Mapping) else row for row in value]
    return value
