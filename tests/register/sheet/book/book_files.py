"""Workbooks written by hand, as programs of offices write them: .xlsx, .ods and .xls."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.register.sheet.book.compound_file import compound_file
from engine.register.sheet.book.container import WorkbookContainerError
from engine.register.sheet.book.workbook import open_book, rows_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"

Rows = list[tuple[int, list[str]]]


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def links(targets: Sequence[tuple[str, str, str]]) -> str:
    """Return the relations (id, kind, target) of a part."""
    inside = "".join(
        f'<Relationship Id="{link}" Type="{RELATED}/{kind}" Target="{target}"/>'
        for link, kind, target in targets
    )
    return f'<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'


def xlsx_parts(
    sheet: str,
    *,
    strings: str | None = None,
    styles: str | None = None,
    name: str = "名册",
    properties: str = "",
    more: str = "",
    data: bool = True,
) -> dict[str, str]:
    """Return the parts of a workbook with one worksheet; `sheet` are its rows, `more` what comes after them."""
    inside = f"<sheetData>{sheet}</sheetData>{more}" if data else sheet
    targets = [("r1", "worksheet", "worksheets/one.xml")]
    parts = {
        "_rels/.rels": links([("r0", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}">{properties}<sheets>'
        f'<sheet name={quoteattr(name)} sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/one.xml": f'<worksheet xmlns="{MAIN}">{inside}</worksheet>',
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
        targets.append(("r2", "sharedStrings", "sharedStrings.xml"))
    if styles is not None:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
        targets.append(("r3", "styles", "styles.xml"))
    parts["xl/_rels/workbook.xml.rels"] = links(targets)
    return parts


def xlsx(sheet: str, **how: str | bool | None) -> bytes:
    """Return a workbook with one worksheet of these rows."""
    return zipped(xlsx_parts(sheet, **how))  # type: ignore[arg-type] # the same words


def text_cell(text: str) -> str:
    """Return a cell that holds its text itself."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def rows_of_texts(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells that hold their texts themselves."""
    return "".join(f"<row>{''.join(map(text_cell, row))}</row>" for row in rows)


def ods(tables: str, *, styles: str = "") -> bytes:
    """Return a spreadsheet of these tables."""
    spaces = " ".join(
        f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text", "style", "fo")
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mime, "content.xml": content})


def ods_cell(text: str, attributes: str = "") -> str:
    """Return a cell with a text."""
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{escape(text)}</text:p></table:table-cell>'


def record(kind: int, body: bytes) -> bytes:
    """Return a record of BIFF8."""
    return struct.pack("<2H", kind, len(body)) + body


def number_formats(*codes: str) -> bytes:
    """Return the records of cell formats: the first ordinary, then one for each number format."""
    formats = b"".join(
        record(0x41E, struct.pack("<HHB", 170 + place, len(code), 1) + code.encode("utf-16-le"))
        for place, code in enumerate(codes)
    )
    cells = (
        record(0xE0, struct.pack("<HH", 0, number) + bytes(16))
        for number in (0, *range(170, 170 + len(codes)))
    )
    return formats + b"".join(cells)


def xls_stream(
    sheets: Mapping[str, bytes], strings: Sequence[str] = (), hidden: Sequence[str] = (), styles: bytes = b""
) -> bytes:
    """Return the stream of a workbook; each sheet is its records between the first and the last."""
    shared = struct.pack("<2I", len(strings), len(strings)) + b"".join(
        struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in strings
    )

    def globals_with(starts: Sequence[int]) -> bytes:
        out = record(0x809, struct.pack("<4H2I", 0x600, 5, 0, 1997, 0, 0))
        for name, start in zip(sheets, starts, strict=True):
            state = 1 if name in hidden else 0
            head = struct.pack("<I2B2B", start, state, 0, len(name), 1)
            out += record(0x85, head + name.encode("utf-16-le"))
        return out + styles + record(0xFC, shared) + record(0x0A, b"")

    begin = record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0, 1997, 0, 0))
    starts, at = [], len(globals_with([0] * len(sheets)))
    bodies = []
    for body in sheets.values():
        bodies.append(begin + body + record(0x0A, b""))
        starts.append(at)
        at += len(bodies[-1])
    return globals_with(starts) + b"".join(bodies)


def xls(
    sheets: Mapping[str, bytes], strings: Sequence[str] = (), hidden: Sequence[str] = (), styles: bytes = b""
) -> bytes:
    """Return an old workbook."""
    return compound_file("Workbook", xls_stream(sheets, strings, hidden, styles))


def shared_cell(row: int, column: int, index: int) -> bytes:
    """Return a cell of an old workbook that holds a shared text."""
    return record(0xFD, struct.pack("<3HI", row, column, 0, index))


def number_cell(row: int, column: int, value: float) -> bytes:
    """Return a cell of an old workbook that holds a number."""
    return record(0x203, struct.pack("<3Hd", row, column, 0, value))


def read(data: bytes) -> Rows:
    """Return the rows of the first sheet."""
    book = open_book(data)
    return list(rows_of(book, book.sheets[0], book.facts(book.sheets[0])))


def read_all(data: bytes) -> None:
    """Read every sheet of a workbook, as an import would look at them. Raises `WorkbookContainerError` alone."""
    try:
        book = open_book(data)
        for sheet in book.sheets:
            for _ in rows_of(book, sheet, book.facts(sheet)):
                pass
    except WorkbookContainerError as error:
        # What it says may be empty; the sentence is made by whoever asked.
        str(error)
