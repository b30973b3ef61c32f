"""A cell that shows 000123 is imported as 000123, whatever program wrote the workbook; a number of people stays a number."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "sheet" / "book"))

from book_files import number_formats, ods, record, rows_of_texts, text_cell, xls, xlsx

from engine.register.import_result import ImportResult, read_register
from engine.register.uscc import check_digit


def code(number: int) -> str:
    begin = f"91990102MA{number:07}"
    return begin + check_digit(begin)


CODE = code(7)
TITLES = ["统一社会信用代码", "企业名称", "住所", "从业人数"]


def read(folder: Path, data: bytes) -> ImportResult:
    file = folder / "名录"
    file.write_bytes(data)
    return read_register("objects", file)


def an_xlsx(shape: str, people: str) -> bytes:
    styles = (
        f'<numFmts><numFmt numFmtId="170" formatCode="{shape}"/><numFmt numFmtId="171" formatCode="{people}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>'
    )
    row = f'<row>{text_cell(CODE)}{text_cell("示例")}<c s="1"><v>123</v></c><c s="2"><v>12</v></c></row>'
    return xlsx(rows_of_texts([TITLES]) + row, styles=styles)


def an_xls(shape: str, people: str) -> bytes:
    texts = [*TITLES, CODE, "示例"]
    cells = [record(0xFD, struct.pack("<3HI", 0, place, 0, place)) for place in range(4)]
    cells += [record(0xFD, struct.pack("<3HI", 1, place, 0, 4 + place)) for place in range(2)]
    # A number by itself, and several beside each other.
    cells += [record(0xBD, struct.pack("<2HHIHIH", 1, 2, 1, 123 << 2 | 2, 2, 12 << 2 | 2, 3))]
    return xls({"名册": b"".join(cells)}, texts, styles=number_formats(shape, people))


NUMBER_STYLE = (
    '<number:number-style style:name="N{name}" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0">'
    '{before}<number:number number:decimal-places="0" number:min-integer-digits="{digits}"/>{after}</number:number-style>'
    '<style:style style:name="ce{name}" style:family="table-cell" style:data-style-name="N{name}"/>'
)


def an_ods(digits: int, before: str, after: str) -> bytes:
    def literal(text: str) -> str:
        return f"<number:text>{text}</number:text>" if text else ""

    styles = NUMBER_STYLE.format(name=1, digits=digits, before=literal(before), after=literal(after))
    styles += NUMBER_STYLE.format(name=2, digits=1, before="", after=literal("人"))

    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def text(words: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'

    def number(style: str, value: str) -> str:
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="float" office:value="{value}">'
            f"<text:p>?</text:p></table:table-cell>"
        )

    rows = row(*map(text, TITLES)) + row(text(CODE), text("示例"), number("ce1", "123"), number("ce2", "12"))
    return ods(f'<table:table table:name="名册">{rows}</table:table>', styles=styles)


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (an_xlsx("000000", "0&quot;人&quot;"), "000123"),
        (an_xlsx("&quot;证&quot;0&quot;号&quot;", "00000"), "证123号"),
        (an_xls("000000", '0"人"'), "000123"),
        (an_xls('"证"0"号"', "00000"), "证123号"),
        (an_ods(6, "", ""), "000123"),
        (an_ods(1, "证", "号"), "证123号"),
    ],
    ids=["xlsx", "xlsx-words", "xls", "xls-words", "ods", "ods-words"],
)
def test_what_is_shown_counts_and_a_number_stays_one(tmp_path: Path, data: bytes, shown: str) -> None:
    found = read(tmp_path, data)
    assert (found.problems, found.faults) == ((), ())
    (entry,) = found.entries
    assert (entry.data["address"], entry.data["employees"]) == (shown, 12)
    assert [str(note) for note in found.notes if "显示的与存盘的不同" in str(note)]


def test_what_cannot_be_shown_alike_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, an_xlsx("[DBNum1]0", "0"))
    (entry,) = found.entries
    assert entry.data["address"] == "123"
    (note,) = [str(note) for note in found.notes if "显示的与存盘的不同" in str(note)]
    assert "1 格显示的与存盘的不同（如第 2 行，格式“[DBNum1]0”），这种格式不能照读" in note


def test_an_ordinary_format_says_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, an_xlsx("0", "#,##0"))
    (entry,) = found.entries
    assert (entry.data["address"], entry.data["employees"]) == ("123", 12)
    assert not [note for note in found.notes if "显示的" in str(note)]


def test_a_large_sheet_is_cut_and_still_shows_its_formats(tmp_path: Path) -> None:
    styles = '<numFmts><numFmt numFmtId="170" formatCode="000000"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>'
    rows = "".join(
        f'<row><c t="str"><v>{code(row)}</v></c><c t="str"><v>示例</v></c><c s="{row % 3 and 1}"><v>{row}</v></c></row>'
        for row in range(12_000)
    )
    found = read(tmp_path, xlsx(rows_of_texts([TITLES[:3]]) + rows, styles=styles))
    assert found.problems == ()
    assert all(
        entry.data["address"] == (f"{row:06}" if row % 3 else str(row))
        for row, entry in enumerate(found.entries)
    )


def test_too_many_changes_of_format_are_refused_with_the_bound(tmp_path: Path) -> None:
    styles = '<numFmts><numFmt numFmtId="170" formatCode="000000"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>'
    row = (
        '<row><c t="str"><v>a</v></c>'
        + '<c s="1"><v>1</v></c>' * 9
        + '</row><row><c t="str"><v>a</v></c></row>'
    )
    found = read(tmp_path, xlsx(rows_of_texts([TITLES]) + row * 8_000, styles=styles))
    (fault,) = found.faults
    assert "单元格格式太多（最多 6" in str(fault)
    assert "CSV UTF-8" in str(fault)


def test_a_dense_sheet_is_refused_with_the_bound_and_what_to_do(tmp_path: Path) -> None:
    # Two cells in thirty places.
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="AD{row}"><v>1</v></c></row>'
        for row in range(2, 30_000)
    )
    (fault,) = read(tmp_path, xlsx(rows_of_texts([TITLES]).replace("<row>", '<row r="1">') + rows)).faults
    assert "占用的行列太多（最多 8" in str(fault)
    assert "格），没有读" in str(fault)
    assert "另存为 CSV UTF-8" in str(fault)
