"""Writing rows as the workbook a platform takes in, or as CSV: the same rows give the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from engine.exchange.cells import as_number, format_cell
from engine.exchange.formats import ExchangeFormat, FormatColumn
from engine.exchange.rows import FormatRow
from engine.kernel.formula_guard import guarded

if TYPE_CHECKING:
    from openpyxl import Workbook

#: Zip and workbook keep times; the same rows are to give the same file.
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a mark in the file, no time of anything
#: Names of sheets may have so many characters, and none of these.
_SHEET_NAME = 31
_NO_SHEET = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def as_csv(used: ExchangeFormat, rows: Sequence[FormatRow]) -> bytes:
    """Return the rows as CSV in UTF-8 with its mark, so that Excel opens it right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.title for column in used.columns.values()])
    for row in rows:
        writer.writerow([_csv_cell(column, row.cells.get(column.id, "")) for column in used.columns.values()])
    return out.getvalue().encode("utf-8-sig")


def as_workbook(used: ExchangeFormat, rows: Sequence[FormatRow]) -> bytes:
    """Return the rows as a workbook (.xlsx): texts as texts, so that long codes keep their digits, numbers as numbers."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    if sheet is None or not hasattr(sheet, "cell"):
        raise AssertionError("a new workbook has one worksheet")
    sheet.title = used.sheet.translate(_NO_SHEET)[:_SHEET_NAME].strip() or used.id[:_SHEET_NAME]
    sheet.freeze_panes = "A2"
    for place, column in enumerate(used.columns.values(), 1):
        head = sheet.cell(1, place)
        head.value, head.data_type, head.font = column.title, "s", Font(bold=True)
        for line, row in enumerate(rows, 2):
            text = row.cells.get(column.id, "")
            if not text:
                continue
            cell = sheet.cell(line, place)
            number = as_number(column, text)
            if number is not None:
                cell.value = number
                continue
            cell.number_format = "@"
            # Given as what it is: a text that begins with "=" would be a formula.
            cell.value, cell.data_type = format_cell(column, text), "s"
    return saved(book)


def sheet_of(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows of texts, the first of them titles, as a workbook of one sheet; nothing in it is a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    if sheet is None or not hasattr(sheet, "cell"):
        raise AssertionError("a new workbook has one worksheet")
    sheet.title = title.translate(_NO_SHEET)[:_SHEET_NAME].strip() or "1"
    sheet.freeze_panes = "A2"
    for line, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(line, place)
                cell.number_format = "@"
                cell.value, cell.data_type = text, "s"
            if line == 1:
                sheet.cell(line, place).font = Font(bold=True)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook as the bytes of its file, which do not depend on when it was made."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = _MADE_AT
    book.properties.creator = ""
    first = io.BytesIO()
    with zipfile.ZipFile(first, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    out = io.BytesIO()
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, made.read(name))
    return out.getvalue()


def _csv_cell(column: FormatColumn, text: str) -> str:
    return text if as_number(column, text) is not None else guarded(format_cell(column, text))
