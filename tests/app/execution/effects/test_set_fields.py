from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visit_bureau import context_of, effect, name, unit, value, visit_bureau

from engine.app.execution.effects.set_fields import decimals, do_assign, do_set, plain, work_out
from engine.app.session.refused import CommandRefused

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
    assert work_out({"a": value(Fraction(1, 3)), "b": name("x.y")}, {"x": {"y": 7}}) == {"a": "1/3", "b": 7}


def test_later_effects_see_fields_that_were_set() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan", fields={"secret": "甲"}))
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_set(context, effect("set", set={"total": value(3)}))
        do_set(context, effect("set", set={"again": name("case.total")}))
        assert context.fields == {"total": 3, "again": 3}
        assert context.scope["case"] == {"secret": "甲", "total": 3, "again": 3}


def test_people_are_put_into_a_party() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_assign(context, effect("assign", assign={"inspectors": value("insp-1")}))
        assert context.parties == {"inspectors": ("insp-1",)}
        do_assign(context, effect("assign", assign={"inspectors": value([{"id": "insp-2"}, "nobody"])}))
        assert context.parties == {"inspectors": ("insp-2", "nobody")}
        assert [row.get("name") for row in context.scope["inspectors"]] == ["检查员2", None]


@pytest.mark.parametrize("people", [None, [], 3])
def test_a_party_without_people_refuses_the_step(people: object) -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow, pytest.raises(CommandRefused) as refused:
        do_assign(context_of(uow, case), effect("assign", assign={"inspectors": value(people)}))
    assert [str(reason) for reason in refused.value.refusal.reasons] == ["“检查人员”没有人选"]


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
