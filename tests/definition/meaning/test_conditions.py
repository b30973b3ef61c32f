"""Judgements on conditions of a form: constant, contradicting, covered, open between them, and examples in words."""

from __future__ import annotations

import pytest
from meaning_example import VISIT, node, subject_of

from engine.definition.meaning.conditions import contradiction, covered, example, gap, verdict
from engine.definition.meaning.fields_known import fields_of, missing_unless, never_missing

FIELD_OF = fields_of(None, VISIT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("form.method in ['a'] or form.method == 'b'", True),
        ("form.method not in ['a', 'b'] and form.method != ''", False),
        ("form.method in ['a']", None),
        ("form.staff > 3 and form.staff < 2", False),
        ("form.staff > 3 or form.staff <= 3", True),
        ("form.staff > 3", None),
    ],
)
def test_a_verdict(text: str, said: bool | None) -> None:
    assert verdict(node(text), FIELD_OF) is said


def test_conditions_that_contradict_only_through_a_third() -> None:
    apart = [node("form.staff > 1"), node("form.method == 'a'")]
    assert not contradiction(apart, FIELD_OF)
    assert contradiction([*apart, node("form.method == 'b' and form.staff > 1")], FIELD_OF)


def test_a_condition_on_nothing_is_not_called_covered() -> None:
    assert not covered(node("1 > 0"), [], FIELD_OF)
    assert covered(node("form.method == 'a' and form.staff > 1"), [node("form.method == 'a'")], FIELD_OF)
    assert covered(node("form.staff > 1"), [node("form.method == 'a'"), node("form.method == 'b'")], FIELD_OF)
    assert not covered(node("form.method == 'a'"), [node("form.method == 'a' and form.staff > 1")], FIELD_OF)


def test_an_answer_that_may_be_missing_leaves_a_gap() -> None:
    nodes = [node("forms.visit.method == 'a'"), node("forms.visit.method == 'b'")]
    field_of = fields_of(subject_of().workflow, None)
    assert gap(nodes, field_of, never_missing) is None
    assert gap(nodes, field_of, missing_unless([("forms", "visit")], field_of)) is None
    found = gap(nodes, field_of, missing_unless((), field_of))
    assert found is not None
    assert str(example(found, field_of)) == "forms.visit.method 没有填"


def test_answers_in_words() -> None:
    said = example({"form.method": "b", "? form.x in y": True, "form.staff": 3}, FIELD_OF)
    assert str(said) == "form.method 为“书面”、form.x in y 为“是”、form.staff 为“3”"
