"""Rows and columns of a sheet in ranges: which are folded up with their group, and which the file says nothing about."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

#: Columns of a sheet.
COLUMNS = 16_384
#: No program has more levels.
_MOST = 127
_FOLDED = 128


class RangeGroups:
    """The levels of rows, or of columns, in groups. Take them in their order; those in no group may be left out.

    A group that is folded up is hidden by LibreOffice though none of its rows says so itself; Excel says it of each row.
    """

    def __init__(self) -> None:
        self._first, self._last, self._marks = array("l"), array("l"), bytearray()
        self._any_folded = False

    def take(self, first: int, last: int, level: int, *, folded: bool) -> None:
        """Take neighbours of one level; `folded` says that the group beside them, of a level above, is folded up."""
        if level > 0 or folded:
            self._first.append(first)
            self._last.append(last)
            self._marks.append(min(level, _MOST) | (_FOLDED if folded else 0))
            self._any_folded = self._any_folded or folded

    def folded_up(self, *, after: bool) -> Iterator[tuple[int, int]]:
        """Yield (first, last) of what is folded up; `after` says that a sum stands behind its group, else before it."""
        if not self._any_folded:
            return
        step = -1 if after else 1
        for place, mark in enumerate(self._marks):
            if mark < _FOLDED:
                continue
            here, beside = place, place + step
            while (
                0 <= beside < len(self._marks)
                and self._level(beside) > self._level(place)
                and self._meet(min(here, beside))
            ):
                yield self._first[beside], self._last[beside]
                here, beside = beside, beside + step

    def _level(self, place: int) -> int:
        return self._marks[place] & _MOST

    def _meet(self, place: int) -> bool:
        return self._last[place] + 1 == self._first[place + 1]


def unsaid(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of the columns of a sheet that are in none of `ranges`."""
    following = 0
    for first, last in sorted(ranges):
        if following < first:
            yield following, first - 1
        following = max(following, last + 1)
    if following < COLUMNS:
        yield following, COLUMNS - 1
