"""What a workbook reaches over is counted before a program that keeps all of it opens it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from openpyxl.comments import Comment

from engine.exchange.placeholders import fill_workbook
from engine.exchange.reach import TooFarError, check_reach, most_places
from engine.exchange.table_file import ExchangeFileError
from engine.register.sheet.book.container import WorkbookContainerError

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(rows: str = "", after: str = "") -> bytes:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>".encode()


FAR = [
    sheet('<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'),
    sheet("".join(f'<row r="{row}"><c r="XFD{row}"/></row>' for row in range(1, 10))),
    # Neither rows nor cells have to say where they are.
    sheet("<row>" + "<c/>" * 300 + "</row>" + "<row/>" * 300 + "<row><c/></row>"),
    sheet(after='<mergeCells><mergeCell ref="A1:Z20000"/></mergeCells>'),
    sheet(after='<hyperlinks><hyperlink ref="$A$1:$XFD$9"/></hyperlinks>'),
    sheet(after="".join(f'<x:mergeCell xmlns:x="x" ref="A{row}:CV{row + 90}"/>' for row in (1, 101, 201, 301, 401, 501))),
    f'<comments {MAIN}><commentList><comment ref="XFD99"/></commentList></comments>'.encode(),
]  # fmt: skip


@pytest.mark.parametrize("part", FAR)
def test_what_reaches_too_far_is_refused(part: bytes) -> None:
    with pytest.raises(TooFarError) as refused:
        check_reach([part], 1_000)
    assert refused.value.most == most_places(1_000)


def test_the_parts_count_together_and_a_larger_file_may_reach_further() -> None:
    part = sheet('<row r="400"><c r="CV400"/></row>')
    check_reach([part], 1_000)
    with pytest.raises(TooFarError):
        check_reach([part, part], 1_000)
    check_reach([part, part], 2_000_000)


@pytest.mark.parametrize(
    "part",
    [
        # Whole columns that are checked or coloured are kept as ranges.
        sheet(after='<conditionalFormatting sqref="A1:XFD1048576"/><autoFilter ref="A1:XFD1048576"/>'),
        b'<c:chart xmlns:c="c"><c:c r="XFD1048576"/></c:chart>',
        sheet('<row r="1"><c r="?"/></row>', '<mergeCells><mergeCell ref="all"/></mergeCells>'),
    ],
)
def test_what_makes_no_cells_does_not_count(part: bytes) -> None:
    check_reach([part], 1_000)


def test_a_part_that_is_no_xml_is_refused() -> None:
    with pytest.raises(WorkbookContainerError):
        check_reach([b"<worksheet>"], 1_000)
    with pytest.raises(WorkbookContainerError):
        check_reach([b"<a>" + b"<b/>" * 400_000 + b"</a>"], 1_000)


def in_book(changed: bytes) -> Iterator[tuple[str, bytes]]:
    made = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "{{coverage}}"
    book.active["A1"].comment = Comment("见表", "甲")
    book.save(made)
    with zipfile.ZipFile(made) as whole:
        for name in whole.namelist():
            yield name, changed if name == "xl/worksheets/sheet1.xml" else whole.read(name)


@pytest.mark.parametrize("part", FAR[:-1])
def test_a_workbook_that_reaches_too_far_is_not_filled(part: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, content in in_book(part):
            made.writestr(name, content)
    # It is refused before the program that keeps every place sees it.
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    with pytest.raises(ExchangeFileError) as refused:
        fill_workbook(data.getvalue(), {"coverage": "5%"})
    assert "占用的行列" in str(refused.value) or "占同一个位置" in str(refused.value)
