"""What is asked now, and which codes may be chosen."""

from __future__ import annotations

import pytest

from engine.definition.library import load_files
from engine.lifecycle.forms.relevance import is_blank, not_offered, offered_now, relevant_now

FORM = """
form: sheet
title: 记录
fields:
  - area: {title: 片区, choices: {north: 北, south: 南}}
  - city: {title: 县, type: choices, choices: {a: 甲, b: 乙}, offered: [{codes: [a], when: form.area == 'north'}]}
  - note: {title: 说明, when: form.area != 'north'}
"""
AREA, CITY, NOTE = load_files({"f.yaml": FORM}).forms["sheet"].fields


def test_a_question_is_put_where_its_condition_holds() -> None:
    assert relevant_now(AREA, {})
    assert not relevant_now(NOTE, {"form": {"area": "north"}})
    assert relevant_now(NOTE, {"form": {"area": "south"}})
    assert not relevant_now(NOTE, {"form": {}})


def test_a_code_in_no_condition_is_always_offered() -> None:
    assert offered_now(CITY, {"form": {"area": "south"}}) == {"b": "乙"}
    assert offered_now(CITY, {"form": {"area": "north"}}) == {"a": "甲", "b": "乙"}
    assert offered_now(AREA, {}) == {"north": "北", "south": "南"}
    assert str(not_offered(CITY, ["b", "a"], {"form": {}})) == "“县”在此情形下不能选“甲”"
    assert not_offered(CITY, ["b"], {"form": {}}) is None


@pytest.mark.parametrize("value", [None, "", "\u200b", [], {}])
def test_what_counts_as_no_answer(value: object) -> None:
    assert is_blank(value)
    assert not is_blank(" ")
    assert not is_blank(False)
    assert not is_blank(0)
