"""When conditions hold: constant, contradicting, covered, with a gap."""

from __future__ import annotations

import pytest

from engine.definition.expressions import parse_expression
from engine.definition.meaning.conditions import contradiction, covered, example, gap, verdict
from engine.definition.meaning.domains import AnswerSets, Path, Questions
from engine.definition.meaning.fields_known import never_missing
from engine.lifecycle.expressions.expression import ExpressionNode
from engine.lifecycle.model.form import Field, FieldType

FIELDS = {
    "kind": Field(name="kind", title="类别", type=FieldType.CHOICE, choices={"a": "甲", "b": "乙"}),
    "ok": Field(name="ok", title="合格", type=FieldType.BOOLEAN),
    "n": Field(name="n", title="数", type=FieldType.INTEGER, least=0, most=9),
}


def field_of(path: Path) -> Field | None:
    return FIELDS.get(path[-1])


def node(text: str) -> ExpressionNode:
    parsed = parse_expression(text, None)
    assert parsed.expression is not None, parsed.faults
    return parsed.expression.node


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("form.ok or not form.ok", True),
        ("form.ok and not form.ok", False),
        ("form.kind == 'a' and form.kind == 'b'", False),
        ("form.kind == 'a' or form.kind == 'b'", True),
        ("form.kind == 'a'", None),
        ("form.n > 9", False),
        ("form.n >= 3 and form.n < 3", False),
        ("form.n >= 3", None),
        ("form.on > form.to and form.to >= form.on", False),
        ("'x' in form.codes and 'x' not in form.codes", False),
        ("form.a != 'x' or form.a != 'y'", True),
        ("filled(form.a) and empty(form.a)", False),
        ("filled(form.a)", None),
        ("length(form.a) < 0", False),
        ("form.n > 5 and form.n in [3, 4]", False),
        ("form.n in [3, 4] or form.n not in [3, 4]", True),
        ("form.n in [3, 4] and form.n > 3", None),
        ("filled(form.m) or form.m > 5", None),
        ("form.a > 5 and form.a == 'x'", None),
        ("form.a < '09:30' and form.a in ['10:00', '11:00']", False),
    ],
)
def test_a_condition_that_is_constant(text: str, wanted: bool | None) -> None:
    assert verdict(node(text), field_of) is wanted


def test_conditions_together() -> None:
    assert contradiction([node("form.ok"), node("form.n > 1"), node("not form.ok")], field_of)
    assert not contradiction([node("form.ok"), node("form.n > 1")], field_of)
    assert covered(node("form.n > 5"), [node("form.n > 3")], field_of)
    assert not covered(node("form.n > 3"), [node("form.n > 5")], field_of)


def test_a_gap_is_shown_by_an_example() -> None:
    found = gap([node("form.kind == 'a'")], field_of, never_missing)
    assert found is not None
    assert str(example(found, field_of)) == "form.kind 为“乙”"
    assert gap([node("form.ok"), node("not form.ok")], field_of, never_missing) is None


def test_questions_are_asked_once() -> None:
    questions = Questions(field_of, never_missing)
    questions.look_at(node("form.ok and form.ok and form.n > 3"))
    assert {key: question.seen for key, question in questions.found.items()} == {"form.ok": 2, "form.n": 1}
    assert questions.few(1)


@pytest.mark.parametrize(
    "texts",
    [
        ("form.ok and form.n > 3", "not form.ok or form.n == 5", "form.kind in ['a', 'c'] and not form.ok"),
        ("not (form.kind == 'a' or form.n >= 2) and form.ok", "filled(form.kind)", "form.n <= form.m"),
        ("form.ok or form.kind != 'b'", "empty(form.n) or form.n > 1", "1 < form.n", "'x' in form.list"),
    ],
)
@pytest.mark.parametrize("missing", [True, False])
def test_sets_of_answers_say_what_each_combination_says(texts: tuple[str, ...], missing: bool) -> None:
    nodes = [node(text) for text in texts]
    questions = Questions(field_of, lambda _: missing)
    for one in nodes:
        questions.look_at(one)
    questions.settle()
    sets = AnswerSets(questions)
    for one in nodes:
        holds, unknown = sets.of(one)
        for place, answers in enumerate(questions.combinations()):
            said = questions.says(one, answers)
            assert (holds >> place & 1, unknown >> place & 1) == (said is True, said is None)
            assert sets.first(1 << place) == answers
