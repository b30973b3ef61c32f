"""The sheets of a workbook that make up an XLSForm: rows by header, with what is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from engine.authoring.xlsform.cell_problem import BookCell, CellProblem
from engine.kernel.clean_text import clean, without_invisible
from engine.language import Message, say
from engine.register.sheet.book.container import WorkbookContainerError
from engine.register.sheet.book.facts import SheetFacts
from engine.register.sheet.book.workbook import open_book, rows_of
from engine.register.sheet.excel_table import workbook_problem
from engine.register.sheet.limits import MAX_SHEETS
from engine.yamltext.problem import Severity

#: A form of more rows, or a list of more choices, is no form.
MAX_ROWS = 20_000
#: Longer cells are no questions.
MAX_CHARACTERS = 20_000


class XlsFormError(Exception):
    """Nothing can be made of the file; `message` says why, `hint` what to do, `problems` what was seen in its cells."""

    def __init__(
        self, message: Message, hint: Message | None = None, problems: Sequence[CellProblem] = ()
    ) -> None:
        super().__init__(message.text)
        self.message = message
        self.hint = hint
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: header -> text of the cell, blank cells left out."""

    sheet: str
    number: int
    texts: Mapping[str, str]
    columns: Mapping[str, tuple[str, str]]

    def get(self, header: str) -> str:
        """Return the text under a header; empty where there is none."""
        return self.texts.get(header, "")

    def cell(self, header: str) -> BookCell:
        """Return the place of a cell of this row."""
        letters, title = self.columns.get(header, ("", header))
        return BookCell(self.sheet, self.number, letters, title)


@dataclass(slots=True)
class FormSheet:
    """One sheet, its header folded: lower case, one blank, underscores as blanks are."""

    name: str
    #: Folded header -> (letters of the column, the header as written).
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rows: Sequence[SheetRow] = ()

    def header(self, name: str) -> BookCell:
        """Return the place of a header."""
        letters, title = self.columns.get(name, ("", name))
        return BookCell(self.name, 1, letters, title)


def letters(column: int) -> str:
    """Return what a spreadsheet calls a column; `column` counts from 0."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def folded_header(text: str) -> str:
    """Return a header as it is compared: ``Label :: English`` and ``label::english`` are one."""
    parts = [" ".join(part.split()).replace(" ", "_") for part in clean(text).lower().split("::")]
    return "::".join(part.strip("_") for part in parts)


def read_sheets(data: bytes, problems: list[CellProblem]) -> dict[str, FormSheet]:
    """Return the sheets of a workbook by their folded names. Raises `XlsFormError`."""
    if not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise XlsFormError(
            say("这不是工作簿（.xlsx、.xls 或 .ods）"), say("请在 Excel 或 WPS 中打开，另存为 .xlsx")
        )
    try:
        book = open_book(data)
        if len(book.sheets) > MAX_SHEETS:
            raise XlsFormError(
                say("工作簿有 {count} 个工作表，最多 {most} 个", count=len(book.sheets), most=MAX_SHEETS)
            )
        found: dict[str, FormSheet] = {}
        for one in book.sheets:
            name = clean(one.name).lower().strip()
            if name not in ("survey", "choices", "settings"):
                message = say("工作表“{name}”不是 survey、choices、settings 之一，没有读", name=one.name)
                problems.append(CellProblem(BookCell(one.name), "sheet-ignored", Severity.ADVICE, message))
                continue
            if name in found:
                raise XlsFormError(say("有两个工作表都叫“{name}”", name=name))
            facts = book.facts(one)
            found[name] = _sheet(one.name, rows_of(book, one, facts), facts, problems)
            if not one.visible:
                message = say("这个工作表是隐藏的，也读了")
                problems.append(CellProblem(BookCell(one.name), "hidden", Severity.WARNING, message))
    except WorkbookContainerError as error:
        problem = workbook_problem(error)
        raise XlsFormError(problem.message, problem.hint) from error
    if "survey" not in found:
        raise XlsFormError(
            say("工作簿里没有名为 survey 的工作表"),
            say("XLSForm 的问题写在 survey 表里，选项写在 choices 表里"),
        )
    return found


def _sheet(
    name: str, rows: Iterator[tuple[int, Sequence[str]]], facts: SheetFacts, problems: list[CellProblem]
) -> FormSheet:
    first = next(rows, None)
    if first is None:
        return FormSheet(name)
    columns: dict[str, tuple[str, str]] = {}
    places: dict[int, str] = {}
    for place, text in enumerate(first[1]):
        header = folded_header(text)
        if not header:
            continue
        cell = BookCell(name, first[0], letters(place), text.strip())
        if header in columns:
            message = say("有两列都叫“{name}”，只读了前一列", name=text.strip())
            problems.append(CellProblem(cell, "duplicate-column", Severity.ERROR, message))
            continue
        columns[header] = (cell.column, cell.title)
        places[place] = header
        if facts.column_hidden(place):
            message = say("这一列是隐藏的，也读了")
            problems.append(CellProblem(cell, "hidden", Severity.WARNING, message))
    kept: list[SheetRow] = []
    hidden = set(facts.hidden_rows)
    for number, texts in islice(rows, MAX_ROWS + 1):
        if len(kept) == MAX_ROWS:
            raise XlsFormError(say("工作表“{name}”超过 {most} 行", name=name, most=MAX_ROWS))
        row = {
            places[place]: without_invisible(text.replace("\r\n", "\n")).strip()[:MAX_CHARACTERS]
            for place, text in enumerate(texts)
            if place in places and text.strip()
        }
        row = {header: text for header, text in row.items() if text}
        if not row:
            continue
        kept.append(SheetRow(name, number, row, columns))
        if number - 1 in hidden:
            message = say("这一行是隐藏的，也读了")
            problems.append(CellProblem(BookCell(name, number), "hidden", Severity.WARNING, message))
    return FormSheet(name, columns, kept)
