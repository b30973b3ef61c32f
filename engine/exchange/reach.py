"""How many places a workbook reaches over: a program that changes it makes a cell of each, whether anything is in it or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.register.sheet.book.covered import range_of
from engine.register.sheet.book.xml_pass import ElementCount, read_elements

#: What has a place of its own, and which attribute says where; ranges among them are made cell by cell.
_PLACES = {"mergeCell": "ref", "hyperlink": "ref", "comment": "ref"}
#: The parts that have places, by their outermost element.
_WITH_PLACES = frozenset({"worksheet", "comments"})


class TooFarError(Exception):
    """A workbook reaches over more places than are filled in, or holds more elements."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        #: So many places are filled in, at most.
        self.most = most


def most_places(size: int) -> int:
    """Return over how many places a workbook of so many bytes may reach."""
    return 60_000 + size // 40


def check_reach(parts: Iterable[bytes], size: int) -> None:
    """Raise `TooFarError` where the parts of a workbook of `size` bytes reach over too many places.

    Counted are the places of the rectangle around all cells, comments and links of each part, empty ones too, and those of the
    ranges that are merged or linked. Raises `WorkbookContainerError` for a part that is no XML or has too many elements.
    """
    left = most_places(size)
    elements = ElementCount(5 * left)
    for part in parts:
        found = _Reach(left, most_places(size))
        read_elements((part,), elements, found.start)
        left -= found.places


class _Reach:
    """Follows the elements of one part."""

    def __init__(self, left: int, most: int) -> None:
        self._left, self._most = left, most
        self._outermost: str | None = None
        self._row = self._column = -1
        self._last = (-1, -1)
        self._ranges = 0

    @property
    def places(self) -> int:
        """Return how many places were reached."""
        return (self._last[0] + 1) * (self._last[1] + 1) + self._ranges

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if self._outermost is None:
            self._outermost = tag
        if self._outermost not in _WITH_PLACES:
            return
        if tag == "row":
            number = found.get("r", "")
            self._row = int(number) - 1 if _is_place(number) else self._row + 1
            self._column = -1
        elif tag == "c":
            self._column += 1
            place = range_of(found.get("r", ""))
            if place is not None:
                self._column = place[3]
                self._row = max(self._row, place[1])
            self._take(self._row, self._column)
        elif tag in _PLACES:
            place = range_of(found.get(_PLACES[tag], ""))
            if place is not None:
                top, bottom, left, right = place
                self._take(bottom, right)
                self._ranges += (bottom - top + 1) * (right - left + 1)

    def _take(self, row: int, column: int) -> None:
        self._last = (max(self._last[0], row), max(self._last[1], column))
        if self.places > self._left:
            raise TooFarError(self._most)


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 7
