"""Files and streams, opened and measured before they are read. Every room reads through here or says why not."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from pathlib import Path
from typing import IO, BinaryIO

from engine.kernel.budget import Budget, BudgetExceededError, check_size
from engine.language import say

_CHUNK = 1 << 20
#: No opening waits for another program: not for one that writes into a pipe. Windows has no such pipes.
_AT_ONCE = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
)


def open_file(path: Path) -> BinaryIO:
    """Open what is at `path`: a file, a pipe somebody writes into, a device. Raises OSError.

    A pipe nobody writes into is refused; to open it the plain way would wait without end.
    """
    opened = os.open(path, _AT_ONCE)
    try:
        mode = os.fstat(opened).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if stat.S_ISFIFO(mode):
            return io.BufferedReader(_Pipe(opened, _first_byte(opened, path)))
        if os.isatty(opened):
            os.set_blocking(opened, True)
        return os.fdopen(opened, "rb")
    except BaseException:
        os.close(opened)
        raise


def open_regular(path: Path) -> BinaryIO:
    """Open a file that has a size and can be read twice; a pipe, a device, a folder is refused. Raises OSError."""
    stream = open_file(path)
    if _size(stream) is not None:
        return stream
    stream.close()
    raise OSError(errno.ESPIPE, str(say("不是普通文件（是管道或设备），不能这样读；请先存成文件")), str(path))


class _Pipe(io.RawIOBase):
    """A pipe that was opened without waiting; from its first byte on it is read as any other."""

    def __init__(self, opened: int, first: bytes) -> None:
        super().__init__()
        os.set_blocking(opened, True)
        self._opened, self._first = opened, first

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._opened

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        part, self._first = self._first or os.read(self._opened, len(buffer)), b""
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        if not self.closed:
            os.close(self._opened)
        super().close()


def _first_byte(opened: int, path: Path) -> bytes:
    """Return the first byte of a pipe, nothing where its writer has not written yet. Raises OSError where it has none."""
    try:
        first = os.read(opened, 1)
    except BlockingIOError:
        return b""
    if not first:
        raise OSError(errno.ENODATA, str(say("是管道，没有程序在往里写")), str(path))
    return first


def read_file(path: Path, budget: Budget, name: str | None = None) -> bytes:
    """Return the bytes of a file, called `name` in sentences. Raises BudgetExceededError, OSError."""
    with open_file(path) as stream:
        return read_stream(stream, budget, name or path.name)


def read_text(path: Path, budget: Budget) -> str:
    """Return a file that must be UTF-8. Raises BudgetExceededError, UnicodeDecodeError, OSError."""
    return read_file(path, budget).decode("utf-8-sig")


def read_stream(stream: IO[bytes], budget: Budget, name: str = "-") -> bytes:
    """Return what a stream gives until its end. Raises BudgetExceededError, OSError."""
    size = _size(stream)
    if size is not None:
        check_size(size, budget, name)
    parts: list[bytes] = []
    left = budget.bytes
    # A file may grow after it was measured, and a pipe cannot be measured.
    while part := stream.read(min(_CHUNK, left + 1)):
        parts.append(part)
        left -= len(part)
        if left < 0:
            raise BudgetExceededError(say("“{file}”超过上限 {most} 字节", file=name, most=budget.bytes))
    return parts[0] if len(parts) == 1 else b"".join(parts)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces and no further than it went when it was opened. Raises OSError."""
    hashed = hashlib.sha256()
    with open_regular(path) as stream:
        left = os.fstat(stream.fileno()).st_size
        while left > 0 and (part := stream.read(min(_CHUNK, left))):
            hashed.update(part)
            left -= len(part)
    return hashed.hexdigest()


def read_folder(folder: Path, names: tuple[str, ...], budget: Budget) -> dict[str, bytes]:
    """Return the files of `folder` that are called one of `names`; the others are not opened.

    Symbolic links are not followed. Raises BudgetExceededError for one, and for too much; OSError.
    """
    found: dict[str, bytes] = {}
    for name in names:
        path = folder / name
        if path.is_symlink():
            raise BudgetExceededError(say("“{file}”是符号链接，不读取", file=name))
        if path.is_file():
            found[name] = read_file(path, budget)
    return found


def check_folder(folder: Path, budget: Budget) -> None:
    """Look at what is in a folder that another program is to read whole: plain files, each no larger than is read.

    Raises BudgetExceededError for a link, a pipe, a device, and for too much; OSError.
    """
    for path in sorted(folder.iterdir()):
        seen = path.lstat()
        if stat.S_ISREG(seen.st_mode):
            check_size(seen.st_size, budget, path.name)
        elif not stat.S_ISDIR(seen.st_mode):
            raise BudgetExceededError(
                say("“{file}”不是普通文件（是链接、管道或设备），不读取", file=path.name)
            )


def _size(stream: IO[bytes]) -> int | None:
    """Return the size of a regular file, None for what cannot be measured."""
    try:
        seen = os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None
    return seen.st_size if stat.S_ISREG(seen.st_mode) else None
