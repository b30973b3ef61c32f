"""Which values may be confirmed stands in a table; each rule says why."""

from __future__ import annotations

import pytest

from engine.register.unusual import confirmable, unusual_rules


def test_each_rule_says_why_and_those_the_law_forbids_are_not_confirmed() -> None:
    rules = unusual_rules()
    assert all(rule.title and len(rule.why) > 5 for rule in rules.values())
    assert not rules["citizen_number"].confirm
    assert "法" in rules["citizen_number"].why
    assert not rules["digits_lost"].confirm


def test_a_rule_is_named_where_it_may_be_confirmed() -> None:
    assert confirmable("phone_shape") == "phone_shape"
    assert confirmable("citizen_number") is None
    with pytest.raises(KeyError):
        confirmable("no such rule")
