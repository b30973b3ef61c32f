"""What Word and WPS need to lay a file out alike."""

from __future__ import annotations

import gc
import io
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from paper_factories import everything

from engine.documents.paper.blocks import Look, Paper, Seal, Title
from engine.documents.paper.html_reading import read_paper
from engine.documents.paper.layout import SIZES
from engine.documents.paper.word import word_bytes
from engine.documents.paper.word_file import (
    halves,
    keep_row,
    new_file,
    new_table,
    packed,
    repeat_row,
    take_apart,
    tenths,
)

DAY = date(2026, 3, 1)


def paper(look: Look = Look.PLAIN) -> Paper:
    return read_paper(everything(look.value if look is not Look.PLAIN else ""))


def test_lengths_are_whole_units() -> None:
    assert (tenths(10), halves(2)) == (36_000, 12_700)


@pytest.mark.parametrize("look", list(Look))
def test_the_page_is_a4_with_the_margins_of_the_look(look: Look) -> None:
    section = new_file(paper(look), DAY).sections[0]
    found = (section.page_width, section.page_height, section.left_margin, section.top_margin)
    wanted = (2100, 2970, SIZES[look].left, SIZES[look].top)
    # Word counts in twentieths of a point, 635 of these units.
    assert [round(have / 635) for have in found if have is not None] == [
        round(tenths(one) / 635) for one in wanted
    ]


def test_widths_stand_in_the_grid_the_cells_and_the_table() -> None:
    table = new_table(new_file(paper(), DAY), 2, (400, 1240), bordered=True)
    grid = [int(node.get(qn("w:w"))) for node in table._tbl.tblGrid.iter(qn("w:gridCol"))]
    assert grid == [round(400 * 1440 / 254), round(1240 * 1440 / 254)]
    found = {round(cell.width / 635) for row in table.rows for cell in row.cells if cell.width is not None}
    assert found == {round(tenths(one) / 635) for one in (400, 1240)}
    assert not table.autofit


def test_rows_are_kept_whole_and_heads_repeated() -> None:
    table = new_table(new_file(paper(), DAY), 1, (400, 1240), bordered=False)
    keep_row(table.rows[0], height=200)
    repeat_row(table.rows[0])
    marks = {node.tag.split("}")[1] for node in table.rows[0]._tr.get_or_add_trPr()}
    assert {"cantSplit", "tblHeader", "trHeight"} <= marks


def test_every_style_names_a_chinese_font_and_no_theme_font() -> None:
    styles = new_file(paper(), DAY).styles
    ours = [
        style
        for style in styles
        if style.name.startswith("SSJ ") or style.name in ("Normal", "Title", "Heading 2")
    ]
    assert len(ours) == 18
    for style in ours:
        fonts = style.element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in {"仿宋", "宋体", "黑体"}
        assert not [name for name in fonts.attrib if name.endswith("Theme")]


def test_the_theme_names_no_font_that_a_chinese_computer_lacks() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(new_file(paper(), DAY)))) as archive:
        theme = archive.read("word/theme/theme1.xml").decode()
    assert "Calibri" not in theme
    assert "Cambria" not in theme
    assert "ＭＳ" not in theme


def test_pages_are_numbered_by_fields_and_official_ones_outside() -> None:
    plain = new_file(paper(), DAY).sections[0].footer.paragraphs[0]
    assert [node.text.strip() for node in plain._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    official = new_file(paper(Look.OFFICIAL), DAY)
    section = official.sections[0]
    assert official.settings.odd_and_even_pages_header_footer
    # GB/T 9704-2012, 7.5.
    assert [section.footer.paragraphs[0].alignment, section.even_page_footer.paragraphs[0].alignment] == [
        2,
        0,
    ]


def test_lines_to_sign_are_never_parted() -> None:
    made = docx.Document(io.BytesIO(word_bytes(paper(), DAY)))
    seal = [p for p in made.paragraphs if p.style is not None and p.style.name == "SSJ Seal"]
    assert [bool(p.paragraph_format.keep_with_next) for p in seal] == [True, True]
    # The foot behind the seal never stands alone on a page either; with nothing behind it the last line is free.
    blocks = tuple(block for block in paper().blocks if isinstance(block, Title | Seal))
    alone = docx.Document(io.BytesIO(word_bytes(replace(paper(), blocks=blocks), DAY)))
    seal = [p for p in alone.paragraphs if p.style is not None and p.style.name == "SSJ Seal"]
    assert [bool(p.paragraph_format.keep_with_next) for p in seal] == [True, False]


def test_parts_have_one_time_and_one_order() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(new_file(paper(), DAY)))) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    names = [entry.filename for entry in entries]
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])


def _held() -> int:
    """Return how many elements of XML and values of parts the objects of python-docx hold that are still there."""
    found = [one for one in gc.get_objects() if type(one).__module__.startswith("docx.")]
    elements = {one for one in found if type(one).__module__.startswith("docx.oxml") and hasattr(one, "iter")}
    below = sum(sum(1 for _ in one.iterdescendants()) for one in elements)
    parts = [one for one in found if type(one).__module__.startswith(("docx.opc", "docx.parts"))]
    return below + sum(len(vars(one)) for one in parts if hasattr(one, "__dict__"))


def test_nothing_of_a_written_file_stays_until_the_collector_comes() -> None:
    content = paper()
    word_bytes(content, DAY)
    gc.collect()
    gc.disable()
    try:
        before = _held()
        for _ in range(5):
            word_bytes(content, DAY)
        assert _held() == before
        # One that is not taken apart would stay.
        packed(new_file(content, DAY))
        assert _held() > before + 100
    finally:
        gc.enable()
        gc.collect()


def test_files_of_one_look_share_styles_and_nothing_of_their_text() -> None:
    whole = paper()
    bare = replace(whole, title="另一份", blocks=whole.blocks[:1])
    first = word_bytes(bare, DAY)
    # One with a picture in between, and one that is left half made.
    assert b"word/media/image1.png" in word_bytes(whole, DAY)
    new_file(whole, DAY).add_paragraph("没有写完")
    assert word_bytes(bare, DAY) == first
    one, other = new_file(whole, DAY), new_file(bare, DAY)
    assert one.part.package is not other.part.package
    assert one.styles.element is other.styles.element
    assert (one.core_properties.title, other.core_properties.title) == (whole.title, "另一份")
    # What is taken apart is not what the other one needs.
    take_apart(one)
    assert packed(other)


def test_a_file_that_was_taken_apart_holds_nothing() -> None:
    file = new_file(paper(), DAY)
    part, body = file.part, file.element.body
    take_apart(file)
    assert (vars(file), vars(part), len(body)) == ({}, {}, 0)
