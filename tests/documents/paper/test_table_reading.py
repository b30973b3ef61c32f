"""Tables of a rendered template."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.paper.blocks import Cell, Run, Table
from engine.documents.paper.table_reading import read_table
from engine.documents.paper.tree import PaperError, read_tree


def table(html: str) -> Table:
    found = read_tree(f"<table>{html}</table>").found("table")
    assert found is not None
    return read_table(found)


def test_rows_of_the_head_are_repeated_and_heads_are_marked() -> None:
    made = table(
        '<thead><tr><th>序号</th><th>事项</th></tr></thead><tbody><tr class="tall"><td class="c">1</td><td>甲</td></tr></tbody>'
    )
    assert made.heads == 1
    assert made.rows[0].cells == (Cell(((Run("序号"),),), head=True), Cell(((Run("事项"),),), head=True))
    assert made.rows[1].cells[0].centred
    assert made.rows[1].tall


def test_cells_over_several_rows_and_columns_fill_the_table() -> None:
    made = table('<tr><td rowspan="2">甲</td><td>乙</td><td>丙</td></tr><tr><td colspan="2">丁</td></tr>')
    assert [(cell.columns, cell.rows) for row in made.rows for cell in row.cells] == [
        (1, 2),
        (1, 1),
        (1, 1),
        (2, 1),
    ]
    assert len(made.widths) == 3


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<tr><td>一</td><td>二</td></tr><tr><td>三</td></tr>", "第 2 行有 1 列，应当是 2 列"),
        ('<tr><td colspan="0">一</td></tr>', "colspan 写的是“0”，应当是 1 到 24 的整数"),
        ('<tr><td rowspan="x">一</td></tr>', "rowspan 写的是“x”"),
        ("<tbody><p>一</p></tbody>", "表格里的 <p> 应当是 <tr>"),
    ],
)
def test_tables_that_do_not_fit_are_refused(html: str, said: str) -> None:
    with pytest.raises(PaperError) as refused:
        table(html)
    assert said in str(refused.value)


@given(st.lists(st.lists(st.text("甲a", max_size=40), min_size=3, max_size=3), min_size=1, max_size=4))
def test_a_column_weighs_as_much_as_its_longest_text_within_bounds(rows: list[list[str]]) -> None:
    made = table("".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows))
    for at, weight in enumerate(made.widths):
        # Tenths of a letter; PDF puts a quarter of one wherever a wide letter meets a narrow one.
        longest = max(
            sum(10 if letter == "甲" else 5 for letter in row[at])
            + sum(one != other for one, other in pairwise(row[at])) * 5 // 2
            for row in rows
        )
        assert weight == max(4, min(24, -(-longest // 10) + 2))


def test_a_column_left_to_be_written_on_is_wide_where_the_template_says_so() -> None:
    assert table('<tr><td>1</td><td class="wide"></td></tr>').widths == (4, 24)
