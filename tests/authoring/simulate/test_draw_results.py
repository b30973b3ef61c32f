"""Made-up results: the same for the same seed, and written as the protocol writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.authoring.simulate.answers import Guess, Setting
from engine.authoring.simulate.draw_results import made_up_result, results_field
from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.draw.v2.randomness.sources import value_problems
from engine.lifecycle.model.form import Field, FieldType, Form


@pytest.mark.parametrize(
    ("kind", "issue", "digits"),
    [("ssq", "2026023", None), ("dlt", "2026022", None), ("pl5", "2026061", None), ("dice", None, 8)],
)
def test_results_are_of_their_kind_and_the_same_for_everybody(
    kind: str, issue: str | None, digits: int | None
) -> None:
    source = {"kind": kind, "issue": issue, "round": None, "digits": digits, "day": "2026-03-03"}
    value = made_up_result(source, "1")
    assert list(value_problems([source], [value])) == []
    assert value == made_up_result(dict(source), "1") != made_up_result(source, "2")


def test_the_field_the_results_come_from_is_named_by_the_effect() -> None:
    loaded = load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])
    steps = {step.id: step for step in loaded.workflows["batch"].transitions}
    assert results_field(steps["type_entropy"]) == "entropy"
    assert results_field(steps["draw_inspectors"]) is None


def test_answers_nobody_chooses_are_given_as_they_are() -> None:
    setting = Setting({}, datetime(2026, 3, 3, tzinfo=UTC), (), {"entropy": "ssq:2026023=1"})
    asked = Field(name="entropy", title="开奖结果", type=FieldType.TEXT)
    form = Form(id="f", title="甲", fields=(asked,))
    guess = Guess(setting, ("s",), 1, {"entropy": lambda at: "other"}, problems=False)
    assert guess.given_answer(form, asked, {}) == "ssq:2026023=1"
