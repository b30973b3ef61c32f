"""The shared texts of an Excel workbook, kept packed, and given to a reader of values a few at a time.

Such a reader keeps each text of a table it is given, and a second time in each cell that shows it.
"""

from __future__ import annotations

import re
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NOTHING = "<si/>"
#: So many characters are packed together.
_PIECE = 100_000
#: What a reader of values would undo, and what XML does not hold: written as an escape, which it undoes once.
_WRITTEN = re.compile(r"_(?=x00)|[\0-\x08\x0b-\x1f]")
_BETWEEN = "\0"


class SharedTexts:
    """Texts by their numbers, in the order they are added."""

    def __init__(self) -> None:
        #: How many bytes a text may have, at the most.
        self.lengths = array("I")
        #: The number of the first text of each piece.
        self._firsts = array("I")
        self._pieces: list[bytes] = []
        self._open: list[str] = []
        self._size = 0

    def __len__(self) -> int:
        return len(self.lengths)

    def add(self, text: str, length: int) -> None:
        """Add the next text: what a reader shows of it, and how many bytes it may have at the most."""
        if not self._open:
            self._firsts.append(len(self.lengths))
        self.lengths.append(length)
        self._open.append(_WRITTEN.sub(_as_escape, escape(text)))
        self._size += len(text) + 1
        if self._size >= _PIECE:
            self.finish()

    def finish(self) -> None:
        """Pack what was added last."""
        if self._open:
            whole = _BETWEEN.join(self._open)
            self._pieces.append(zlib.compress(whole.encode(), 1))
            self._open, self._size = [], 0

    def table(self, used: bytes | None = None) -> Iterator[bytes]:
        """Yield the part of a workbook that holds the texts, each under its own number.

        With `used`, one byte for each text, those whose byte is 0 are empty.
        """
        self.finish()
        ends = [*self._firsts[1:], len(self.lengths)]
        # Nobody asks for those behind the last one.
        last = len(self.lengths) - 1 if used is None else used.rfind(1)
        yield f'<sst xmlns="{_MAIN}" uniqueCount="{last + 1}">'.encode()
        for place in range(bisect_right(self._firsts, last)):
            first, end = self._firsts[place], min(ends[place], last + 1)
            if used is not None and used.find(1, first, end) < 0:
                yield _NOTHING.encode() * (end - first)
                continue
            texts = zlib.decompress(self._pieces[place]).decode().split(_BETWEEN)[: end - first]
            wanted = used[first:end] if used is not None else b"\1" * len(texts)
            yield "".join(
                f'<si><t xml:space="preserve">{text}</t></si>' if one else _NOTHING
                for text, one in zip(texts, wanted, strict=True)
            ).encode()
        yield b"</sst>"


def _as_escape(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
