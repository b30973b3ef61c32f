"""Values of a case as measures and reports read them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visit_bureau import name, unit, visit_bureau

from engine.app.session.case_values import _exact, case_scope, cell, exact, holds, plain, value_in
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.migration.former_names import NO_NAMES
from engine.lifecycle.model.form import Field, FieldType


@pytest.mark.parametrize(
    ("value", "number"),
    [(12, "12"), ("12.50", "25/2"), ("5%", "1/20"), ("1/20", "1/20"), (" 3 ", "3"), (Fraction(1, 3), "1/3")],
)
def test_numbers_are_exact(value: object, number: str) -> None:
    assert exact(value) == Fraction(number)


def test_what_is_no_number() -> None:
    assert [exact(one) for one in (None, True, "", "x", "1/0", [1], {"a": 1})] == [None] * 7


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_a_decimal_is_written_as_one(value: object) -> None:
    number = Fraction(str(value))
    assert Fraction(plain(number)) == number
    assert "/" not in plain(number)


@given(st.fractions())
def test_every_number_can_be_read_again(number: Fraction) -> None:
    assert Fraction(plain(number)) == number


def test_cells() -> None:
    assert [cell(one) for one in (None, True, False, Fraction(5, 2), "a\nb", 3)] == [
        "-",
        "是",
        "否",
        "2.5",
        "a b",
        "3",
    ]
    assert cell(["a", Fraction(1, 3)]) == "a、1/3"
    assert cell({"x": 1, "y": None}) == "1、-"


def test_answers_that_are_numbers_are_exact_and_others_as_they_are() -> None:
    fields = [
        Field(name="share", title="占比", type=FieldType.RATIO),
        Field(name="wages", title="欠薪", type=FieldType.DECIMAL),
        Field(name="note", title="说明", type=FieldType.TEXT),
    ]
    answers = {"share": "5%", "wages": None, "note": "0.5", "other": 1}
    assert _exact(fields, answers) == {**answers, "share": Fraction(1, 20)}
    assert _exact(fields[2:], answers) is answers


def test_what_a_measure_may_look_up_in_a_case() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan", section="north", subject={"id": "E1"}, fields={"total": 12}))
    with unit(bureau) as uow:
        scope = case_scope(uow.process(case), case, bureau.clock.now(), NO_NAMES)
    found = {key: scope["case"][key] for key in ("id", "workflow", "state", "section", "subject", "total")}
    assert found == {
        "id": "plan-1",
        "workflow": "plan",
        "state": "draft",
        "section": "north",
        "subject": "E1",
        "total": Fraction(12),
    }
    assert (str(scope["case"]["opened_on"]), str(scope["today"])) == ("2024-09-02", "2024-09-02")
    assert list(scope["clocks"]) == ["draft"]
    assert value_in(name("case.total"), scope) == 12
    assert value_in(name("forms.note.found"), scope) is None
    assert holds(Condition(name("case.yes")), {"case": {"yes": True}})
    assert not holds(Condition(name("case.yes")), {"case": {"yes": False}})
    assert not holds(Condition(name("forms.note.found")), scope)
