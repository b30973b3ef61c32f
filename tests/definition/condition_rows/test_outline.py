"""Rows in groups as lines: every group becomes lines and every line a group again."""

from __future__ import annotations

import pytest

from engine.definition.condition_rows.outline import EmptyGroupError, OutlineLine, lines_of, rows_from
from engine.definition.condition_rows.rows import ConditionRow, RowOperator, rows_of

A, B = ConditionRow("a", RowOperator.YES), ConditionRow("b", RowOperator.NO)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a and not b",
        "a or (b and not (c == 1 or d in ['x']))",
        "not (a == 1)",
        "not (a and (b or (c and d)))",
        "(a or b) and (c or d) and e",
        "(a and b) and c",
    ],
)
def test_lines_say_what_the_groups_say(text: str) -> None:
    found = rows_of(text)
    assert found is not None
    lines = list(lines_of(found))
    assert rows_from(found.word, lines) == found
    assert lines[0].depth == 0


def test_lines_of_a_group_follow_it_one_deeper() -> None:
    found = rows_of("a and (not b or a)")
    assert found is not None
    assert list(lines_of(found)) == [
        OutlineLine(0, A),
        OutlineLine(0, word="or"),
        OutlineLine(1, B),
        OutlineLine(1, A),
    ]


def test_a_line_that_is_too_deep_belongs_to_the_innermost_group() -> None:
    assert rows_from("and", [OutlineLine(2, A), OutlineLine(0, B)]).rows == (A, B)


@pytest.mark.parametrize(
    "lines", [[], [OutlineLine(0, word="or")], [OutlineLine(0, A), OutlineLine(0, word="not and")]]
)
def test_a_group_without_rows_is_none(lines: list[OutlineLine]) -> None:
    with pytest.raises(EmptyGroupError):
        rows_from("and", lines)
