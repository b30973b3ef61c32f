"""One answer as text."""

from __future__ import annotations

from engine.lifecycle.model.form import Field, FieldType
from engine.web.forms.shown import shown_value


def test_a_number_with_its_unit() -> None:
    assert shown_value(Field(name="n", title="n", type=FieldType.INTEGER, unit="人"), 3) == "3 人"
    assert shown_value(Field(name="n", title="n", type=FieldType.BOOLEAN), False) == "否"
