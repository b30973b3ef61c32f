"""Standard output and standard error of the command line: whatever is printed can be shown, and printing ends no command.

A text may have been kept before its characters were judged, and may hold characters the terminal's encoding (GBK, the C
locale) does not have: both are shown as escapes. Where nothing more can be written (the reader of a pipe has gone, the
disk is full) the rest is dropped and the command goes on: what it stored is stored, whether or not it can say so.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from engine.kernel.plain_text import visible_on_terminal


class Console(io.TextIOBase):
    """A stream of text over standard output or standard error; without one (it was closed), what is written is dropped.

    `failed` is what writing ended in; `acts` is whether the command changes something.
    """

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream = stream or io.TextIOWrapper(io.BytesIO(), "utf-8")
        self.failed: OSError | None = None
        self.acts = False
        self._bytes = _Bytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override] # read only, as that of the stream below
        """Return the encoding of the stream; UTF-8 for ASCII, which click would take for a mistake and write around."""
        name = self._named
        return "utf-8" if _is_ascii(name) else name

    @property
    def errors(self) -> str:  # type: ignore[override] # read only
        """Return how the stream takes what it cannot encode: it is never given any."""
        return "strict"

    @property
    def buffer(self) -> io.RawIOBase:
        """Return the stream of bytes below, for files that are written to standard output as they are."""
        return self._bytes

    @property
    def _named(self) -> str:
        return getattr(self._stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        """Write a text, with escapes for what cannot be shown; drop it where nothing can be written any more."""
        shown = visible_on_terminal(text, self._named)
        if self.failed is None:
            try:
                self._stream.write(shown)
            except OSError as problem:
                self.give_up(problem)
        return len(text)

    def flush(self) -> None:
        """Write what is waiting."""
        if self.failed is None:
            try:
                self._stream.flush()
            except OSError as problem:
                self.give_up(problem)

    def write_bytes(self, data: bytes) -> int:
        """Write bytes as they are."""
        self.flush()
        below = getattr(self._stream, "buffer", None)
        if below is None:
            self.write(data.decode("utf-8", "surrogateescape"))
        elif self.failed is None:
            try:
                below.write(data)
                below.flush()
            except OSError as problem:
                self.give_up(problem)
        return len(data)

    def give_up(self, problem: OSError) -> None:
        """Note that nothing more can be written, and keep Python from trying when the process ends."""
        self.failed = problem
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
        except OSError:
            # A stream of a test has no number of its own.
            return

    def isatty(self) -> bool:
        """Tell whether a person is looking."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the number of the stream."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Return True: click asks."""
        return True


class _Bytes(io.RawIOBase):
    """The bytes of a console."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, data: Any) -> int:
        return self._console.write_bytes(bytes(data))

    def flush(self) -> None:
        self._console.flush()

    def writable(self) -> bool:
        return True


def is_terminal(stream: IO[str] | None) -> bool:
    """Tell whether a person is at a stream; nobody is at one that was closed."""
    return stream is not None and stream.isatty()


def note_that_it_acts() -> None:
    """Note that the running command changes something, so that it is done even where it cannot say so."""
    if isinstance(sys.stdout, Console):
        sys.stdout.acts = True


@contextmanager
def consoles() -> Iterator[tuple[Console, Console]]:
    """Put consoles in the place of standard output and standard error for the time of a command."""
    before = sys.stdout, sys.stderr
    out, err = Console(sys.stdout), Console(sys.stderr)
    sys.stdout, sys.stderr = out, err
    try:
        yield out, err
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = before


def decoded(argv: Sequence[str]) -> list[str]:
    """Return arguments as they were typed, where the locale said nothing of their encoding (the C locale): as UTF-8."""
    if not _is_ascii(sys.getfilesystemencoding()):
        return list(argv)
    return [_decoded(one) for one in argv]


def _decoded(argument: str) -> str:
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeDecodeError:
        return argument


def _is_ascii(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "ascii"
    except LookupError:
        return False
