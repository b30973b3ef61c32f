"""Conditions with what they leave unsaid: what is asked where, what must be given, which of two days is the earlier."""

from __future__ import annotations

import pytest

from engine.definition.expressions import parse_expression
from engine.definition.meaning.answers.asked_under import as_asked, named, of_form
from engine.definition.meaning.conditions import contradiction, covered, verdict
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import ExpressionNode
from engine.lifecycle.expressions.source_text import source_text
from engine.lifecycle.model.form import Field, FieldType


def condition(text: str) -> Condition:
    parsed = parse_expression(text, None)
    assert parsed.expression is not None, parsed.faults
    return Condition(parsed.expression)


def node(text: str) -> ExpressionNode:
    return condition(text).expression.node


def asked(
    name: str, kind: FieldType, when: str = "", *, optional: bool = False, least: int | None = None
) -> Field:
    choices = {"a": "甲", "b": "乙", "c": "丙"} if kind in (FieldType.CHOICE, FieldType.CHOICES) else {}
    relevant = condition(when) if when else None
    return Field(
        name=name,
        title=name,
        type=kind,
        choices=choices,
        required=not optional,
        relevant=relevant,
        least=least,
    )


FIELDS = {
    one.name: one
    for one in (
        asked("kind", FieldType.CHOICE),
        asked("ok", FieldType.BOOLEAN),
        asked("maybe", FieldType.BOOLEAN, optional=True),
        asked("codes", FieldType.CHOICES),
        asked("several", FieldType.CHOICES, "form.ok"),
        asked("pair", FieldType.PERSONS, least=2),
        asked("loose", FieldType.CHOICES, optional=True),
        asked("office", FieldType.TEXT, "form.kind == 'a'"),
        asked("room", FieldType.TEXT, "filled(form.office)"),
        asked("note", FieldType.TEXT, "form.kind == 'b'", optional=True),
        asked("under", FieldType.TEXT, "form.maybe"),
        asked("one", FieldType.TEXT, "filled(form.two)"),
        asked("two", FieldType.TEXT, "filled(form.one)"),
        asked("above", FieldType.TEXT, "form.kind == 'a' and case.seen"),
        asked("day", FieldType.DATE),
        asked("until", FieldType.DATE),
        asked("began", FieldType.DATETIME),
        asked("ended", FieldType.DATETIME),
    )
}


def field_of(path: tuple[str, ...]) -> Field | None:
    return FIELDS.get(path[-1]) if path[0] in ("form", "forms") else None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # What must be given is there.
        ("filled(form.kind)", True),
        ("empty(form.kind)", False),
        ("not filled(form.kind)", False),
        ("filled(form.maybe)", None),
        ("filled(forms.visit.kind)", None),
        ("filled(case.kind)", None),
        ("form.ok or empty(form.kind)", None),
        # A list that must be given has a part.
        ("length(form.codes) == 0", False),
        ("length(form.codes) >= 1", True),
        ("length(form.codes) >= 2", None),
        ("length(form.pair) < 2", False),
        ("0 == length(form.codes)", False),
        ("length(form.loose) == 0", None),
        ("length(forms.visit.codes) == 0", None),
        # Where it is asked only under a condition, elsewhere it has none.
        ("length(form.several) == 0", None),
        ("length(form.several) == 0 and form.ok", False),
        ("length(form.several) < 1 and not form.ok", None),
        ("length(form.several) >= 1 and not form.ok", False),
        # What is asked under a condition is there under it.
        ("filled(form.office) and form.kind == 'b'", False),
        ("filled(form.office) and form.kind == 'a'", None),
        ("empty(form.office) and form.kind == 'a'", False),
        ("empty(form.office) and form.kind == 'b'", None),
        ("form.office == 'x' and form.kind == 'b'", False),
        ("form.kind == 'b' and form.office != 'x'", False),
        ("form.kind == 'b' and not (form.office == 'x')", None),
        ("filled(form.room) and form.kind != 'a'", False),
        ("filled(form.room) and form.kind == 'a'", None),
        ("empty(form.note) and form.kind == 'b'", None),
        ("filled(form.note) and form.kind == 'a'", False),
        ("empty(form.note) or form.kind == 'b'", True),
        # An answer that is missing has the question not asked.
        ("empty(form.under) and empty(form.maybe)", None),
        ("filled(form.under) and empty(form.maybe)", False),
        # Two that wait for each other are another rule's.
        ("filled(form.one) and form.ok", None),
        # Of an earlier form what it looked at besides may have changed.
        ("forms.visit.office == 'x' and forms.visit.kind == 'b'", False),
        ("filled(forms.visit.office) and forms.visit.kind == 'b'", False),
        ("empty(forms.visit.office) and forms.visit.kind == 'a'", None),
        ("forms.visit.above == 'x' and not case.seen", None),
        ("forms.visit.above == 'x' and forms.visit.kind == 'c'", False),
        ("form.above == 'x' and not case.seen", False),
        # Distances.
        ("days_between(form.day, form.until) < 0 and form.until >= form.day", False),
        ("days_between(form.day, form.until) <= 0 and form.until > form.day", False),
        ("days_between(form.day, form.until) < 1 and form.until > form.day", False),
        ("days_between(form.day, form.until) < 2 and form.until > form.day", None),
        ("days_between(form.day, form.until) > 0 and form.until <= form.day", False),
        ("days_between(form.day, form.until) == 3 and form.until <= form.day", False),
        ("0 > days_between(form.day, form.until) and form.until >= form.day", False),
        ("minutes_between(form.began, form.ended) < 0 and form.ended > form.began", False),
        # Less than a minute later.
        ("minutes_between(form.began, form.ended) <= 0 and form.ended > form.began", None),
        ("minutes_between(form.began, form.ended) >= 0 and form.ended < form.began", False),
        # Later on the same day.
        ("days_between(form.began, form.ended) <= 0 and form.ended > form.began", None),
        ("days_between(form.began, form.ended) < 0 and form.ended > form.began", False),
        # Counts of cases and tasks.
        ("children.visit.open >= 0", True),
        ("children.visit.in.closed < 0", False),
        ("children.visit.total + children.other.total >= 0", True),
        ("children.visit.in.closed > 0", None),
        ("branches.done > -1", True),
    ],
)
def test_a_condition_with_what_it_leaves_unsaid(text: str, wanted: bool | None) -> None:
    assert verdict(node(text), field_of) is wanted


def test_nothing_is_added_where_nothing_is_unsaid() -> None:
    plain = node("form.ok and form.kind == 'a' and 'a' in form.codes")
    assert as_asked(plain, field_of) is plain


def test_conditions_of_a_step_and_outcomes_before_one() -> None:
    assert contradiction([node("filled(form.office)"), node("form.kind != 'a'")], field_of)
    assert not contradiction([node("filled(form.office)"), node("form.kind == 'a'")], field_of)
    assert covered(node("filled(form.office)"), [node("form.kind == 'a'")], field_of)
    assert not covered(node("filled(form.note)"), [node("form.kind == 'a'")], field_of)


def test_conditions_of_a_form_as_others_read_them() -> None:
    found = of_form(node("not (form.kind == 'a') and length(form.codes) + 1 > 2"), "visit")
    assert found is not None
    assert source_text(found) == "not (forms.visit.kind == 'a') and length(forms.visit.codes) + 1 > 2"
    assert of_form(node("form.day <= today"), "visit") is None
    assert named(node("every(form.rows, it.ok)"), "visit") is None
