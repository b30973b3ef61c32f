"""Forms and their fields."""

from __future__ import annotations

from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form

FIRST = Field(name="on", title="日期", type=FieldType.DATE)
SECOND = Field(name="n", title="人数", type=FieldType.INTEGER, required=True, public=True)
FORM = Form(id="sheet", title="记录", fields=(FIRST, SECOND))


def test_a_field_is_found_by_its_name() -> None:
    assert FORM.field("n") is SECOND
    assert FORM.field("on") is FIRST
    assert FORM.field("missing") is None
    assert Form(id="empty", title="空", fields=()).field("n") is None


def test_a_field_is_voluntary_and_private_and_has_no_answer_unless_it_says_so() -> None:
    assert (FIRST.required, FIRST.public, FIRST.example, FIRST.computed, FIRST.relevant) == (
        False, False, None, None, None,
    )  # fmt: skip
    assert not hasattr(FIRST, "default")
    assert CheckRow(id="a", title="甲", points="要点", basis="某法").method is None
