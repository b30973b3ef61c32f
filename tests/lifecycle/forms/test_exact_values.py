"""Values whose types are not known where they are read."""

from __future__ import annotations

from fractions import Fraction

from engine.lifecycle.forms.exact_values import exact_values, places_kept, too_exact
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


def test_money_and_whole_numbers_keep_so_many_places_and_no_more() -> None:
    fee, staff, share = (
        field(one.value, one) for one in (FieldType.MONEY, FieldType.INTEGER, FieldType.RATIO)
    )
    assert [places_kept(one) for one in (fee, staff, share)] == [2, 0, None]
    assert too_exact(fee, Fraction(1, 100)) is None
    assert too_exact(staff, 3) is None
    assert too_exact(share, Fraction(1, 3)) is None
    assert str(too_exact(fee, Fraction(9601056, 1000))).startswith("算出来的“9601.056”多于2位小数")
    assert too_exact(staff, Fraction(1, 2)) is not None
