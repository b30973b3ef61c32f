"""Rows and columns that panes frozen in a window keep out of it for good.

A frozen part of a window does not scroll. What comes before its first row or column is never shown, and where it is larger
than any window, neither is what comes behind that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: A window shows no more frozen rows, and columns, than so many.
_MOST_ROWS, _MOST_COLUMNS = 100, 40
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_NUMBER = re.compile(r"\d{1,7}(?:\.\d*)?")
_LAST = 1 << 20


@dataclass(slots=True)
class FrozenPanes:
    """The panes of one sheet: `row` and `column` are the first ones of the window, `rows` and `columns` how many are frozen."""

    row: int = 0
    column: int = 0
    rows: int = 0
    columns: int = 0

    def take(self, tag: str, found: Mapping[str, str]) -> None:
        """Take a ``sheetView`` of .xlsx, or its ``pane``; one that is split and not frozen scrolls."""
        if tag == "pane":
            if found.get("state", "").lower().startswith("frozen"):
                self.rows, self.columns = _whole(found.get("ySplit", "")), _whole(found.get("xSplit", ""))
            return
        place = _PLACE.fullmatch(found.get("topLeftCell", ""))
        if place is not None:
            column = 0
            for letter in place[1].upper():
                column = column * 26 + ord(letter) - 64
            self.row, self.column = int(place[2]) - 1, column - 1

    def hidden_rows(self) -> list[range]:
        """Return the rows that are never shown."""
        return _never_shown(self.row, self.rows, _MOST_ROWS)

    def hidden_columns(self) -> list[tuple[int, int]]:
        """Return (first, last) of the columns that are never shown."""
        return [(one.start, one.stop - 1) for one in _never_shown(self.column, self.columns, _MOST_COLUMNS)]


def _never_shown(first: int, frozen: int, most: int) -> list[range]:
    if not frozen:
        return []
    found = [range(first)] if first > 0 else []
    return [*found, range(first + most, _LAST)] if frozen > most else found


def _whole(text: str) -> int:
    return int(float(text)) if _NUMBER.fullmatch(text) else 0
