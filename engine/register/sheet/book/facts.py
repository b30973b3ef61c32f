"""What a pass over a workbook finds out about its sheets besides the values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.register.sheet.book.container import TooMuchError, WorkbookContainerError
from engine.register.sheet.limits import MAX_CELL_LENGTH, MAX_COLUMNS, MAX_ROWS, Limits
from engine.register.sheet.number_format import NumberFormat, ShownCells


class EncryptedError(WorkbookContainerError):
    """The file is protected by a password."""


class PlaceError(WorkbookContainerError):
    """Two rows of a sheet have one number, or two cells one place, or a cell says another row than the one it is in."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        #: The row, from 0.
        self.row = row


@dataclass(frozen=True, slots=True)
class SheetName:
    """A worksheet: its name as the office's program shows it, and whether it shows it."""

    name: str
    visible: bool
    #: Where it stands in the file: the name of a part, or its number.
    place: str


@dataclass(slots=True)
class SheetFacts:
    """One sheet: what is hidden, where formulas stand, how far it reaches. Rows and columns count from 0.

    Only rows and columns that have something in them are listed.
    """

    hidden_rows: list[int] = field(default_factory=list)
    #: (first, last) of neighbouring hidden columns.
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    #: Columns with a cell that is not hidden itself and does not show what it holds.
    unseen_columns: set[int] = field(default_factory=set)
    filtered: bool = False
    #: Rows in which every filled cell is a formula.
    formula_rows: set[int] = field(default_factory=set)
    #: Formulas with a result that was saved.
    formulas: int = 0
    #: What stands in the file where a reader of values gives something else: errors, formulas without a result.
    instead: dict[tuple[int, int], str] = field(default_factory=dict)
    #: The cells whose number format shows something else than they hold; None where there are none.
    shown: ShownCells | None = None

    def take_shown(
        self, row: int, column: int, number: int, formats: Sequence[NumberFormat], most: int
    ) -> None:
        """Note a cell that shows something else than it holds. Raises `TooMuchError` where formats alternate too often."""
        shown = self.shown
        if shown is None:
            shown = self.shown = ShownCells(formats)
        shown.take(row, column, number)
        if shown.runs > most:
            raise TooMuchError("styles", most)

    def column_hidden(self, column: int) -> bool:
        """Tell whether a column is hidden, or a cell of it does not show what it holds."""
        return column in self.unseen_columns or any(
            first <= column <= last for first, last in self.hidden_columns
        )


class TextCount:
    """Counts the bytes of text of all sheets of a file that are looked through."""

    def __init__(self, limits: Limits) -> None:
        self._most = self._left = limits.text

    def take(self, length: int) -> None:
        """Count bytes of text. Raises `TooMuchError` at the bound."""
        self._left -= length
        if self._left < 0:
            raise TooMuchError("text", self._most)


class Extent:
    """Counts the filled cells of one sheet against the bounds of the file, their texts together with those of `texts`."""

    def __init__(self, limits: Limits, texts: TextCount | None = None) -> None:
        self._limits = limits
        self._texts = texts or TextCount(limits)
        self._first: tuple[int, int] | None = None
        self._last = (0, 0)
        self._rows = 0
        self._row = -1
        self._before = 0

    def next_sheet(self) -> None:
        """Begin another sheet that is read together with those before; their places count together."""
        self._before += (self._last[0] + 1) * (self._last[1] + 1) if self._first is not None else 0
        self._first, self._row = None, -1

    def take(self, row: int, column: int, length: int) -> None:
        """Count one filled cell whose text has so many bytes. Raises `TooMuchError` at a bound."""
        if length > 4 * MAX_CELL_LENGTH:
            raise TooMuchError("cell", MAX_CELL_LENGTH)
        self.take_row(row, column, column, length)

    def take_row(self, row: int, left: int, right: int, length: int) -> None:
        """Count filled cells of one row between two columns, with so many bytes. Raises `TooMuchError` at a bound."""
        if not (0 <= row < MAX_ROWS and 0 <= left <= right < 16_384):
            raise WorkbookContainerError
        if row != self._row:
            self._row = row
            self._rows += 1
            if self._rows > self._limits.rows:
                raise TooMuchError("rows", self._limits.rows)
        self.text(length)
        first, last = self._first, self._last
        if first is not None and first[0] <= row <= last[0] and first[1] <= left and right <= last[1]:
            return
        self._first = (row, left) if first is None else (min(first[0], row), min(first[1], left))
        self._last = (row, right) if first is None else (max(last[0], row), max(last[1], right))
        if self._last[1] >= MAX_COLUMNS:
            raise TooMuchError("columns", MAX_COLUMNS)
        # Readers of values may begin at the first cell of the sheet.
        if self._before + (self._last[0] + 1) * (self._last[1] + 1) > self._limits.places:
            raise TooMuchError("places", self._limits.places)

    def text(self, length: int) -> None:
        """Count bytes of text. Raises `TooMuchError` at the bound."""
        self._texts.take(length)
