"""A file that one process holds at a time; the system takes it back with the process, however that ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@contextmanager
def held_file(path: Path) -> Iterator[bool]:
    """Hold `path` while the block lasts; False where another process, or another block of this one, holds it.

    The file is made and removed. What a killed process has left of it is in nobody's way. On a file system without
    locks nobody is kept out. Raises OSError.
    """
    held = _take(path)
    try:
        yield held is not None
    finally:
        if held is not None:
            if sys.platform != "win32":
                # Removed while it is held: whoever has opened it meanwhile sees that it is gone, and begins again.
                path.unlink(missing_ok=True)
            os.close(held)


def remove_unheld(folder: Path, pattern: str) -> None:
    """Remove the files of `held_file` in a folder whose processes have ended. Raises OSError."""
    for path in folder.glob(pattern):
        with held_file(path):
            pass


def _take(path: Path) -> int | None:
    if sys.platform == "win32":  # pragma: no cover - on Windows
        try:
            # Removed by the system when it is closed.
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_TEMPORARY)
        except (FileExistsError, PermissionError):
            return None
    while True:
        held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            return None
        except OSError:
            return held
        if _is_still(path, held):
            return held
        os.close(held)


def _is_still(path: Path, held: int) -> bool:
    try:
        return os.path.samestat(path.stat(follow_symlinks=False), os.fstat(held))
    except FileNotFoundError:
        return False
