"""Conditions of headings joined with those of questions, and codes offered under a condition."""

from __future__ import annotations

from parts import NAMES, book_of, said, value_of

from engine.definition.expressions import parse_condition
from engine.definition.reader.choice_conditions import all_of, read_codes, read_offers
from engine.lifecycle.expressions.condition import Condition

CODES = {"a": "甲", "b": "乙"}


def condition(text: str) -> Condition:
    parsed = parse_condition(text, None)
    assert parsed.expression is not None
    return Condition(parsed.expression)


def test_conditions_are_joined_and_say_which_clause_is_false() -> None:
    one, either = condition("a == 1"), condition("b == 1 or c == 1")
    assert all_of(None, None) is None
    assert all_of(one, None) is one
    both = all_of(one, either)
    assert both is not None
    assert both.expression.source == "a == 1 and (b == 1 or c == 1)"
    assert not both.holds({"a": 1, "b": 2, "c": 2})
    assert list(both.failing({"a": 2, "b": 1, "c": 2})) == ["a == 1"]


def test_codes_must_be_choices() -> None:
    diagnostics = book_of("[a, c]")
    assert read_codes(diagnostics, value_of("[a, c]"), CODES) == ("a",)
    assert len(said(diagnostics)) == 1
    assert "unknown-choice" in said(diagnostics)[0]


def test_offers_have_codes_and_a_condition() -> None:
    text = "[{codes: [a], when: form.refused}, {codes: b, when: form.nothing}, {codes: [a]}]"
    diagnostics = book_of(text)
    found = read_offers(diagnostics, value_of(text), NAMES, CODES)
    assert [(one.codes, one.when.expression.source) for one in found] == [(("a",), "form.refused")]
    assert len(said(diagnostics)) == 2
