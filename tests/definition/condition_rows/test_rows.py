"""Rows are a view of a condition: its text becomes rows and rows its text, and nothing is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped_conditions import shipped_conditions

from engine.definition.condition_rows.rows import (
    ConditionRow,
    ConditionRows,
    RowOperator,
    length_of,
    rows_of,
    same_expression,
    written,
)
from engine.definition.expressions import parse_expression
from engine.lifecycle.expressions.expression import Literal

_NAMES = st.sampled_from(["form.route", "case.outcome", "forms.visit.found", "today", "form.中文"])
_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn"]), max_size=12)
_VALUES = st.one_of(_TEXTS, st.integers(-(10**9), 10**9), st.booleans()).map(
    lambda value: written(Literal(value)) or ""
)
_LISTS = st.lists(_VALUES, max_size=4).map(lambda values: f"[{', '.join(values)}]")
_OF_LISTS = (RowOperator.ONE_OF, RowOperator.NONE_OF, RowOperator.SHARES, RowOperator.SHARES_NONE)


@st.composite
def _rows(draw: st.DrawFn) -> ConditionRow:
    operator = draw(st.sampled_from(list(RowOperator)))
    if operator.alone:
        return ConditionRow(draw(_NAMES), operator)
    value = draw(_LISTS) if operator in _OF_LISTS else draw(st.one_of(_VALUES, _NAMES))
    return ConditionRow(draw(_NAMES), operator, value)


@given(st.sampled_from(["and", "or"]), st.lists(_rows(), min_size=1, max_size=5))
def test_rows_become_text_and_rows_again(joined: str, rows: list[ConditionRow]) -> None:
    found = ConditionRows(joined, tuple(rows))
    again = rows_of(found.text)
    # A name in a name can be read from either side.
    assert again is not None
    assert again.text == found.text or same_expression(again.text, found.text)
    assert rows_of(again.text) == again


@pytest.mark.parametrize(("place", "text"), shipped_conditions())
def test_a_shipped_condition_that_became_rows_is_the_same_expression(place: str, text: str) -> None:
    found = rows_of(text)
    if found is not None:
        assert same_expression(found.text, text), place


def test_most_shipped_conditions_can_be_said_as_rows() -> None:
    every = [text for _, text in shipped_conditions()]
    assert sum(rows_of(text) is not None for text in every) >= 0.9 * len(every)


@pytest.mark.parametrize(
    "text",
    [
        "form.a and (form.b or every(form.rows, it.a == 1))",
        "a or (b and (c or (d and (e or (f and g)))))",
        "every(form.rows, it.a == 1)",
        "form.a ==",
        "3 < form.a",
        "1 + form.a > 2",
        "",
    ],
)
def test_what_is_no_rows_stays_text(text: str) -> None:
    assert rows_of(text) is None


def test_the_rows_of_a_condition() -> None:
    found = rows_of(
        "form.route == 'filed' and 'x' in form.codes and not form.late and length(form.codes) >= 2"
    )
    assert found is not None
    assert found.joined == "and"
    assert found.rows == (
        ConditionRow("form.route", RowOperator.IS, "'filed'"),
        ConditionRow("form.codes", RowOperator.HAS, "'x'"),
        ConditionRow("form.late", RowOperator.NO),
        ConditionRow(length_of("form.codes"), RowOperator.AT_LEAST, "2"),
    )


@pytest.mark.parametrize(
    ("text", "word", "kinds"),
    [
        ("form.a and (form.b or form.c)", "and", "row or"),
        ("not (form.a == 1)", "not or", "row"),
        ("not (form.a and form.b)", "not and", "row row"),
        ("form.a or not (form.b or form.c)", "or", "row not or"),
        ("(form.a or form.b) and form.c", "and", "or row"),
    ],
)
def test_groups_of_rows(text: str, word: str, kinds: str) -> None:
    found = rows_of(text)
    assert found is not None
    assert found.word == word
    assert " ".join(one.word if isinstance(one, ConditionRows) else "row" for one in found.rows) == kinds
    assert same_expression(found.text, text)


_GROUPS = st.recursive(
    _rows(),
    lambda inner: st.builds(
        ConditionRows,
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=2, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_leaves=8,
)


@given(st.lists(_GROUPS, min_size=2, max_size=3), st.sampled_from(["and", "or"]), st.booleans())
def test_groups_become_text_and_groups_again(
    parts: list[ConditionRow | ConditionRows], joined: str, negated: bool
) -> None:
    found = ConditionRows(joined, tuple(parts), negated)
    again = rows_of(found.text)
    # Those that nest deeper than is shown stay text.
    if again is not None:
        assert same_expression(again.text, found.text)
        assert rows_of(again.text) == again


def test_a_value_may_be_an_expression_and_no_comparison() -> None:
    expression = parse_expression("add(form.sent_on, '7 working days')", None).expression
    assert expression is not None
    assert written(expression.node) == "add(form.sent_on, '7 working days')"
    compared = parse_expression("form.a == 1", None).expression
    assert compared is not None
    assert written(compared.node) is None
    found = rows_of("form.paid > 0.25")
    assert found is not None
    assert found.rows == (ConditionRow("form.paid", RowOperator.MORE, "0.25"),)
