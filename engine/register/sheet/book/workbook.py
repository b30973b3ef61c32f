"""The sheets of a workbook as rows of texts: what a pass over the file found, and the values as python-calamine reads them."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from types import TracebackType
from typing import Protocol

from python_calamine import CalamineError, CalamineWorkbook

from engine.register.sheet.book.compound_file import SIGNATURE
from engine.register.sheet.book.container import WorkbookContainer, WorkbookContainerError
from engine.register.sheet.book.facts import SheetFacts, SheetName
from engine.register.sheet.book.ods import OdsBook
from engine.register.sheet.book.xls import XlsBook
from engine.register.sheet.book.xlsx import XlsxBook
from engine.register.sheet.book.xlsx_sheet import number_text
from engine.register.sheet.limits import Limits

#: So many places are handed over as one list; of more, row by row.
_AT_ONCE = 50_000

Value = float | str | bool | time | date | datetime | timedelta


class BinaryError(WorkbookContainerError):
    """A binary workbook (.xlsb): nothing here looks through it, so it is not read."""


class OpenWorkbook(Protocol):
    """A workbook that was looked through."""

    form: str
    sheets: list[SheetName]

    def facts(self, sheet: SheetName) -> SheetFacts:
        """Return what is known of a sheet besides its values."""
        ...

    def blocks(self, sheet: SheetName) -> Iterator[tuple[int, bytes]]:
        """Yield files from which the values of the sheet are read, some rows in each, in their order.

        With each comes the row of the sheet, from 0, that its rows are counted from.
        """
        ...


def open_book(data: bytes) -> OpenWorkbook:
    """Return the workbook in the bytes of a file, by its content: .xlsx, .ods or .xls. Raises `WorkbookContainerError`."""
    limits = Limits.of(len(data))
    if data.startswith(SIGNATURE[:4]):
        return XlsBook(data, limits)
    container = WorkbookContainer(data, limits)
    if "content.xml" in container:
        return OdsBook(container, limits)
    if "xl/workbook.bin" in container:
        raise BinaryError
    return XlsxBook(container, limits)


def rows_of(
    book: OpenWorkbook, sheet: SheetName, facts: SheetFacts, held: Collection[int] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Yield (row as the office's program numbers it, texts of its cells) for each row that has any.

    Dates are ISO texts, with the time of day if there is one. Numbers are written plainly, those with more than 15
    digits as Excel shows them (``9.11301E+17``): they have lost digits, and whoever checks refuses them. What a number
    format shows besides (``000123``, ``第7号``) is taken as it is shown, but in the columns of `held`, counted from 0: there
    what the cell holds counts. A formula whose result was not saved begins with ``=``. Raises `WorkbookContainerError`.
    """
    instead = _by_row(facts)
    shown = facts.shown
    written = [column for column in shown.columns if column not in held] if shown is not None else []
    for above, block in book.blocks(sheet):
        first, left, rows = _values(block, int(sheet.place) if book.form == "xls" else 0)
        for number, row in enumerate(rows, above + first):
            texts = [""] * left
            texts += [value if isinstance(value, str) else _text(value) for value in row]
            if shown is not None:
                for column in written:
                    value = row[column - left] if left <= column < left + len(row) else ""
                    if value != "" and isinstance(value, (str, int, float)) and not isinstance(value, bool):
                        texts[column] = shown.text(number, column, value, texts[column])
            for column, text in instead.pop(number, ()):
                _place(texts, column, text)
            if any(texts):
                yield number + 1, texts
    for number, cells in sorted(instead.items()):
        texts = []
        for column, text in cells:
            _place(texts, column, text)
        yield number + 1, texts


def _values(block: bytes, place: int) -> tuple[int, int, Iterator[list[Value]]]:
    """Return the row and the column at which the filled part of a sheet begins, and its rows."""
    with _values_are_read():
        with CalamineWorkbook.from_filelike(io.BytesIO(block)) as opened:
            sheet = opened.get_sheet_by_index(place)
        if sheet.start is None:
            return 0, 0, iter(())
        if sheet.height * sheet.width <= _AT_ONCE:
            return *sheet.start, iter(sheet.to_python())
        # Here the rows before the first filled one come too.
        return 0, sheet.start[1], _one_by_one(sheet.iter_rows())


def _one_by_one(rows: Iterator[list[Value]]) -> Iterator[list[Value]]:
    while True:
        with _values_are_read():
            row = next(rows, None)
        if row is None:
            return
        yield row


def _by_row(facts: SheetFacts) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in facts.instead.items():
        found.setdefault(row, []).append((column, text))
    return found


def _place(texts: list[str], column: int, text: str) -> None:
    if column >= len(texts):
        texts.extend([""] * (column + 1 - len(texts)))
    texts[column] = text


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, datetime):
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, timedelta):
        return number_text(value / timedelta(days=1))
    return value if isinstance(value, str) else value.isoformat()


class _PanicGuard:
    """Raises `WorkbookContainerError` for a panic of the reader of values, whose class cannot be imported."""

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise WorkbookContainerError


@contextmanager
def _values_are_read() -> Iterator[None]:
    try:
        with _PanicGuard():
            yield
    except (CalamineError, OverflowError, ValueError, OSError) as error:
        raise WorkbookContainerError from error
