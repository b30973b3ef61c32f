"""Comparisons of days and numbers that cannot hold together, over others."""

from __future__ import annotations

import pytest
from meaning_example import node

from engine.definition.meaning.answers.order_chains import clauses, contradict
from engine.definition.meaning.domains import Path
from engine.lifecycle.expressions.source_text import source_text
from engine.lifecycle.model.form import Field, FieldType

_TYPES = {"d": FieldType.DATE, "i": FieldType.INTEGER, "m": FieldType.DECIMAL, "t": FieldType.TEXT}


def field_of(path: Path) -> Field | None:
    kind = _TYPES.get(path[-1][0])
    if path[0] != "form" or kind is None:
        return None
    return Field(name=path[-1], title="", type=kind, least=1 if kind is FieldType.INTEGER else None)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (["form.d1 < form.d2", "form.d2 < form.d3", "form.d3 < form.d1"], True),
        (["form.d1 <= form.d2", "form.d2 <= form.d1"], False),
        (["form.d1 < form.d2", "form.d2 <= form.d1"], True),
        (["form.d1 >= today", "form.d1 <= form.d2", "form.d2 < today"], True),
        (["form.d1 > add(today, '2 months')", "form.d1 < add(today, '20 days')"], True),
        (["form.d1 > add(today, '1 month')", "form.d1 < add(today, '31 days')"], False),
        (["form.d1 > add(today, '5 working days')", "form.d1 < add(today, '5 days')"], True),
        (["form.d1 > '2024-01-01'", "form.d1 < '2024-01-02'"], True),
        (["form.d1 > '2024-01-01'", "form.d1 < '2024-01-03'"], False),
        (["form.i1 > form.i2", "form.i1 < form.i2 + 1"], True),
        (["form.m1 > form.m2", "form.m1 < form.m2 + 1"], False),
        (["form.m1 > 2", "form.m1 < 2"], True),
        (["form.i1 < 1"], True),
        (["not (form.i1 > 3)", "form.i1 >= 4"], True),
        (["form.i1 == form.i2", "form.i2 == 7", "form.i1 != 7"], False),
        (["form.t1 < form.t2", "form.t2 < form.t1"], False),
        (["form.d1 < form.d2 or form.d2 < form.d1"], False),
        ([], False),
    ],
)
def test_what_cannot_hold_together(written: list[str], wanted: bool) -> None:
    assert contradict([node(one) for one in written], field_of) == wanted


def test_what_is_joined_is_taken_apart() -> None:
    found = [
        source_text(one) for one in clauses([node("form.i1 > 1 and not (form.i2 < 3) and form.t1 == 'a'")])
    ]
    assert found == ["form.i1 > 1", "form.i2 >= 3", "form.t1 == 'a'"]
