"""A part of a workbook in pieces of some rows each, so that a reader of values, which keeps all it opens, never has the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.register.sheet.book.container import WorkbookContainerError

#: So many filled cells, and so many bytes, are handed to the reader of values at a time.
BLOCK, BLOCK_BYTES = 30_000, 8_000_000


@dataclass(frozen=True, slots=True)
class Cut:
    """A place before a row at which a sheet may be cut."""

    byte: int
    #: The row, from 0.
    row: int
    #: The tags that are open there, the outermost first.
    around: tuple[str, ...]


class Cutter:
    """Gives a stream back in parts of given ends."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._at = 0
        self._left = b""

    def first(self, count: int) -> bytes:
        """Return so many of the next bytes, or all there are, and leave them to be taken."""
        while len(self._left) < count and (piece := next(self._pieces, b"")):
            self._left += piece
        return self._left[:count]

    def up_to(self, end: int) -> bytes:
        """Return what is between the last end and this one. Raises `WorkbookContainerError` where the stream ends before."""
        return b"".join(self._parts(end))

    def skip_to(self, end: int) -> None:
        """Go on to an end and keep nothing of what is before it."""
        for _ in self._parts(end):
            pass

    def _parts(self, end: int) -> Iterator[bytes]:
        while self._at < end:
            piece = self._left or next(self._pieces, b"")
            if not piece:
                raise WorkbookContainerError
            wanted = piece[: end - self._at]
            self._left = piece[len(wanted) :]
            self._at += len(wanted)
            yield wanted

    def rest(self) -> bytes:
        """Return what is left."""
        return self._left + b"".join(self._pieces)
