"""A part of an expression, written again, reads as the same part."""

from __future__ import annotations

import pytest

from engine.definition.expressions import parse_expression
from engine.lifecycle.expressions.source_text import source_text


@pytest.mark.parametrize(
    "text",
    [
        "form.a",
        "form.a == 'it\\'s'",
        "form.a and form.b and not form.c",
        "form.a or (form.b and form.c)",
        "(form.a or form.b) and form.c",
        "not (form.a and form.b)",
        "not (form.a == 1)",
        "form.n - (form.m - 1) > 2 * (form.n + 1) / 3",
        "form.kind in ['a', 'b']",
        "count(rows, it.a > 1 and filled(it.b)) >= length(form.x)",
        "asked(forms.sheet.note)",
        "days_after(today, -3)",
    ],
)
def test_a_text_is_kept(text: str) -> None:
    first = parse_expression(text, None).expression
    assert first is not None
    again = parse_expression(source_text(first.node), None).expression
    assert again is not None
    assert again.node == first.node
    assert source_text(again.node) == source_text(first.node)
