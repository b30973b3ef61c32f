"""Expressions as plain values (`tests/documents/offline` holds what another program makes of them)."""

from __future__ import annotations

import json
from fractions import Fraction

from engine.definition.expressions import parse_expression
from engine.lifecycle.expressions.as_data import as_data, needs_calendar, value_as_data


def data(text: str) -> object:
    expression = parse_expression(text, None).expression
    assert expression is not None
    return as_data(expression)


def test_every_kind_of_node_has_its_word() -> None:
    text = "not (form.a + 1 > 2 and form.b in ['x']) or every(form.rows, it.c) or asked(form.d) or filled(form.e)"
    found = json.dumps(data(text))
    for word in ("not", "count", "compare", "logic", "value", "name", "rows", "asked", "call"):
        assert f'["{word}"' in found


def test_numbers_are_texts_with_a_mark() -> None:
    assert value_as_data({"a": [1, Fraction(1, 3), True, None, "x"]}) == {
        "{": [["a", [{"#": "1"}, {"/": "1/3"}, True, None, "x"]]]
    }


def test_what_counts_on_the_calendar_is_known() -> None:
    one, other = (
        parse_expression("add(form.a, '3 months')", None),
        parse_expression("days_after(form.a, 3)", None),
    )
    assert one.expression is not None
    assert other.expression is not None
    assert needs_calendar(one.expression)
    assert not needs_calendar(other.expression)
