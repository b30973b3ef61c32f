"""Sizes of a paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.paper.blocks import Cell, Line, LineBreak, Look, Row, Run, Table
from engine.documents.paper.layout import (
    BREAK,
    PAGE,
    SIZES,
    breakable,
    column_widths,
    head_size,
    rows_that_break,
)


@given(st.lists(st.integers(4, 24), min_size=1, max_size=24), st.integers(1000, 2000), st.integers(16, 32))
def test_widths_add_up_exactly_and_none_is_nothing(weights: list[int], width: int, letters: int) -> None:
    widths = column_widths(tuple(weights), width, letters)
    assert sum(widths) == width
    assert all(width > 0 for width in widths)


def test_a_short_column_gets_what_its_text_needs() -> None:
    # 10.5 pt letters are 3.7 mm wide: six of them need 22 mm.
    number, options, long = column_widths((4, 6, 24), 1640, 21)
    assert number >= 4 * 37 - 1
    assert options >= 6 * 37 - 1
    assert long == 1640 - number - options


def test_an_official_document_has_the_text_area_of_the_standard() -> None:
    sizes = SIZES[Look.OFFICIAL]
    # GB/T 9704-2012, 5.2.1: 156 mm x 225 mm; 5.2.3: 22 lines of 28 characters in 16 pt.
    assert (sizes.width, PAGE[1] * 10 - sizes.top - sizes.bottom) == (1560, 2250)
    assert sizes.text == 32
    assert 28 * sizes.text * 254 // 144 <= sizes.width + 30
    assert 22 * sizes.leading * 254 // 144 <= 2250 + 30


@pytest.mark.parametrize("look", list(Look))
def test_the_name_of_a_bureau_stays_on_one_line(look: Look) -> None:
    for length in range(1, 40):
        size = head_size("局" * length, look)
        assert size == SIZES[look].foot or length * size * 254 // 144 <= SIZES[look].width
        assert size <= SIZES[look].over


@pytest.mark.parametrize("look", list(Look))
def test_nothing_is_printed_too_small_to_read_or_to_write_in(look: Look) -> None:
    sizes = SIZES[look]
    # 8.5 pt is the smallest letter of any paper, 9.5 pt that of a table; a row for writing is 20 mm high.
    assert min(sizes.text, sizes.foot, sizes.digest) >= 17
    assert sizes.table >= 19
    assert sizes.tall >= 200


def test_rows_are_parted_that_a_page_may_not_hold() -> None:
    sizes = SIZES[Look.PLAIN]
    short, long = (Run("短"),), (Run("长" * 2000),)

    def row(line: Line, rows: int = 1) -> Row:
        return Row((Cell((line,), rows=rows), Cell((short,))))

    table = Table((row(short), row(long), row(short)))
    assert rows_that_break(table, (800, 840), sizes) == {1}
    # The wider the column, the fewer the lines.
    assert rows_that_break(Table((row((Run("长" * 900),)),)), (300, 1340), sizes) == {0}
    assert rows_that_break(Table((row((Run("长" * 900),)),)), (1340, 300), sizes) == set()
    # A cell over two rows parts both; the second column of the row below begins where it is.
    spanned = Table((row(long, 2), Row((Cell((short,)),))))
    assert rows_that_break(spanned, (800, 840), sizes) == {0, 1}
    assert [(number, at) for number, at, _ in spanned.placed()] == [(0, 0), (0, 1), (1, 1)]
    # Many short lines are high too.
    names = tuple(part for number in range(120) for part in (Run(f"名{number}"), LineBreak()))
    assert rows_that_break(Table((row(names),)), (800, 840), sizes) == {0}
    assert not Table((row(names),)).whole


def test_only_what_is_wider_than_a_line_has_places_to_break() -> None:
    # Ten wide letters of 10.5 pt take 370 tenths of a millimetre.
    assert breakable("91990102MA6UF99T6T", 600, 21) == "91990102MA6UF99T6T"
    assert breakable("一二三四五六七八九十" * 9, 370, 21) == "一二三四五六七八九十" * 9
    parts = breakable("见 SHIJIAZHUANGSHI@EXAMPLE.CN。", 370, 21).split(BREAK)
    assert "".join(parts) == "见 SHIJIAZHUANGSHI@EXAMPLE.CN。"
    assert len(parts) > 1
    assert parts[0].startswith("见 SHIJ")
    assert all(len(part) <= 16 for part in parts)
    # However narrow, a letter is in each.
    assert breakable("WWW", 1, 21) == BREAK.join("WWW")
