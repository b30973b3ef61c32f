"""A format for a platform nobody has described yet, made from the head line of a file of its own.

Each column is compared with what is known: the columns of registers, of shipped formats, and the fields of forms. What is
found gets its value; what is not is ``by_hand``, with a mark for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.exchange.cells import CellError, read_cell
from engine.exchange.formats import CellKind, ExchangeFormat, FormatColumn, folded_title
from engine.exchange.table_file import ExchangeFileError
from engine.kernel.clean_text import clean
from engine.language import say
from engine.register.problem import FileProblem
from engine.register.profile import built_in
from engine.register.sheet.book.container import WorkbookContainerError
from engine.register.sheet.book.workbook import open_book, rows_of
from engine.register.sheet.excel_table import workbook_problem

#: The head line is looked for in so many rows.
SEARCHED = 15
#: So many different texts in a column are listed as its code values.
MAX_CODES = 20
_ROWS_LOOKED_AT = 500
_MAX_CODE_LENGTH = 30
#: Comments of the new file, for whoever completes it.
_HEAD = "# 由 FILE 的表头生成。请逐列核对；写着“待核”的须补上来源（value）或确认由人手填（by_hand）。"
_KEY = "key: [NAME]  # 哪几列把一行与别的行区别开，请核对"
_OPEN = "  # 待核"
#: Kinds tried on what is in a column, the narrowest first.
_TRIED = (CellKind.CREDIT_CODE, CellKind.DATE, CellKind.DATETIME)


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """A column whose value is known: its titles, and where the value comes from."""

    titles: tuple[str, ...]
    value: str
    kind: CellKind = CellKind.TEXT
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The text of a new format, and how much of it is left to a person."""

    text: str
    columns: int
    found: int


def known_columns(
    formats: Iterable[ExchangeFormat], of: str, fields: Iterable[KnownColumn] = ()
) -> list[KnownColumn]:
    """Return what is known of titles: of shipped formats for the same rows, of the register of objects, and of `fields`."""
    found = [
        KnownColumn((column.title, *column.also), column.value.source, column.kind, tuple(column.codes))
        for one in formats
        if one.rows.of == of
        for column in one.columns.values()
        if column.value is not None
    ]
    root = "entry" if of in ("objects", "inspectors", "items", "experts", "people") else "subject"
    register = built_in(of if root == "entry" else "objects")
    found += [KnownColumn((one.title, *one.also), f"{root}.{one.id}") for one in register.columns.values()]
    return [*found, *fields]


def head_line(data: bytes) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Return the titles of the head line of a file and the rows below it. Raises `ExchangeFileError`.

    The head line is the fullest of the first rows; of several equally full ones the first.
    """
    rows = _first_rows(data)
    if not rows:
        raise ExchangeFileError(FileProblem(say("表是空的")))
    head = max(range(min(len(rows), SEARCHED)), key=lambda place: (_filled(rows[place]), -place))
    return [clean(cell) for cell in rows[head]], rows[head + 1 :]


def outline_of(name: str, of: str, data: bytes, known: Sequence[KnownColumn], file: str) -> Outline:
    """Return the YAML of a format made from a file. Raises `ExchangeFileError` where it has no head line."""
    titles, rows = head_line(data)
    register = of in ("objects", "inspectors", "items", "experts", "people")
    lines = [
        _HEAD.replace("FILE", file),
        f"exchange: {name}",
        f"title: {name}",
        f"source: {_quoted(file)}",
        f"rows: {{{'register' if register else 'cases'}: {of}}}",
    ]
    columns: list[str] = []
    key = ""
    used: set[str] = set()
    found = 0
    for place, title in enumerate(titles):
        if not title or title in used:
            continue
        used.add(title)
        cells = [
            clean(row[place]) for row in rows[:_ROWS_LOOKED_AT] if place < len(row) and clean(row[place])
        ]
        identity = f"c{place + 1}"
        wanted = _without_remark(folded_title(title))
        match = next((one for one in known if any(wanted == folded_title(own) for own in one.titles)), None)
        found += match is not None
        text, code = _column(title, match, cells)
        columns.append(f"  - {identity}: {{{text}}}" + ("" if match else _OPEN))
        if code and not key:
            key = identity
    lines += [_KEY.replace("NAME", key or "c1"), "columns:", *columns]
    return Outline("\n".join(lines) + "\n", len(columns), found)


def _column(title: str, match: KnownColumn | None, cells: Sequence[str]) -> tuple[str, bool]:
    """Return the text of a column, and whether it may tell rows apart."""
    kind = match.kind if match is not None and match.kind is not CellKind.TEXT else _kind(cells)
    parts = [f"title: {_quoted(title)}"]
    if kind is not CellKind.TEXT:
        parts.append(f"type: {kind.value}")
    if "*" in title:
        parts.append("required: true")
    if match is None:
        parts.append("by_hand: true")
    else:
        parts.append(f"value: {_quoted(match.value)}")
    seen = list(dict.fromkeys(cells))
    if match is not None and match.codes and seen and len(seen) <= MAX_CODES:
        pairs = ", ".join(f"{code}: {_quoted(seen[0])}" for code in match.codes)
        parts.append(f"codes: {{{pairs}}}")
    elif (
        match is None and 0 < len(seen) <= MAX_CODES < len(cells) and max(map(len, seen)) <= _MAX_CODE_LENGTH
    ):
        pairs = ", ".join(f"{_quoted(one)}: {_quoted(one)}" for one in seen)
        parts.append(f"codes: {{{pairs}}}")
    return ", ".join(parts), kind is CellKind.CREDIT_CODE


def _kind(cells: Sequence[str]) -> CellKind:
    for kind in _TRIED:
        column = FormatColumn(id="c", title="", kind=kind)
        try:
            for cell in cells:
                read_cell(column, cell)
        except CellError:
            continue
        if cells:
            return kind
    return CellKind.TEXT


def _without_remark(title: str) -> str:
    """Return a title without what is in brackets at its end, from the first bracket on."""
    if not title.endswith((")", "）")):
        return title
    first = [place for place in map(title.find, "(（") if place >= 0]
    return title[: min(first)] if first else title


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) and not cell.strip().isdigit() for cell in row)


def _first_rows(data: bytes) -> list[Sequence[str]]:
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        try:
            book = open_book(data)
            sheet = next((one for one in book.sheets if one.visible), None)
            if sheet is None:
                return []
            rows = rows_of(book, sheet, book.facts(sheet))
            return [cells for (_, cells), _ in zip(rows, range(_ROWS_LOOKED_AT + SEARCHED), strict=False)]
        except WorkbookContainerError as error:
            raise ExchangeFileError(workbook_problem(error)) from error
    return _csv_rows(data)


def _csv_rows(data: bytes) -> list[Sequence[str]]:
    import csv
    import io

    for codec in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        try:
            rows = csv.reader(io.StringIO(text, newline=""), strict=True)
            return [row for row, _ in zip(rows, range(_ROWS_LOOKED_AT + SEARCHED), strict=False) if any(row)]
        except csv.Error:
            break
    raise ExchangeFileError(
        FileProblem(say("读不出表格"), say("请在 Excel 或 WPS 中打开，另存为 .xlsx，再用"))
    )
