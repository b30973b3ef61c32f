"""Each node of an expression on plain values: what it gives, and where it has no answer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import say
from engine.lifecycle.expressions.expression import (
    COMPARISONS,
    Call,
    Compare,
    EvaluationError,
    Expression,
    ExpressionNode,
    ListOf,
    Literal,
    Logic,
    Name,
    Not,
)


def value(node: ExpressionNode, **scope: Any) -> Any:
    return Expression("as written", node).value(scope)


def no_answer(node: ExpressionNode, **scope: Any) -> str:
    with pytest.raises(EvaluationError) as caught:
        value(node, **scope)
    return str(caught.value.message)


YES, NO, NOTHING = Literal(True), Literal(False), Literal(None)
N, FORM_N = Name(("n",)), Name(("form", "n"))


@pytest.mark.parametrize("plain", ["甲", 3, True, None, Fraction(1, 3)])
def test_a_literal_is_itself(plain: Any) -> None:
    assert value(Literal(plain)) == plain
    assert Literal(plain).parts() == ()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("n",), 1),
        (("form", "n"), 2),
        (("forms", "sheet", "n"), 3),
        (("forms", "sheet", "row", "n"), 4),
        (("missing",), None),
        (("form", "missing"), None),
        (("n", "missing"), None),
        (("missing", "n"), None),
        (("forms", "sheet", "n", "deeper"), None),
    ],
)
def test_a_name_is_looked_up_one_part_at_a_time(path: tuple[str, ...], found: int | None) -> None:
    scope = {"n": 1, "form": {"n": 2}, "forms": {"sheet": {"n": 3, "row": {"n": 4}}}}
    assert value(Name(path), **scope) == found
    assert Name(path).parts() == ()


@pytest.mark.parametrize(
    ("kept", "exact"),
    [
        ("5%", Fraction(1, 20)),
        ("0.1", Fraction(1, 10)),
        ("1/3", Fraction(1, 3)),
        (4, Fraction(4)),
        ("", None),
        (None, None),
    ],
)
def test_an_exact_name_is_a_fraction(kept: Any, exact: Fraction | None) -> None:
    assert value(Name(("n",), exact=True), n=kept) == exact


def test_a_list_is_worked_out_item_by_item() -> None:
    listed = ListOf((Literal(1), N))
    assert value(listed, n=2) == [1, 2]
    assert listed.parts() == (Literal(1), N)


@pytest.mark.parametrize(
    ("left", "op", "right", "holds"),
    [
        (1, "==", 1, True),
        (1, "!=", 1, False),
        (1, "<", 2, True),
        (2, "<=", 2, True),
        ("b", ">", "a", True),
        (Fraction(1, 2), ">=", 1, False),
        (None, "<", 1, False),
        (1, ">=", None, False),
        ("a", "in", ["a"], True),
        ("a", "in", None, False),
        (1, "in", "123", False),
        ("1", "in", "123", True),
        ("a", "not in", ["a"], False),
        ("a", "not in", None, False),
        (None, "not in", ["a"], False),
        (None, "==", None, False),
        (None, "!=", None, False),
        (1, "!=", None, False),
        (None, "!=", 1, False),
        (1, "!=", 2, True),
        # The same moment in two zones; as texts the left one would be later.
        ("2024-09-20T10:00:00+08:00", "<=", "2024-09-20T02:00:00+00:00", True),
        ("2024-09-20T10:00:00+08:00", "<", "2024-09-20T02:00:00+00:00", False),
        ("2024-09-20Tabc", "<", "2024-09-20Tabd", True),
    ],
)
def test_comparisons(left: Any, op: str, right: Any, holds: bool) -> None:
    compared = Compare(Literal(left), op, Literal(right))
    assert value(compared) is holds
    assert compared.parts() == (Literal(left), Literal(right))
    assert COMPARISONS[op](left, right) is holds


@pytest.mark.parametrize(
    ("left", "right"), [(1, "1"), ([1], 1), ("2024-09-20T10:00", "2024-09-20T10:00:00+08:00")]
)
def test_an_order_of_different_kinds_has_no_answer(left: Any, right: Any) -> None:
    if left == "2024-09-20T10:00":
        # A time without a zone stays a text, and no text compares with a moment.
        assert "类型不同" in no_answer(Compare(Literal(left), "<", Literal(right)))
        return
    assert no_answer(Compare(Literal(left), "<", N), n=right) == str(
        say("无法比较“{left}”与“{right}”的先后大小：两边类型不同", left=left, right=right)
    )


@given(st.lists(st.booleans(), min_size=1, max_size=4))
def test_and_and_or_are_all_and_any(values: list[bool]) -> None:
    items = tuple(Literal(item) for item in values)
    assert value(Logic("and", items)) is all(values)
    assert value(Logic("or", items)) is any(values)
    assert value(Not(Logic("and", items))) is not all(values)
    assert Logic("and", items).parts() == items
    assert Not(YES).parts() == (YES,)


def test_logic_looks_no_further_than_it_must() -> None:
    assert value(Logic("or", (YES, NOTHING))) is True
    assert value(Logic("and", (NO, NOTHING))) is False
    assert no_answer(Logic("or", (NO, NOTHING))) == "该处应为“是”或“否”，但尚未填写"
    assert no_answer(Not(Literal(1))) == "该处应为“是”或“否”，实为“1”"


def test_a_function_is_given_its_arguments_in_order() -> None:
    one = Call("one", lambda x: ("one", x), (N,))
    two = Call("two", lambda x, y: (y, x), (N, Literal(2)))
    none = Call("none", lambda: "none", ())
    assert (value(one, n=1), value(two, n=1), value(none)) == (("one", 1), (2, 1), "none")
    assert two.parts() == (N, Literal(2))
    # Which function it is does not make another node of it.
    assert one == Call("one", len, (N,))


def test_an_expression_names_everything_it_looks_up() -> None:
    node = Logic("and", (Compare(FORM_N, "==", N), Not(Call("f", len, (ListOf((Name(("a", "b", "c")),)),)))))
    assert sorted(Expression("as written", node).names()) == [("a", "b", "c"), ("form", "n"), ("n",)]
    assert Expression("one", N) == Expression("one", N) != Expression("other", N)


def test_an_error_keeps_its_sentence() -> None:
    error = EvaluationError(say("没有“{name}”", name="甲"))
    assert str(error) == "没有“{name}”"
    assert str(error.message) == "没有“甲”"


def test_what_is_no_list_holds_nothing_and_says_so() -> None:
    assert "不是列表" in no_answer(Compare(Literal("甲"), "in", N), n=5)
    assert "不是列表" in no_answer(Compare(Literal("甲"), "not in", N), n=5)
