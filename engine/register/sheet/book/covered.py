"""Cells below a merged cell and hold something: the office's program shows the first cell of a merge alone."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from engine.register.sheet.book.container import TooMuchError
from engine.register.sheet.book.xml_pass import ElementCount, read_elements
from engine.register.sheet.limits import MAX_COLUMNS, MAX_ROWS

#: So many columns of merges are looked at, over all merges of a sheet.
MOST = 1_000_000
_DIGITS = "0123456789"


class Merges:
    """The merged ranges of a sheet: rows and columns from 0."""

    def __init__(self) -> None:
        #: Column -> the ranges in it, each as one number: first row, last row, whether it is the range's first column.
        self._ranges: dict[int, array[int]] = {}
        self._left = MOST
        self._sorted = False

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def take(self, top: int, bottom: int, left: int, right: int) -> None:
        """Take one range. Raises `TooMuchError` where there are too many."""
        if not (0 <= top <= bottom < MAX_ROWS and 0 <= left <= right) or (top, left) == (bottom, right):
            return
        right = min(right, MAX_COLUMNS)
        self._left -= right - left + 1
        if self._left < 0:
            raise TooMuchError("elements")
        for column in range(left, right + 1):
            found = self._ranges.setdefault(column, array("q"))
            found.append(top << 24 | bottom << 1 | (column == left))
        self._sorted = False

    def take_reference(self, reference: str) -> None:
        """Take a range as a workbook writes it; what is none is passed over. Raises `TooMuchError`."""
        if (merged := range_of(reference)) is not None:
            self.take(*merged)

    def cover(self, row: int, column: int) -> bool:
        """Tell whether a place is in a merged range and is not its first cell."""
        if not self._sorted:
            self._ranges = {one: array("q", sorted(found)) for one, found in self._ranges.items()}
            self._sorted = True
        found = self._ranges.get(column)
        at = bisect_right(found, row << 24 | (1 << 24) - 1) if found else 0
        if not found or not at:
            return False
        top, bottom, first = found[at - 1] >> 24, found[at - 1] >> 1 & (1 << 23) - 1, found[at - 1] & 1
        return row <= bottom and not (first and row == top)


class CoveredPass:
    """Follows the elements of a worksheet of which the merges are known."""

    def __init__(self, merges: Merges) -> None:
        self._merges = merges
        self._row = self._column = 0
        self._covered = self._value = False
        self.columns: set[int] = set()

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        self._value = tag in ("v", "t") and self._covered
        if tag == "row":
            number = found.get("r", "")
            self._row = int(number) - 1 if number.isascii() and number.isdigit() else self._row + 1
            self._column = -1
        elif tag == "c":
            place = found.get("r", "")
            self._column = _column(place.rstrip(_DIGITS)) if place else self._column + 1
            self._covered = self._merges.cover(self._row, self._column)

    def text(self, piece: str) -> None:
        """Take a piece of text."""
        if self._value and piece.strip():
            self.columns.add(self._column)


def covered_columns(pieces: Iterable[bytes], merges: Merges, count: ElementCount) -> set[int]:
    """Return the columns of a worksheet in which a cell below a merged cell holds something."""
    found = CoveredPass(merges)
    read_elements(pieces, count, found.start, text=found.text)
    return found.columns


def range_of(reference: str) -> tuple[int, int, int, int] | None:
    """Return top, bottom, left and right of a range such as ``A2:B5``; None for what is none."""
    first, _, last = reference.replace("$", "").partition(":")
    corners = [(one.rstrip(_DIGITS), one[len(one.rstrip(_DIGITS)) :]) for one in (first, last or first)]
    if not all(
        row and len(row) <= 7 and letters.isascii() and letters.isalpha() and len(letters) <= 3
        for letters, row in corners
    ):
        return None
    rows, columns = (
        sorted(int(row) - 1 for _, row in corners),
        sorted(_column(letters) for letters, _ in corners),
    )
    return rows[0], rows[1], columns[0], columns[1]


def _column(letters: str) -> int:
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1
