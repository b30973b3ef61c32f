"""Where tables and paragraphs are parted whose end is kept with a seal or signatures."""

from __future__ import annotations

import pytest

from engine.documents.paper.blocks import Cell, LineBreak, Paragraph, Role, Row, Run, Table, line_text
from engine.documents.paper.parting import LEAST, LONG, MOST, parted_paragraph, parted_table

SENTENCE = "检查人员到场查看了劳动合同、工资台账，逐项核对并记录。"


def text(words: str) -> tuple[Run, ...]:
    return (Run(words),)


def table(*rows: tuple[str, ...], heads: int = 0) -> Table:
    made = tuple(Row(tuple(Cell((text(words),)) for words in row)) for row in rows)
    return Table(made, heads, (5, 20))


def shown(one: Table) -> list[list[str]]:
    return [["".join(map(line_text, cell.lines)) for cell in row.cells] for row in one.rows]


def test_a_long_paragraph_keeps_its_last_sentence() -> None:
    assert parted_paragraph(Paragraph(text(SENTENCE))) is None
    assert parted_paragraph(Paragraph(text("号" * (LONG + 1)), Role.NUMBER)) is None
    found = parted_paragraph(Paragraph(text(SENTENCE * 20)))
    assert found is not None
    above, below = found
    assert (line_text(above.line), line_text(below.line)) == (SENTENCE * 19, SENTENCE)
    assert (above.role, below.role) == (Role.BODY, Role.FLAT)


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("没有句号" * 100, "没有句号" * 9),
        ("word " * 100 + "end", None),
        (SENTENCE * 20 + "好。", SENTENCE + "好。"),
        ("字" * 300 + "。" + "句" * 200, None),
    ],
)
def test_where_there_is_no_short_last_sentence_a_blank_or_a_letter_parts_it(
    words: str, end: str | None
) -> None:
    found = parted_paragraph(Paragraph(text(words)))
    assert found is not None
    above, below = (line_text(one.line) for one in found)
    assert (above + below).replace(" ", "") == words.replace(" ", "")
    assert LEAST <= len(below) <= MOST
    assert end is None or below == end


def test_a_paragraph_that_ends_with_a_blank_to_fill_is_not_parted() -> None:
    assert parted_paragraph(Paragraph((Run(SENTENCE * 20), LineBreak()))) is None
    found = parted_paragraph(Paragraph((Run("甲" * 300, bold=True), Run(SENTENCE))))
    assert found is not None
    assert found[0].line[0] == Run("甲" * 300, bold=True)


def test_the_last_rows_are_kept_until_there_is_some_text_above_the_seal() -> None:
    many = [(str(number), "事" * 10) for number in range(20)]
    found = parted_table(table(*many), ())
    assert found is not None
    assert (len(found.above.rows), len(found.below.rows), found.open) == (17, 3, False)
    found = parted_table(table(*many, ("x", "事" * 80)), ())
    assert found is not None
    assert shown(found.below) == [["x", "事" * 80]]
    assert parted_table(table(("名", "事"), ("1", "二"), heads=1), ()) is None


def test_rows_that_a_cell_joins_and_their_heading_stay_together() -> None:
    rows = [Row((Cell((text("a"),)), Cell((text("事" * 80),)))) for _ in range(9)]
    rows += [
        Row((Cell((text("并"),), rows=2), Cell((text("事" * 80),)))),
        Row((Cell((text("事" * 80),)),)),
    ]
    found = parted_table(Table(tuple(rows), 0, (5, 20)), ())
    assert found is not None
    assert (len(found.above.rows), len(found.below.rows)) == (9, 2)
    heading = Row((Cell((text("类"),), head=True, columns=2),))
    found = parted_table(Table((*rows[:9], heading, rows[0]), 0, (5, 20)), ())
    assert found is not None
    assert (len(found.above.rows), len(found.below.rows)) == (9, 2)


def test_a_row_higher_than_a_page_is_parted_in_its_longest_cell() -> None:
    found = parted_table(table(("一", "短"), ("事实", SENTENCE * 60)), {1})
    assert found is not None
    assert found.open
    assert shown(found.above) == [["一", "短"], ["事实", SENTENCE * 59]]
    assert shown(found.below) == [["", SENTENCE]]
    # Its paragraphs part it where there are several.
    cell = Cell((text(SENTENCE * 60), text(SENTENCE)))
    found = parted_table(Table((Row((Cell((text("事实"),)), cell)),), 0, (5, 20)), {0})
    assert found is not None
    assert [line_text(line) for line in found.below.rows[0].cells[1].lines] == [SENTENCE]
    # A short last row is kept alone: the one above stays where it is.
    found = parted_table(table(("事实", SENTENCE * 60), ("完", "完")), {0})
    assert found is not None
    assert shown(found.below) == [["完", "完"]]
