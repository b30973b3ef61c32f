"""Working days by number: a table over the years that are known, Monday to Friday on both sides of it.

Days are ordinals (`datetime.date.toordinal`; ordinal 1 is a Monday). Every operation takes constant time, however
many days it passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, compress

_WEEK = bytes((1, 1, 1, 1, 1, 0, 0))


class DayTable:
    """Which days are worked between two days, and how many up to each.

    The working days have numbers: 1 is the first one in the table, 0 and below lie before it.
    """

    __slots__ = ("_before", "_beyond", "_first", "_flags", "_ordinals", "_up_to")

    def __init__(self, first: int, last: int, exceptions: Mapping[int, bool]) -> None:
        """Build the table of `first` to `last` (none when `last` < `first`).

        `exceptions` says of a day whether it is worked; every other day is worked from Monday to Friday.
        """
        length = max(0, last - first + 1)
        shift = (first - 1) % 7
        flags = bytearray((_WEEK * (length // 7 + 2))[shift : shift + length])
        for ordinal, working in exceptions.items():
            flags[ordinal - first] = working
        self._first = first
        self._flags = bytes(flags)
        self._up_to = list(accumulate(flags))
        self._ordinals = list(compress(range(first, first + length), flags))
        self._before = _weekdays_up_to(first - 1)
        self._beyond = len(self._ordinals) - _weekdays_up_to(first + length - 1)

    def is_working(self, ordinal: int) -> bool:
        """Tell whether a day is worked."""
        offset = ordinal - self._first
        if 0 <= offset < len(self._flags):
            return bool(self._flags[offset])
        return (ordinal - 1) % 7 < 5

    def number_up_to(self, ordinal: int) -> int:
        """Return the number of the last working day that is not after `ordinal`."""
        offset = ordinal - self._first
        if 0 <= offset < len(self._up_to):
            return self._up_to[offset]
        if offset < 0:
            return _weekdays_up_to(ordinal) - self._before
        return _weekdays_up_to(ordinal) + self._beyond

    def find(self, number: int) -> int:
        """Return the working day of that number. The result may lie outside what a date can hold."""
        if 0 < number <= len(self._ordinals):
            return self._ordinals[number - 1]
        if number <= 0:
            return _weekday(number + self._before)
        return _weekday(number - self._beyond)

    def add(self, ordinal: int, count: int) -> int:
        """Return the `count`-th working day after `ordinal`, before it for a negative count, itself for 0."""
        if count > 0:
            return self.find(self.number_up_to(ordinal) + count)
        if count < 0:
            return self.find(self.number_up_to(ordinal - 1) + count + 1)
        return ordinal


def _weekdays_up_to(ordinal: int) -> int:
    weeks, rest = divmod(ordinal, 7)
    return 5 * weeks + min(rest, 5)


def _weekday(number: int) -> int:
    weeks, rest = divmod(number - 1, 5)
    return 7 * weeks + rest + 1
