"""The pass over one worksheet of an Excel workbook: its bounds, what is hidden or filtered, where formulas stand.

A register has a million cells, and this is called for each element of each: what is asked most often comes first.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from xml.parsers import expat

from engine.register.sheet.book.container import TooMuchError, WorkbookContainerError
from engine.register.sheet.book.covered import Merges
from engine.register.sheet.book.cutter import BLOCK
from engine.register.sheet.book.escapes import holds_escape
from engine.register.sheet.book.facts import Extent, PlaceError, SheetFacts, TextCount
from engine.register.sheet.book.range_groups import COLUMNS, RangeGroups, unsaid
from engine.register.sheet.book.unseen import CHARACTER, UnseenStyles, is_no_size, is_too_low, is_too_narrow
from engine.register.sheet.book.xml_pass import ElementCount
from engine.register.sheet.frozen import FrozenPanes
from engine.register.sheet.limits import MAX_CELL_LENGTH, MAX_ROWS, Limits
from engine.register.sheet.number_format import NumberFormat

#: A program that writes them in capitals means the same.
YES = frozenset({"1", "true", "on", "TRUE", "True", "ON"})
#: So much of a formula is kept to be shown.
_SHOWN = 100
_DIGITS = "0123456789"
MAX_POSITION, MAX_LENGTH = 1 << 30, 4 * MAX_CELL_LENGTH

#: Elements that say something of a whole sheet.
_OF_SHEET = frozenset({"sheetView", "pane", "sheetFormatPr", "outlinePr"})
#: Elements behind the cells of a sheet that hold texts of their own.
_WITH_TEXT = frozenset({"headerFooter", "dataValidations", "conditionalFormatting"})


@dataclass(frozen=True, slots=True)
class WrittenStyles:
    """The styles whose cells show something else than they hold: style -> the place of its format in `formats`."""

    styles: Mapping[str, int] = field(default_factory=dict)
    formats: Sequence[NumberFormat] = ()

    def if_any(self) -> WrittenStyles | None:
        """Return them, or None where there are none and nobody need ask."""
        return self if self.styles else None


class SheetPass:
    """Follows the elements of a worksheet. `pieces` takes the text between them."""

    def __init__(
        self,
        limits: Limits,
        lengths: array[int],
        dates: frozenset[str],
        count: ElementCount,
        unseen: UnseenStyles | None = None,
        written: WrittenStyles | None = None,
        texts: TextCount | None = None,
    ) -> None:
        self._written = written
        #: None where nothing of the workbook keeps a cell from being shown.
        self._unseen = unseen
        self._small = False
        self._elements = count
        #: Where a sheet that is large may be cut: (byte, row from 0, whether the row says its number).
        self.cuts: list[tuple[int, int, bool]] = []
        #: The names of the elements around the rows, as the file writes them.
        self.around: list[str] = []
        #: A part of the sheet is larger where there are many shared texts: the reader of values counts all of them each time.
        self._block = max(BLOCK, len(lengths) // 16)
        self._cells = 0
        #: Of each part: one byte for each shared text, 1 where a cell has it, packed.
        self.used: list[bytes] = []
        self._used = bytearray(len(lengths))
        self._parser: expat.XMLParserType | None = None
        self.pieces: list[str] = []
        self._facts = SheetFacts()
        self._extent = Extent(limits, texts)
        self._limits = limits
        self._lengths = lengths
        self._dates = dates
        self._row = self._next_row = 0
        self._row_text = ""
        #: One bit for each row that has something in it.
        self._rows_filled = bytearray(MAX_ROWS // 8 + 1)
        self._hidden = False
        #: Whether rows, and columns, that do not say how large they are show nothing.
        self._low = self._narrow = False
        self._row_groups, self._column_groups = RangeGroups(), RangeGroups()
        self._panes = FrozenPanes()
        #: Whether sums stand behind their groups of rows, and of columns.
        self._sums_below = self._sums_right = True
        #: The columns the file says something about, (first, last).
        self._columns: list[tuple[int, int]] = []
        #: Where the next cell stands that does not say so, and the filled cells of this row.
        self._column = 0
        self._first, self._last, self._text = MAX_POSITION, -1, 0
        self._cell: Mapping[str, str] | None = None
        self._part = ""
        self._formula: str | None = None
        self._filled = self._own = False
        #: Whether a cell holds an escape of the standard in its own text.
        self.escaped = False
        self.merges = Merges()

    def begin(self, parser: expat.XMLParserType) -> None:
        """Take the parser, for the places of rows."""
        self._parser = parser

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """Take the beginning of an element. Raises `TooMuchError` where there are too many."""
        count = self._elements
        count.left -= 1
        if count.left < 0:
            raise TooMuchError("elements", count.most)
        if tag == "c":
            if self._cell is not None:
                self._finish_cell(self._cell)
            self._cell = found
            self.pieces.clear()
        elif tag == "v" or tag == "t":
            if self._part == "f":
                self._take_formula()
            self._part = tag
        elif tag == "is":
            return
        elif tag == "f":
            self.pieces.clear()
            self._part = tag
        elif tag == "row":
            self._start_row(found)
        else:
            self._start_other(tag, found)

    def _start_row(self, found: Mapping[str, str]) -> None:
        self._finish_row()
        number = found.get("r")
        self._row = integer(number) - 1 if number is not None else self._next_row
        self._row_text = number if number is not None else str(self._row + 1)
        self._next_row = self._row + 1
        self._column = 0
        if not self.cuts or self._cells >= self._block:
            self._cut(number is not None)
        height = found.get("ht")
        self._hidden = found.get("hidden", "").strip() in YES or (
            self._low if height is None else is_too_low(height)
        )
        if "outlineLevel" in found or "collapsed" in found:
            self._row_groups.take(
                self._row, self._row, _level(found), folded=found.get("collapsed", "").strip() in YES
            )

    def _start_other(self, tag: str, found: Mapping[str, str]) -> None:
        if tag == "rPh":
            # A reading is no part of the text; what it holds comes in elements of its own.
            self._part = tag
        elif tag == "col":
            self._take_columns(found)
        elif tag == "sz":
            # In a cell that holds its text itself.
            self._small = self._small or is_no_size(found.get("val", ""))
        elif tag == "filterColumn":
            self._facts.filtered = True
        elif tag == "mergeCell":
            self.merges.take_reference(found.get("ref", ""))
        elif tag in _OF_SHEET:
            self._take_of_sheet(tag, found)
        elif tag == "sheetData" or tag == "worksheet":
            self.around.append(tag)
        elif tag in _WITH_TEXT:
            # What is written in these is no part of the last cell.
            self._finish_row()
        elif ":" in tag:
            # Some programs write every tag with a prefix.
            self._elements.left += 1
            self.start(tag.rpartition(":")[2], found)
            if self.around and self.around[-1] == tag.rpartition(":")[2]:
                self.around[-1] = tag

    def _take_of_sheet(self, tag: str, found: Mapping[str, str]) -> None:
        if tag == "sheetView" or tag == "pane":
            self._panes.take(tag, found)
        elif tag == "sheetFormatPr":
            # `zeroHeight` hides the rows that are not in the file; those that are say so themselves.
            self._low = is_too_low(found.get("defaultRowHeight", ""))
            self._narrow = is_too_narrow(found.get("defaultColWidth", ""), CHARACTER)
        else:
            self._sums_below = found.get("summaryBelow", "1").strip() in YES
            self._sums_right = found.get("summaryRight", "1").strip() in YES

    def _take_columns(self, found: Mapping[str, str]) -> None:
        if len(self._columns) >= COLUMNS:
            # No column is said to be anything twice.
            raise TooMuchError("columns", COLUMNS)
        first, last = integer(found.get("min", "")) - 1, integer(found.get("max", "")) - 1
        self._columns.append((first, last))
        width = found.get("width")
        if found.get("hidden", "").strip() in YES or (
            self._narrow if width is None else is_too_narrow(width, CHARACTER)
        ):
            self._facts.hidden_columns.append((first, last))
        self._column_groups.take(first, last, _level(found), folded=found.get("collapsed", "").strip() in YES)

    def _finish_columns(self) -> None:
        """Add the columns that are folded up, and those nothing is said about where such show nothing."""
        self._facts.hidden_columns += self._panes.hidden_columns()
        self._facts.hidden_columns += self._column_groups.folded_up(after=self._sums_right)
        if self._narrow:
            self._facts.hidden_columns += unsaid(self._columns)

    def _finish_folded_rows(self) -> None:
        rows = [row for row, _ in self._row_groups.folded_up(after=self._sums_below)]
        folded = {
            row
            for row in chain(rows, *self._panes.hidden_rows())
            if row < MAX_ROWS and self._rows_filled[row // 8] >> row % 8 & 1
        }
        if folded:
            self._facts.hidden_rows = sorted(folded.union(self._facts.hidden_rows))

    def _finish_used(self) -> None:
        self.used.append(zlib.compress(self._used, 1))
        self._used = bytearray(len(self._used))

    def _cut(self, numbered: bool) -> None:
        if self.cuts:
            self._finish_used()
        if self._parser is not None:
            self.cuts.append((self._parser.CurrentByteIndex, self._row, numbered))
        self._cells = 0

    def finish(self) -> SheetFacts:
        """Return what was found."""
        self._finish_row()
        self._finish_used()
        self._finish_folded_rows()
        self._finish_columns()
        return self._facts

    def _take_formula(self) -> None:
        self._formula = "".join(self.pieces).strip()[:_SHOWN] or "…"
        self.pieces.clear()

    def _finish_cell(self, cell: Mapping[str, str]) -> None:
        self._cell = None
        reference = cell.get("r")
        if reference is None:
            column = self._column
        else:
            letters = reference.rstrip(_DIGITS)
            column = column_of(letters)
            if reference[len(letters) :] != self._row_text:
                raise PlaceError(self._row)
        self._column = column + 1
        pieces = self.pieces
        if self._part == "f" or self._formula is not None:
            self._finish_formula(cell, column)
            return
        if not pieces:
            return
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if not text:
            return
        self._filled = self._own = True
        self._finish_value(cell, column, text)

    def _finish_formula(self, cell: Mapping[str, str], column: int) -> None:
        if self._part == "f":
            self._take_formula()
        formula, self._formula = self._formula, None
        text = "".join(self.pieces).strip()
        self._filled = True
        if text:
            self._facts.formulas += 1
            self._finish_value(cell, column, text)
        elif not (cell.get("t") == "str" and self._part == "v"):
            self._put(column, f"={formula}")
            self._count(column, _SHOWN)
        self._part = ""

    def _finish_value(self, cell: Mapping[str, str], column: int, text: str) -> None:
        if "_x" in text and holds_escape(text):
            self.escaped = True
        kind = cell.get("t", "n")
        if self._small or self._unseen is not None:
            self._see(self._unseen, cell, kind, column, text)
        length = len(text) if text.isascii() else 3 * len(text)
        if kind == "s":
            index = integer(text.strip())
            if index >= len(self._lengths):
                raise WorkbookContainerError(text)
            length = self._lengths[index]
            self._used[index] = 1
        if kind == "e":
            self._put(column, text.strip()[:_SHOWN])
        elif kind == "n" and cell.get("s") in self._dates:
            value = _float(text)
            # Before serial 61 Excel counts a 29 February 1900 that never was; such cells are not dates of a register.
            if not 61 <= value < 2_958_466:
                self._put(column, number_text(value))
        elif self._written is not None and kind != "b":
            self._take_shown(self._written, cell.get("s", "0"), column)
        self._count(column, length)

    def _take_shown(self, written: WrittenStyles, style: str, column: int) -> None:
        number = written.styles.get(style)
        if number is not None:
            self._facts.take_shown(self._row, column, number, written.formats, self._limits.rows)

    def _see(
        self, unseen: UnseenStyles | None, cell: Mapping[str, str], kind: str, column: int, text: str
    ) -> None:
        """Note a cell that does not show what it holds."""
        small, self._small = self._small and kind == "inlineStr", False
        if unseen is not None and not small:
            styles = unseen.numbers if kind == "n" else unseen.texts
            text = text.strip()
            small = kind == "s" and text.isascii() and text.isdigit() and len(text) <= 9
            small = small and int(text) in unseen.shared
            small = small or (kind != "e" and cell.get("s", "0") in styles)
        if small and not self._hidden:
            self._facts.unseen_columns.add(column)

    def _count(self, column: int, length: int) -> None:
        self._cells += 1
        if self._first <= column <= self._last:
            # Excel itself writes and takes cells in their order only.
            raise PlaceError(self._row)
        if column < self._first:
            self._first = column
        if column > self._last:
            self._last = column
        if length > MAX_LENGTH:
            raise TooMuchError("cell", MAX_CELL_LENGTH)
        self._text += length

    def _put(self, column: int, text: str) -> None:
        if len(self._facts.instead) >= self._limits.instead:
            raise TooMuchError("formulas", self._limits.instead)
        self._facts.instead[self._row, column] = text

    def _finish_row(self) -> None:
        if self._cell is not None:
            self._finish_cell(self._cell)
        if self._last >= 0:
            self._extent.take_row(self._row, self._first, self._last, self._text)
            place, bit = divmod(self._row, 8)
            if self._rows_filled[place] >> bit & 1:
                raise PlaceError(self._row)
            self._rows_filled[place] |= 1 << bit
            self._first, self._last, self._text = MAX_POSITION, -1, 0
        if self._filled:
            if self._hidden:
                self._facts.hidden_rows.append(self._row)
            if not self._own:
                self._facts.formula_rows.add(self._row)
            self._filled = self._own = False


def _level(found: Mapping[str, str]) -> int:
    return integer(found.get("outlineLevel", "0"))


def integer(text: str) -> int:
    """Return a count or number of an attribute. Raises `WorkbookContainerError` for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise WorkbookContainerError(text[:20])
    return int(text)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise WorkbookContainerError(text[:20]) from error


def number_text(value: float) -> str:
    """Return a number as the office's program shows it: no more than 15 digits, those of a longer one as ``9.11E+17``."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if abs(value) >= 10**15:
        # Excel keeps 15 digits of a number; a longer code typed as a number has lost the rest.
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else format(value, ".15g")


@cache
def column_of(letters: str) -> int:
    """Return the place of a column, A being 0."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise WorkbookContainerError(letters[:20])
    place = 0
    for letter in letters:
        place = place * 26 + int(letter, 36) - 9
    return place - 1
