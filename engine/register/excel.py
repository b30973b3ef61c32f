"""A register in an Excel workbook, read row by row. openpyxl is imported only when one is read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from engine.language import Message, say
from engine.register.columns import Profile
from engine.register.header import SEARCHED, Header, find_header, header_problems, no_header
from engine.register.problem import FileProblem
from engine.register.table import Table, Unreadable

#: Unpacked, a workbook may be so large; one that unpacks to more is refused before it is unpacked.
MOST_UNPACKED = 1_000_000_000
#: Excel keeps 15 digits of a number; a longer code typed as a number has lost the rest.
_DIGITS_KEPT = 10**15

# What openpyxl raises on a damaged workbook is not one family.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, KeyError, ValueError, IndexError, TypeError,
    AttributeError, NotImplementedError,
)  # fmt: skip

Rows = Iterator[tuple[int, Sequence[str]]]


def read_workbook(data: bytes, profile: Profile, sheet: str | None = None) -> Table:
    """Return the table in a workbook: on `sheet`, or on the only visible sheet with the register's header.

    Raises `Unreadable`; so does going through the rows, where the workbook turns out to be damaged.
    """
    book = _open(data)
    names = [name for name in book.sheetnames if getattr(book[name], "sheet_state", "") == "visible"]
    if sheet is not None:
        if sheet not in book.sheetnames:
            raise Unreadable(
                FileProblem(say("没有名为“{name}”的工作表", name=sheet), say("现有：{names}", names=names))
            )
        names = [sheet]
    usable: list[tuple[str, Header]] = []
    wrong: list[FileProblem] = []
    for name in names:
        first = list(islice(_rows(book[name]), SEARCHED))
        header = find_header(first, profile)
        problems = header_problems(header, profile) if header else (no_header(first, profile),)
        if header is not None and not problems:
            usable.append((name, header))
        else:
            wrong += [
                FileProblem(
                    problem.message, problem.hint, problem.row, say("工作表“{name}”", name=name).render()
                )
                for problem in problems
            ]
    if not usable:
        raise Unreadable(*wrong)
    if len(usable) > 1:
        raise Unreadable(
            FileProblem(
                say(
                    "{count} 个工作表都像{register}：{names}",
                    count=len(usable),
                    register=profile.title,
                    names=[n for n, _ in usable],
                ),
                say("请用 --sheet 指明一个，或分成几个文件"),
            )
        )
    name, header = usable[0]
    notes: tuple[Message, ...] = (say("读取工作表“{name}”", name=name),) if len(book.sheetnames) > 1 else ()
    return Table(header, _body(book, name, header.row), notes)


def _open(data: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable(
                FileProblem(
                    say(
                        "文件展开后有 {size} MB，超过 {most} MB",
                        size=unpacked // 10**6,
                        most=MOST_UNPACKED // 10**6,
                    )
                )
            )
        import openpyxl

        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except _DAMAGED as error:
        raise Unreadable(_damaged()) from error


def _damaged() -> FileProblem:
    return FileProblem(
        say("文件不是完好的 Excel 工作簿（.xlsx）"), say("请在 Excel 或 WPS 中打开，另存为 .xlsx，再导入")
    )


def _body(book: Any, name: str, header_row: int) -> Rows:
    try:
        yield from (row for row in _rows(book[name]) if row[0] > header_row)
    finally:
        book.close()


def _rows(sheet: Any) -> Rows:
    # Workbooks of some programs give a wrong size; the rows themselves are right.
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if any(value is not None for value in values):
                yield number, [_text(value) if value.__class__ is not str else value for value in values]
    except _DAMAGED as error:
        raise Unreadable(_damaged()) from error


def _text(value: Any) -> str:
    """Return a cell's value as text; a number that is too long for Excel is shown as Excel shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= _DIGITS_KEPT:
            return f"{value:.5E}"
        return str(int(value)) if value == int(value) else format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    # Array formulas and data tables are objects; all that matters is that they are formulas.
    return f"={getattr(value, 'text', '') or ''}" if hasattr(value, "ref") else str(value)
