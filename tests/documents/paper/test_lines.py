"""What stands within a paragraph or cell."""

from __future__ import annotations

import pytest

from engine.documents.paper.blocks import Blank, Box, LineBreak, Run
from engine.documents.paper.lines import closed_line, inline_parts, read_lines
from engine.documents.paper.tree import Element, PaperError, read_tree


def cell(html: str) -> Element:
    found = read_tree(f"<td>{html}</td>").found("td")
    assert found is not None
    return found


def test_texts_blanks_and_boxes_are_told_apart() -> None:
    html = '甲<strong>乙</strong><span class="hex">0f</span><span class="line">丙</span><span class="line short"></span><span class="box">□</span>是'
    assert tuple(inline_parts(cell(html))) == (
        Run("甲"),
        Run("乙", bold=True),
        Run("0f", mono=True),
        Blank("丙"),
        Blank("", short=True),
        Box(),
        Run("是"),
    )


def test_a_line_loses_the_white_space_at_its_ends_and_beside_breaks() -> None:
    assert closed_line([Run(" 甲 "), Run(" 乙"), LineBreak(), Run(" 丙 "), LineBreak()]) == (
        Run("甲 乙"),
        LineBreak(),
        Run("丙"),
    )
    assert closed_line([Run("  ")]) == ()


def test_paragraphs_options_and_loose_text_of_a_cell_are_lines_of_their_own() -> None:
    lines = read_lines(
        cell('前<p>一</p>中<span class="opt">甲</span><span class="opt">乙</span><div><p>里</p></div>后')
    )
    assert lines == tuple((Run(text),) for text in ("前", "一", "中", "甲", "乙", "里", "后"))
    assert read_lines(cell(" \n ")) == ()


def test_a_table_within_a_line_is_refused_with_its_line() -> None:
    with pytest.raises(PaperError, match="第 2 行的 <table>"):
        tuple(inline_parts(cell("一\n<table></table>")))
