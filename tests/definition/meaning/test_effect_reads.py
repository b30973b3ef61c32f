"""The expressions of effects with their keys, and the fields their names stand for."""

from __future__ import annotations

import pytest
from meaning_example import VISIT, parsed, subject_of

from engine.definition.meaning.effect_reads import expressions_of, field_named
from engine.lifecycle.model.workflow import Effect

WORKFLOW = subject_of().workflow


def read(effect: Effect) -> list[tuple[tuple[str, ...], list[str]]]:
    return [(keys, [one.source for one in found]) for keys, found in expressions_of(effect)]


def test_a_condition_and_the_values_of_a_mapping_each_have_their_key() -> None:
    (effect,) = WORKFLOW.transitions[1].then
    assert read(effect) == [(("when",), ["case.seen"]), (("set", "note"), ["forms.visit.method"])]


def test_what_is_no_expression_has_none() -> None:
    handed = {"n": 3, "x": parsed("case.note")}
    effect = Effect(kind="start", arguments={"start": "child", "each": parsed("['a']"), "with": handed})
    assert read(effect) == [
        (("start",), []),
        (("each",), ["['a']"]),
        (("with", "n"), []),
        (("with", "x"), ["case.note"]),
    ]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        (("form", "method"), "方式"),
        (("form", "nothing"), None),
        (("form",), None),
        (("forms", "visit", "staff"), "人数"),
        (("forms", "other", "staff"), None),
        (("case", "note"), "说明"),
        (("case", "title"), None),
        (("actor", "name"), None),
    ],
)
def test_the_field_of_a_name(path: tuple[str, ...], title: str | None) -> None:
    found = field_named(WORKFLOW, WORKFLOW.transitions[0], path)
    assert (found.title if found is not None else None) == title


def test_a_step_without_a_form_has_no_field_of_one() -> None:
    assert field_named(WORKFLOW, WORKFLOW.transitions[1], ("form", "method")) is None
    assert field_named(WORKFLOW, WORKFLOW.transitions[1], ("forms", "visit", "method")) == VISIT.field(
        "method"
    )
