"""Every node and every function on values of every sort: each has an answer or says why it has none."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from engine.calendars.load import load_calendar
from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import (
    CALENDAR,
    COMPARISONS,
    Call,
    Compare,
    EvaluationError,
    Expression,
    ExpressionNode,
    Name,
    number_in,
)
from engine.lifecycle.expressions.functions import FUNCTIONS
from engine.lifecycle.expressions.rows import ROW_FUNCTIONS, OverRows

OFFICE = load_calendar()
#: What people type, what is kept of it, and what neither is.
VALUES: tuple[Any, ...] = (
    None, "", "abc", "%", "1/0", "1e9", "1_000", "１２", "12.5", "5%", 0, -1, 10**30, Fraction(1, 3), True,
    [], ["a"], [["a", {}]], [{"id": ["x"]}], [{"id": 1}], {}, {"id": ["x"]}, {"a": {"b": []}},
    "2024-13-40", "2024-04-20", "9999-12-31", "0001-01-01", "2024-04-20T09:30",
    "2024-04-20T09:30:00+08:00", "5 working days", "99999 years", "-99999 months",
)  # fmt: skip


def _outcome(node: ExpressionNode, scope: Mapping[str, Any]) -> Any:
    """Return the value of a node, or the sentence why it has none; nothing else ends an evaluation."""
    try:
        return Expression("as written", node).value(scope)
    except EvaluationError as problem:
        return problem


def _names(count: int) -> tuple[Name, ...]:
    return tuple(Name((f"x{number}",)) for number in range(count))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_no_value_ends_a_function_otherwise(name: str) -> None:
    function, least, most = FUNCTIONS[name]
    found = []
    for count in range(least, min(most, 3) + 1):
        node = Call(name, function, _names(count))
        for values in itertools.product(VALUES if count < 3 else VALUES[::3], repeat=count):
            scope = {f"x{number}": one for number, one in enumerate(values)}
            found.append(_outcome(node, {CALENDAR: OFFICE, **scope}))
    assert len(found) >= len(VALUES)


@pytest.mark.parametrize("op", [*COMPARISONS, "+", "-", "*", "/"])
def test_no_value_ends_a_comparison_or_a_sum_otherwise(op: str) -> None:
    for exact in (False, True):
        left, right = Name(("x0",), exact), Name(("x1",), exact)
        node = Compare(left, op, right) if op in COMPARISONS else Arithmetic(op, left, right)
        for first, second in itertools.product(VALUES, repeat=2):
            _outcome(node, {"x0": first, "x1": second})


@pytest.mark.parametrize("name", sorted(ROW_FUNCTIONS))
def test_no_value_ends_what_is_asked_of_rows_otherwise(name: str) -> None:
    for exact in (False, True):
        node = OverRows(name, Name(("rows",)), Name(("it", "n"), exact))
        for first, second in itertools.product(VALUES, repeat=2):
            _outcome(node, {"rows": [{"n": first}, {"n": second}]})
        for rows in VALUES:
            _outcome(node, {"rows": rows})


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12.50", Fraction(25, 2)),
        ("5%", Fraction(1, 20)),
        ("1/20", Fraction(1, 20)),
        ("-3", -3),
        (7, 7),
        (Fraction(1, 3), Fraction(1, 3)),
        ("abc", None),
        ("12人", None),
        ("1e999999999", None),
        ("1_000", None),
        ("1/0", None),
        ("%", None),
        ("", None),
        (None, None),
        (True, None),
        (["1"], None),
    ],
)
def test_a_text_is_the_number_it_says_and_no_other(value: Any, number: Fraction | None) -> None:
    assert number_in(value) == number
    if number is None and value not in (None, ""):
        assert "应为数字" in str(_outcome(Name(("x",), exact=True), {"x": value}).message)
