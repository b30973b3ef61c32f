"""Values whose types are not known where they are read."""

from __future__ import annotations

from fractions import Fraction

from engine.lifecycle.forms.exact_values import exact_values
from engine.lifecycle.model.form import Field, FieldType


def field(name: str, kind: FieldType, **more: object) -> Field:
    return Field(name=name, title=name, type=kind, **more)  # type: ignore[arg-type]  # as given


def test_decimals_and_ratios_are_exact_also_in_rows_and_under_both_names() -> None:
    fields = [
        field("cost", FieldType.DECIMAL, alias="price"),
        field("share", FieldType.RATIO),
        field("note", FieldType.TEXT),
        field("rows", FieldType.LIST, columns=(field("amount", FieldType.DECIMAL),)),
        field("names", FieldType.LIST),
        field("empty", FieldType.DECIMAL),
        field("fee", FieldType.MONEY),
    ]
    kept = {
        "cost": "12.50",
        "fee": "60.10",
        "share": "5%",
        "note": "甲",
        "rows": [{"amount": "1/3"}],
        "names": ["乙"],
        "other": 1,
    }
    assert exact_values(fields, kept) == {
        "cost": Fraction(25, 2),
        "fee": Fraction(601, 10),
        "price": Fraction(25, 2),
        "share": Fraction(1, 20),
        "note": "甲",
        "rows": [{"amount": Fraction(1, 3)}],
        "names": ["乙"],
        "other": 1,
    }
