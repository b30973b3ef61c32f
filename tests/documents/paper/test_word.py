"""Papers as Word files."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from paper_factories import everything, page

from engine.documents.paper.blocks import Look, Signatures, paper_text
from engine.documents.paper.html_reading import read_paper
from engine.documents.paper.word import BOX, word_bytes

DAY = date(2026, 3, 1)


def squeezed(text: str) -> str:
    """Return a text without white space, and without what stands for a box to tick."""
    return "".join(text.replace(BOX, "").split())


def file_text(data: bytes) -> str:
    """Return all text of a Word file, in reading order; every cell once."""
    body = docx.Document(io.BytesIO(data)).element.body
    return "".join(node.text or "" for node in body.iter(qn("w:t")))


@pytest.mark.parametrize("look", list(Look))
def test_the_text_is_that_of_the_paper(look: Look) -> None:
    paper = read_paper(everything(look.value if look is not Look.PLAIN else ""))
    assert squeezed(file_text(word_bytes(paper, DAY))) == squeezed(paper_text(paper))


def test_the_same_paper_gives_the_same_bytes_and_the_day_stands_in_its_properties() -> None:
    paper = read_paper(everything())
    first = word_bytes(paper, DAY)
    assert first == word_bytes(paper, DAY)
    about = docx.Document(io.BytesIO(first)).core_properties
    assert about.created is not None
    assert (about.title, about.language, about.created.date()) == ("行政检查通知书 5号", "zh-CN", DAY)


def test_headings_are_headings_and_tables_real_tables() -> None:
    made = docx.Document(io.BytesIO(word_bytes(read_paper(everything()), DAY)))
    named = [(p.style.name, p.text) for p in made.paragraphs if p.style is not None and p.text]
    assert ("Title", "行政检查通知书") in named
    assert ("Heading 2", "一、检查事项") in named
    table = made.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "事项", "依据"]
    assert table.rows[2].cells[1].text == "同意\n□是"
    assert table.rows[2].cells[1]._tc is table.rows[2].cells[2]._tc


def test_the_code_is_described_for_those_who_cannot_see_it() -> None:
    made = docx.Document(io.BytesIO(word_bytes(read_paper(everything()), DAY)))
    described = [node.get("descr") for node in made.element.body.iter(qn("wp:docPr"))]
    assert described == ["任务二维码：SSJ1|inspection-18|91990102MA6TF66004|LD-01|123|abc"]


def test_a_block_of_signatures_nobody_is_named_in_is_no_table() -> None:
    paper = read_paper(everything())
    empty = replace(
        paper,
        blocks=tuple(replace(one, lines=()) if isinstance(one, Signatures) else one for one in paper.blocks),
    )
    before = len(docx.Document(io.BytesIO(word_bytes(paper, DAY))).tables)
    assert len(docx.Document(io.BytesIO(word_bytes(empty, DAY))).tables) < before


def test_a_long_table_above_a_seal_is_kept_with_it_by_its_last_row() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>事项</td></tr>" for number in range(20))
    seal = '<div class="seal"><p>示例区局</p><p>2026年3月1日</p></div>'
    paper = read_paper(page(f"<h1>函</h1><table><tbody>{rows}</tbody></table>{seal}"))
    *_, table, after, _, _ = docx.Document(io.BytesIO(word_bytes(paper, DAY))).iter_inner_content()
    assert isinstance(table, WordTable)
    assert isinstance(after, WordParagraph)
    kept = [
        {paragraph.paragraph_format.keep_with_next for cell in row.cells for paragraph in cell.paragraphs}
        for row in table.rows
    ]
    assert kept == [{None}] * 19 + [{True}]
    assert after.paragraph_format.keep_with_next is True


def test_a_cell_higher_than_a_page_keeps_its_last_sentence_with_the_seal() -> None:
    sentence = "检查人员到场查看了劳动合同、工资台账，逐项核对并记录。"
    seal = '<div class="seal"><p>示例区局</p></div>'
    paper = read_paper(
        page(f"<h1>函</h1><table><tbody><tr><th>事实</th><td>{sentence * 60}</td></tr></tbody></table>{seal}")
    )
    file = docx.Document(io.BytesIO(word_bytes(paper, DAY)))
    (table,) = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["事实", sentence * 59],
        ["", sentence],
    ]
    edges = [
        [line.tag.split("}")[1] for line in row._tr.iter(qn("w:top"), qn("w:bottom"))] for row in table.rows
    ]
    assert edges == [["bottom", "bottom"], ["top", "top"]]
    assert squeezed(file_text(word_bytes(paper, DAY))) == squeezed(paper_text(paper))
