"""Functions over rows, as nodes."""

from __future__ import annotations

from typing import Any

import pytest

from engine.lifecycle.expressions.expression import Compare, EvaluationError, Expression, Literal, Name
from engine.lifecycle.expressions.rows import NOT_ASKED, ROW_FUNCTIONS, Asked, OverRows, asked

ROWS, N = Name(("rows",)), Name(("it", "n"))
POSITIVE = Compare(N, ">", Literal(0))


def value(name: str, of: Any, rows: Any) -> Any:
    return Expression("as written", OverRows(name, ROWS, of)).value({"rows": rows})


@pytest.mark.parametrize(
    ("name", "of", "of_two", "of_none"),
    [
        ("count", POSITIVE, 1, 0),
        ("every", POSITIVE, False, True),
        ("some", POSITIVE, True, False),
        ("sum", N, 1, 0),
        ("min", N, -1, None),
        ("max", N, 2, None),
        ("collect", N, [2, -1], []),
    ],
)
def test_each_is_asked_of_every_row(name: str, of: Any, of_two: Any, of_none: Any) -> None:
    assert value(name, of, [{"n": 2}, {"n": -1}]) == of_two
    assert value(name, of, []) == value(name, of, None) == of_none
    assert set(ROW_FUNCTIONS) == {"count", "every", "some", "sum", "min", "max", "collect"}


@pytest.mark.parametrize(
    ("name", "found", "of_none"), [("sum", 5, 0), ("min", 2, None), ("max", 3, None), ("collect", [2, 3], [])]
)
def test_rows_in_which_a_condition_does_not_hold_are_left_out(name: str, found: Any, of_none: Any) -> None:
    node = OverRows(name, ROWS, N, Compare(Name(("it", "kind")), "==", Literal("a")))
    rows = [{"kind": "a", "n": 2}, {"kind": "b", "n": 9}, {"kind": "b"}, {"kind": "a", "n": 3}]
    assert Expression("as written", node).value({"rows": rows}) == found
    # Nothing is left: what is missing in the rows that are left out is not looked at.
    assert Expression("as written", node).value({"rows": rows[1:3]}) == of_none
    assert node.parts() == (node.rows, node.of, node.where)
    with pytest.raises(EvaluationError):
        Expression("as written", OverRows(name, ROWS, N, N)).value({"rows": rows})


def test_a_missing_value_makes_a_sum_missing_and_is_no_extreme() -> None:
    rows = [{"n": 2}, {}, {"n": 1}]
    assert value("sum", N, rows) is None
    assert (value("min", N, rows), value("max", N, rows)) == (1, 2)
    assert value("collect", N, rows) == [2, None, 1]


@pytest.mark.parametrize(
    ("name", "rows"),
    [("sum", [{"n": "2"}]), ("sum", [{"n": True}]), ("count", "rows"), ("collect", {"n": 1})],
)
def test_what_cannot_be_worked_out_is_refused(name: str, rows: Any) -> None:
    with pytest.raises(EvaluationError):
        value(name, N, rows)


def test_a_question_is_asked_unless_its_form_says_it_was_not() -> None:
    node = Asked(Name(("form",)), "note")
    for form, found in (
        (None, False),
        ({}, True),
        ({NOT_ASKED: ["note"]}, False),
        ({NOT_ASKED: ["n"]}, True),
    ):
        assert asked(form, "note") is Expression("as written", node).value({"form": form}) is found
    assert node.parts() == (Name(("form",)),)
