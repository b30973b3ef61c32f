"""A condition with its sentence and its basis."""

from __future__ import annotations

import pytest

from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, Name
from engine.lifecycle.model.requirement import Requirement

SIGNED = Condition(Expression("form.signed", Name(("form", "signed"))))


def test_a_requirement_asks_its_condition() -> None:
    requirement = Requirement(that=SIGNED, message="须签字")
    assert requirement.that.holds({"form": {"signed": True}})
    assert list(requirement.that.failing({"form": {"signed": False}})) == ["form.signed"]
    assert requirement.basis is None


def test_a_requirement_without_a_sentence_is_none() -> None:
    with pytest.raises(TypeError, match="message"):
        Requirement(that=SIGNED)  # type: ignore[call-arg]
