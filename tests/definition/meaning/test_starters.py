"""What is known of one starter, and of one of the people, decides whether conditions can hold."""

from __future__ import annotations

import pytest

from engine.definition.expressions import parse_expression
from engine.definition.meaning.starters import can_hold
from engine.lifecycle.model.form import Field, FieldType

FIELDS = {"n": Field(name="n", title="数", type=FieldType.INTEGER, least=0, most=9)}


@pytest.mark.parametrize(
    ("text", "known", "holds"),
    [
        ("case.n > 5", {}, True),
        ("case.n > 5", {"case.n": [3]}, False),
        ("case.n > 5", {"case.n": [3, 7]}, True),
        ("case.ok", {"case.ok": [False]}, False),
        ("filled(case.parent)", {"case.parent": [None]}, False),
        ("case.n > 5", {"case.other": [1]}, True),
    ],
)
def test_conditions_are_held_against_the_answers_that_remain(
    text: str, known: dict[str, list[object]], holds: bool
) -> None:
    parsed = parse_expression(text, None)
    assert parsed.expression is not None
    assert can_hold([parsed.expression.node], lambda path: FIELDS.get(path[-1]), known) is holds
