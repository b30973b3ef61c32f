"""Cells: what a value is written as, what a text stands for, and that the two agree."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.exchange.cells import CellError, as_number, cell_of, format_cell, read_cell
from engine.exchange.formats import CellKind, FormatColumn


def column(kind: str = "text", **more: Any) -> FormatColumn:
    return FormatColumn(id="c", title="列", kind=CellKind(kind), **more)


RIGHT: list[tuple[FormatColumn, Any, str]] = [
    (column(), "  a\n b ", "a b"),
    (column(), None, ""),
    (column(), True, "true"),
    (column(fixed="甲"), "乙", "甲"),
    (column("list"), ["甲", "乙"], "甲；乙"),
    (column("list", codes={"a": "1", "b": "2"}, separator=","), ["a", "b"], "1,2"),
    (column("decimal", decimals=2), Fraction(5, 2), "2.5"),
    (column("decimal"), Fraction(-1, 8), "-0.125"),
    (column("integer"), 12, "12"),
    (column("date"), "2024-03-05", "2024-03-05"),
    (column("datetime"), "2024-04-12T08:10:00+08:00", "2024-04-12 08:10:00"),
    (column("digits", digits=6), "990102", "990102"),
    (column("credit code"), "91990102MA6UF99T6T", "91990102MA6UF99T6T"),
]


@pytest.mark.parametrize(("of", "value", "text"), RIGHT)
def test_a_value_is_written_and_read_back(of: FormatColumn, value: Any, text: str) -> None:
    assert cell_of(of, value) == text
    assert read_cell(of, format_cell(of, text)) == text


@pytest.mark.parametrize(
    ("of", "text", "kept"),
    [
        (column("date"), "2024年3月5日", "2024-03-05"),
        (column("date"), "2024/3/5", "2024-03-05"),
        (column("date"), "20240305", "2024-03-05"),
        (column("date"), "2024-03-05 00:00:00", "2024-03-05"),
        (column("decimal"), "1,000.50", "1000.5"),
        (column("digits"), "１２\u200b３", "123"),
        (column("datetime"), "2024-03-05", "2024-03-05 00:00:00"),
        (column("list", separator=","), "甲 , 乙", "甲,乙"),
    ],
)
def test_other_ways_of_writing_are_the_same(of: FormatColumn, text: str, kept: str) -> None:
    assert read_cell(of, text) == kept


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (column(required=True), ""),
        (column(most=2), "甲乙丙"),
        (column("credit code"), "91990102MA6UF99T6X"),
        (column("digits"), "9.9E+05"),
        (column("digits", digits=6), "99010"),
        (column("date"), "2024-02-30"),
        (column("date"), "三月五日"),
        (column("date"), "2024-03-05 09:30"),
        (column("datetime"), "2024-03-05 25:00"),
        (column("datetime"), "2024-03-05 晚上"),
        (column("integer"), "1.5"),
        (column("decimal", decimals=2), "1.234"),
        (column("decimal"), "1e5"),
        (column(codes={"a": "1"}), "3"),
        (column("list", codes={"a": "1"}, separator=","), "1,3"),
    ],
)
def test_what_cannot_stand_is_refused_with_a_reason(of: FormatColumn, text: str) -> None:
    with pytest.raises(CellError) as refused:
        read_cell(of, text)
    assert str(refused.value.expected)


def test_a_code_without_the_platforms_is_named() -> None:
    with pytest.raises(CellError) as refused:
        cell_of(column(codes={"a": "1"}), "b")
    assert "“b”" in str(refused.value.expected)
    with pytest.raises(CellError):
        cell_of(column("date"), ["2024-03-05", "2024-03-06"])
    with pytest.raises(CellError):
        cell_of(column("decimal"), Fraction(1, 3))


def test_numbers_are_written_as_numbers() -> None:
    assert as_number(column("integer"), "3") == 3
    assert str(as_number(column("decimal"), "0.10")) == "0.10"
    assert as_number(column(), "3") is None
    assert format_cell(column("date", written="slash"), "2024-03-05") == "2024/3/5"
    assert format_cell(column("date", written="compact"), "2024-03-05") == "20240305"


@settings(max_examples=40)
@given(st.text(max_size=30), st.sampled_from(list(CellKind)))
def test_what_was_read_once_is_read_the_same_again(text: str, kind: CellKind) -> None:
    of = column(kind.value)
    try:
        kept = read_cell(of, text)
    except CellError:
        return
    assert read_cell(of, kept) == kept
    assert read_cell(of, format_cell(of, kept)) == kept
