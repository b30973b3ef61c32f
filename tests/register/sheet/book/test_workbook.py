"""Which workbook a file is, and its rows as texts."""

from __future__ import annotations

import pytest
from book_files import ods, ods_cell, rows_of_texts, xls, xlsx, xlsx_parts, zipped

from engine.register.sheet.book.compound_file import SIGNATURE
from engine.register.sheet.book.container import WorkbookContainerError
from engine.register.sheet.book.workbook import BinaryError, open_book, rows_of

ROWS = [["企业名称", "片区"], ["示例甲", "东"]]


def test_the_content_says_which_workbook_it_is() -> None:
    table = f'<table:table table:name="表"><table:table-row>{ods_cell("甲")}</table:table-row></table:table>'
    assert type(open_book(xlsx(rows_of_texts(ROWS)))).__name__ == "XlsxBook"
    assert type(open_book(ods(table))).__name__ == "OdsBook"
    assert type(open_book(xls({"表": b""}))).__name__ == "XlsBook"


def test_rows_have_the_numbers_the_office_program_shows() -> None:
    book = open_book(
        xlsx('<row r="3"><c r="B3"><v>7</v></c></row>' + '<row r="5"><c r="A5"><v>1.50</v></c></row>')
    )
    (sheet,) = book.sheets
    assert list(rows_of(book, sheet, book.facts(sheet))) == [(3, ["", "7"]), (5, ["1.5", ""])]


def test_a_binary_workbook_and_what_is_none_are_refused() -> None:
    with pytest.raises(BinaryError):
        open_book(zipped({"xl/workbook.bin": b"x"}))
    parts = xlsx_parts(rows_of_texts(ROWS))
    del parts["xl/workbook.xml"]
    for data in (b"", b"PK", SIGNATURE, zipped(parts)):
        with pytest.raises(WorkbookContainerError):
            open_book(data)


@pytest.mark.parametrize(
    "behind",
    [
        "<headerFooter><oddHeader>&amp;C第 1 页</oddHeader></headerFooter>",
        '<dataValidations><dataValidation sqref="A1"><formula1>"1,2"</formula1></dataValidation></dataValidations>',
    ],
)
def test_what_is_written_behind_the_cells_is_no_part_of_the_last_one(behind: str) -> None:
    parts = xlsx_parts('<row r="1"><c r="A1"><v>7</v></c></row>')
    (name,) = (one for one in parts if one.startswith("xl/worksheets/"))
    sheet_xml = parts[name]
    text = sheet_xml if isinstance(sheet_xml, str) else sheet_xml.decode()
    parts[name] = text.replace("</sheetData>", f"</sheetData>{behind}")
    parts["xl/styles.xml"] = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    parts[name] = parts[name].replace('<c r="A1">', '<c r="A1" s="0">')
    book = open_book(zipped(parts))
    (sheet,) = book.sheets
    assert [texts for _, texts in rows_of(book, sheet, book.facts(sheet))] == [["7"]]
