"""What the rules are, as values."""

from __future__ import annotations

import pytest

from engine.lifecycle.model.people.incompatible import IncompatibleRoles, IncompatibleSteps


@pytest.mark.parametrize(
    ("step", "against"),
    [("visit", ("review", "approve")), ("review", ("visit",)), ("approve", ("visit",)), ("other", ())],
)
def test_a_rule_of_steps_goes_both_ways(step: str, against: tuple[str, ...]) -> None:
    rule = IncompatibleSteps("inspection", ("visit",), ("review", "approve"))
    assert rule.against("inspection", step) == against
    assert rule.against("batch", step) == ()


def test_a_rule_of_roles_is_a_value() -> None:
    assert IncompatibleRoles(("a", "b")) == IncompatibleRoles(("a", "b"), None)
