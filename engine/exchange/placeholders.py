"""The superior's own workbook, filled: ``{{name}}`` in its cells becomes the value of that name; the rest stays as it is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from engine.exchange.reach import TooFarError, check_reach
from engine.exchange.table_file import ExchangeFileError
from engine.exchange.writing import saved
from engine.files.containers import ZIP_ERRORS
from engine.kernel.clean_text import quoted
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.register.problem import FileProblem
from engine.register.sheet.book.container import WorkbookContainerError
from engine.register.sheet.book.workbook import open_book
from engine.register.sheet.excel_table import workbook_problem

_NAMED = re.compile(r"\{\{([^{}]{1,200})\}\}")
#: What openpyxl raises for parts it cannot make sense of, besides the errors of zips. It reads with lxml where that is
#: installed; both parsers raise a SyntaxError of Python.
_BOOK_ERRORS = (*ZIP_ERRORS, SyntaxError, OSError, ZeroDivisionError, RecursionError)
#: Parts of a workbook whose pictures, shapes and charts the writer leaves out or changes.
_DRAWN = ("xl/drawings/", "xl/charts/", "xl/embeddings/", "xl/pivotTables/")


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name in a cell that is none of ours."""

    sheet: str
    cell: str
    name: str
    hint: Message | None

    def __str__(self) -> str:
        said = quoted(say("{sheet}!{cell}：没有“{name}”", sheet=self.sheet, cell=self.cell, name=self.name))
        return str(said) if self.hint is None else f"{said}{say('（提示：{hint}）', hint=self.hint)}"


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of a workbook. Without `content` nothing is to be written: names are unknown, or there are none."""

    content: bytes | None
    filled: int
    unknown: tuple[UnknownName, ...] = ()
    #: Parts of the file that are not carried over as they were.
    changed: tuple[str, ...] = ()


def fill_workbook(data: bytes, values: Mapping[str, str | int | Fraction]) -> Filled:
    """Return the workbook with each ``{{name}}`` replaced. Raises `ExchangeFileError` for a file that is no .xlsx workbook."""
    drawn = _looked_through(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data))
        unknown = []
        filled = 0
        for sheet in book.worksheets:
            for cells in sheet.iter_rows():
                for cell in cells:
                    text = cell.value
                    if not isinstance(text, str):
                        continue
                    names = [name for found in _NAMED.findall(text) if (name := found.strip())]
                    if not names:
                        continue
                    wrong = [name for name in names if name not in values]
                    unknown += [
                        UnknownName(sheet.title, cell.coordinate, name, did_you_mean(name, values))
                        for name in dict.fromkeys(wrong)
                    ]
                    if wrong:
                        continue
                    filled += len(names)
                    whole = _NAMED.fullmatch(text.strip())
                    value = values[whole[1].strip()] if whole else None
                    if isinstance(value, int):
                        cell.value = value
                    else:
                        cell.value = _NAMED.sub(partial(_value, values), text)
                        cell.data_type = "s"
        content = saved(book) if filled and not unknown else None
    except _BOOK_ERRORS as error:
        raise ExchangeFileError(workbook_problem(WorkbookContainerError())) from error
    return Filled(content, filled, tuple(unknown), drawn)


def _value(values: Mapping[str, str | int | Fraction], found: re.Match[str]) -> str:
    name = found[1].strip()
    return str(values[name]) if name else found[0]


def _looked_through(data: bytes) -> tuple[str, ...]:
    """Refuse a file that is not a sound workbook within the bounds; return the parts that are not kept as they are."""
    try:
        book = open_book(data)
        if book.form != "xlsx":
            raise ExchangeFileError(
                FileProblem(say("只填 .xlsx 工作簿"), say("请在 Excel 或 WPS 中打开，另存为 .xlsx"))
            )
        for one in book.sheets:
            book.facts(one)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            for name in names:
                if name.endswith(".rels") and b"<!DOCTYPE" in archive.read(name):
                    raise WorkbookContainerError(name)
            # The pass over the other parts refuses a document type, too.
            check_reach((archive.read(name) for name in names if name.endswith(".xml")), len(data))
    except TooFarError as error:
        raise ExchangeFileError(
            FileProblem(
                say("工作簿占用的行列超过 {most} 格（空格也算），没有填", most=error.most),
                say("请在 Excel 或 WPS 中删去表格右边、下边不用的行、列、格式和合并，再填"),
            )
        ) from error
    except (WorkbookContainerError, *ZIP_ERRORS, OSError) as error:
        problem = error if isinstance(error, WorkbookContainerError) else WorkbookContainerError()
        raise ExchangeFileError(workbook_problem(problem)) from error
    return tuple(sorted({part for part in _DRAWN if any(name.startswith(part) for name in names)}))
