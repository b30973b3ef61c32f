"""The values a step sets, as they are kept, and the clocks that are counted from them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from walk_factories import ANNA, Walk

from engine.lifecycle.expressions.expression import EvaluationError, Expression, Literal, Name
from engine.lifecycle.forms.facts_set import decimals, plain, with_facts_set, work_out
from engine.lifecycle.model.form import Field, FieldType

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.fractions() | st.dates(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(VALUES)
def test_what_is_kept_is_json(given_value: object) -> None:
    kept = plain(given_value)
    assert json.loads(json.dumps(kept)) == kept
    assert plain(kept) == kept


@given(st.fractions())
def test_ratios_are_kept_exact(number: Fraction) -> None:
    assert Fraction(plain(number)) == number


def test_dates_and_names() -> None:
    assert plain(date(2027, 3, 1)) == "2027-03-01"
    assert plain(datetime(2027, 3, 1, 8, tzinfo=UTC)) == "2027-03-01T08:00:00+00:00"
    assert plain({1: (Fraction(4, 2),)}) == {"1": ["2"]}
    found = {"a": Expression("1/3", Literal(Fraction(1, 3))), "b": Expression("x.y", Name(("x", "y")))}
    assert work_out(found, {"x": {"y": 7}}) == {"a": "1/3", "b": 7}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(723, 2), "361.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(7), "7"),
        (Fraction(1, 100), "0.01"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_a_decimal_is_kept_as_one(value: Fraction, text: str) -> None:
    assert decimals(value) == text
    assert decimals({"rows": [value, None, "甲"]}) == {"rows": [text, None, "甲"]}


def test_what_has_more_places_than_its_field_keeps_is_refused() -> None:
    fee = Field(name="fee", title="应缴", type=FieldType.MONEY)
    found = {"fee": Expression("x", Literal(Fraction(9601056, 1000)))}
    with pytest.raises(EvaluationError, match="位小数"):
        work_out(found, {}, {"fee": fee})
    assert work_out({"fee": Expression("x", Literal(Fraction(1, 4)))}, {}, {"fee": fee}) == {"fee": "0.25"}


FLOW = """
workflow: reply
title: 答复
about: none
initial: asked
start: {by: clerk}
fields: [got: {title: 收到日, date}]
states:
  asked: {title: 待收件, for: clerk, no deadline: 等来件, steps: {receive: {title: 收件, to: open, form: receipt, then: [{set: {got: = form.got_on}}]}}}
  open: {title: 待答复, for: clerk, steps: {answer: {title: 答复, to: done}}}
  done: {title: 办结, final}
clocks:
  due: {title: 答复期限, during: open, LIMIT, basis: 条例 第一条}
"""
FORM = """
form: receipt
title: 收件
fields:
  - got_on: {title: 收到日, date, optional}
"""


@pytest.mark.parametrize(
    ("limit", "answer", "due"),
    [
        ("deadline: 2 months, since: case.got", "2024-03-09", "2024-05-09"),
        ("deadline: on case.got", "2024-05-09", "2024-05-09"),
        ("deadline: 2 months, since: case.got", None, "2024-06-10"),
    ],
)
def test_a_clock_sees_the_day_that_the_step_starting_it_sets(
    limit: str, answer: str | None, due: str
) -> None:
    case = Walk(FLOW.replace("LIMIT", limit), FORM).at("2024-04-10")
    case.take("receive", ANNA, {"got_on": answer} if answer else {})
    running = case.case.clocks["due"]
    assert running.due_on is not None
    assert running.due_on.isoformat() == due


def test_what_is_set_later_sees_what_was_set_before() -> None:
    flow = Walk(FLOW.replace("LIMIT", "deadline: 2 months, since: case.got"), FORM).process.workflow
    effects = flow.transitions[0].then
    seen = with_facts_set(flow, effects, {"form": {"got_on": "2024-03-09"}, "case": {"id": "reply-1"}})
    assert seen["case"] == {"id": "reply-1", "got": "2024-03-09"}
