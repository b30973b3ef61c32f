"""The rows of a workbook: cells by column, and what is wrong with them, each by row and column."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.exchange.cells import CellError, cell_of, read_cell
from engine.exchange.formats import CellKind, ExchangeFormat, FormatColumn
from engine.kernel.clean_text import quoted
from engine.kernel.plain_text import shortened
from engine.language import Message, say
from engine.lifecycle.expressions.expression import EvaluationError
from engine.register.problem import FileProblem, RowProblem
from engine.register.sheet.grid import TableError
from engine.register.sheet.limits import MAX_PROBLEMS
from engine.register.sheet.made_anew import MadeAnew

if TYPE_CHECKING:
    from engine.register.import_result import HiddenParts

#: Characters of a cell that a sentence shows.
_SHOWN = 60
_decode = json.JSONDecoder().decode


@dataclass(frozen=True, slots=True)
class FormatRow:
    """One row: its number (in a file as a spreadsheet counts, else from 1), and column -> text."""

    number: int
    cells: Mapping[str, str]
    #: The case or the entry it is of; empty for a row of a file.
    of: str = ""

    def key(self, used: ExchangeFormat) -> tuple[str, ...]:
        """Return what tells the row from the others."""
        return tuple(self.cells.get(column, "") for column in used.key)


class PackedRows(MadeAnew[bytes, FormatRow]):
    """Rows, each packed until it is asked for, and made anew each time.

    As objects they take 600 bytes and more a row, many times what a row of a few cells takes in a file; packed it is some 100.
    """

    __slots__ = ("_columns", "_lines")

    def __init__(self, columns: Sequence[str], lines: Sequence[bytes] = ()) -> None:
        """Take the ids of all columns."""
        self._columns = columns
        self._lines = list(lines)
        super().__init__(self._lines)

    def append(self, row: FormatRow) -> None:
        """Add a row that has all columns, or some."""
        texts = [row.cells.get(column, "") for column in self._columns]
        while texts and not texts[-1]:
            texts.pop()
        line = json.dumps([row.number, row.of, *texts], ensure_ascii=False, separators=(",", ":"))
        self._lines.append(line.encode("utf-8", "surrogatepass"))

    def without(self, numbers: Collection[int]) -> PackedRows:
        """Return the rows whose numbers are not among these."""
        kept = (line for line in self._lines if self._made(line).number not in numbers)
        return PackedRows(self._columns, [*kept] if numbers else self._lines)

    def _of(self, kept: Sequence[bytes]) -> PackedRows:
        return PackedRows(self._columns, kept)

    def _made(self, kept: bytes) -> FormatRow:
        number, of, *texts = _decode(kept.decode("utf-8", "surrogatepass"))
        cells = dict.fromkeys(self._columns, "")
        cells.update(zip(self._columns, texts, strict=False))
        return FormatRow(number, cells, of)


@dataclass(slots=True)
class WorkbookRows:
    """The rows of a workbook and everything that is wrong with them."""

    rows: Sequence[FormatRow] = ()
    problems: list[RowProblem] = field(default_factory=list)
    #: Titles of a file the format has no column for.
    ignored: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    #: What of a file the office's program does not show, where there is any.
    hidden: HiddenParts | None = None
    #: The columns a file has; None: all.
    columns: frozenset[str] | None = None

    @property
    def good(self) -> Sequence[FormatRow]:
        """Return the rows nothing is wrong with."""
        bad = {problem.row for problem in self.problems}
        if isinstance(self.rows, PackedRows):
            return self.rows.without(bad)
        return [row for row in self.rows if row.number not in bad]


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One cell that is not the same in a file and with us; a column of "" is the row as a whole."""

    row: int
    column: str
    theirs: str
    ours: str
    key: tuple[str, ...]

    def __str__(self) -> str:
        return str(quoted(self._sentence()))

    def _sentence(self) -> Message:
        key = " ".join(self.key)
        if not self.column:
            if self.row:
                return say("第 {row} 行（{key}）：本局没有这一行", row=self.row, key=key)
            return say("缺一行（{key}）：本局有，文件里没有", key=key)
        return say(
            "第 {row} 行“{column}”（{key}）：文件是“{theirs}”，本局是“{ours}”",
            row=self.row,
            column=self.column,
            key=key,
            theirs=shortened(self.theirs, _SHOWN),
            ours=shortened(self.ours, _SHOWN),
        )


def rows_of_values(used: ExchangeFormat, values: Iterable[tuple[str, Mapping[str, Any]]]) -> WorkbookRows:
    """Return the rows of (whose, column -> value); what cannot be written is named and left empty."""
    packed = PackedRows(tuple(used.columns))
    found = WorkbookRows(packed)
    for number, (of, row) in enumerate(values, 1):
        cells = {}
        for column in used.columns.values():
            cells[column.id] = _cell(found, column, number, row.get(column.id), cell_of)
        packed.append(FormatRow(number, cells, of))
    _check(used, found)
    return found


def rows_of_texts(used: ExchangeFormat, table: Iterable[tuple[int, Mapping[str, str]]]) -> WorkbookRows:
    """Return the rows of (row of a file, column -> text). Raises `TableError` where too much is wrong with them."""
    packed = PackedRows(tuple(used.columns))
    found = WorkbookRows(packed)
    for number, row in table:
        cells = {
            column.id: _cell(found, column, number, row.get(column.id, ""), read_cell)
            for column in used.columns.values()
        }
        packed.append(FormatRow(number, cells))
        _refuse_too_many(found)
    _check(used, found, _refuse_too_many)
    return found


def _refuse_too_many(found: WorkbookRows) -> None:
    if len(found.problems) > MAX_PROBLEMS:
        message = say("已有 {count} 处问题，其余各行没有看", count=MAX_PROBLEMS)
        raise TableError(FileProblem(message, say("请核对文件是否就是这种格式、列与表头是否对应")))


def differences(
    used: ExchangeFormat, theirs: Sequence[FormatRow], ours: Sequence[FormatRow]
) -> list[CellDifference]:
    """Return every cell in which the rows of a file and ours differ, by key; the platform's own columns aside."""
    known = {row.key(used): row for row in ours}
    compared = [column for column in used.columns.values() if not (column.receipt or column.by_hand)]
    found = []
    for row in theirs:
        key = row.key(used)
        mine = known.pop(key, None)
        if mine is None:
            found.append(CellDifference(row.number, "", "", "", key))
            continue
        found += [
            CellDifference(row.number, column.title, seen, own, key)
            for column in compared
            if (seen := row.cells.get(column.id, "")) != (own := mine.cells.get(column.id, ""))
        ]
    return found + [CellDifference(0, "", "", "", key) for key in known]


def _cell(found: WorkbookRows, column: FormatColumn, number: int, value: Any, read: Any) -> str:
    try:
        text: str = read(column, value)
    except CellError as fault:
        if read is cell_of and not fault_matters(column, value):
            return ""
        seen = "" if value is None else str(value)
        found.problems.append(RowProblem(number, column.title, seen, fault.expected, fault.hint))
        return seen if read is read_cell else ""
    return text


def fault_matters(column: FormatColumn, value: Any) -> bool:
    """Tell whether what is wrong with a value of ours is ours to mend: an empty cell a person or the platform fills is not."""
    return bool(value) or not (column.by_hand or column.receipt)


def _check(
    used: ExchangeFormat, found: WorkbookRows, noted: Callable[[WorkbookRows], None] = lambda _: None
) -> None:
    """Note rows that are there twice, and those a check of the format does not hold for; `noted` is called after each."""
    # A number for each key; only keys whose numbers are there twice are kept, to be compared.
    numbers = array("q", (hash(row.key(used)) for row in found.rows))
    several = {one for one, other in pairwise(sorted(numbers)) if one == other}
    seen: dict[tuple[str, ...], int] = {}
    bad = {problem.row for problem in found.problems}
    for place, row in enumerate(found.rows):
        first = seen.setdefault(row.key(used), row.number) if numbers[place] in several else row.number
        if first != row.number:
            key = " ".join(row.key(used))
            message = say("与第 {first} 行重复（{key}）", first=first, key=key)
            found.problems.append(RowProblem(row.number, "", "", message))
            noted(found)
        if row.number in bad:
            continue
        scope = {"row": {name: _typed(used.columns[name], text) for name, text in row.cells.items()}}
        for check in used.checks:
            try:
                right = check.that.holds(scope)
            except EvaluationError:
                # A cell it needs is empty.
                right = True
            if not right:
                found.problems.append(RowProblem(row.number, "", "", say("{reason}", reason=check.otherwise)))
                noted(found)


def _typed(column: FormatColumn, text: str) -> Any:
    """Return a cell as conditions compare it."""
    if not text:
        return None
    if column.kind in (CellKind.INTEGER, CellKind.DECIMAL):
        return Fraction(text)
    if column.kind is CellKind.LIST:
        return text.split(column.separator)
    return text
