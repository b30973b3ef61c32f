"""Files and streams, opened and measured before they are read. Every room reads through here or says why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO

from engine.kernel.budget import Budget, BudgetExceededError, check_size
from engine.language import say

_CHUNK = 1 << 20


def read_file(path: Path, budget: Budget, name: str | None = None) -> bytes:
    """Return the bytes of a file, called `name` in sentences. Raises BudgetExceededError, OSError."""
    with path.open("rb") as stream:
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


def _size(stream: IO[bytes]) -> int | None:
    """Return the size of a regular file, None for what cannot be measured."""
    try:
        seen = os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None
    return seen.st_size if stat.S_ISREG(seen.st_mode) else None
