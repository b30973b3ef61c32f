"""A lock on a file that ends with the process that holds it, however that process ends.

The operating system keeps the lock (flock on POSIX, a locked byte on Windows). The process id in the file is there
for people to read; it decides nothing, so a file left behind by a killed process is in nobody's way. The file is
never removed: whoever removes it could take it away from under somebody who has just locked it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

from engine.language import Message, say

if sys.platform == "win32":  # pragma: no cover - on Windows
    import msvcrt
else:
    import fcntl

#: The lock of a deployment, below its directory.
LOCK = Path("data") / "daemon.lock"

#: The byte that is locked on Windows: far behind the text, so that others can still read who holds the lock.
_LOCKED_BYTE = 1 << 30


class HomeLock:
    """The right to be the one daemon of a deployment, or one of several on a database that bears several.

    ``with HomeLock(path)`` is not offered: taking it may be refused, and the refusal is a value.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None
        self._shared = False

    def take(self, *, shared: bool = False) -> Message | None:
        """Take the lock; returns a sentence that names the holder where somebody else has it. Raises OSError.

        Taken `shared` it keeps out whoever wants it alone (another command, a daemon on a database of one file), but
        not others that share it. Windows has no such locks: there a shared one keeps nobody out.
        """
        if shared and sys.platform == "win32":  # pragma: no cover - on Windows
            return None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        try:
            if not _lock(fd, wait=False, shared=shared):
                holder = _holder(self.path)
                os.close(fd)
                return _refused(self.path, holder)
            if not shared:
                os.ftruncate(fd, 0)
                os.write(fd, f"{os.getpid()}\n".encode())
        except OSError:
            os.close(fd)
            raise
        self._fd = fd
        self._shared = shared
        return None

    def release(self) -> None:
        """Give the lock back; more often than once does no harm."""
        if self._fd is not None:
            if not self._shared:
                os.ftruncate(self._fd, 0)
            _unlock(self._fd)
            os.close(self._fd)
            self._fd = None


class ExclusiveFile:
    """``with ExclusiveFile(path):`` one process (and one thread) at a time, the others wait. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1

    def __enter__(self) -> Self:
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        _lock(self._fd, wait=True)
        return self

    def __exit__(self, *_: object) -> None:
        _unlock(self._fd)
        os.close(self._fd)


def _refused(path: Path, holder: int | None) -> Message:
    if holder is None:
        return say("该部署已有一个守护进程在运行（锁文件 {path}）；每个部署同时只能运行一个", path=path)
    return say(
        "该部署已有守护进程在运行（进程号 {pid}，锁文件 {path}）；每个部署同时只能运行一个，请先停止它",
        pid=holder,
        path=path,
    )


def _holder(path: Path) -> int | None:
    """Return the process id in the file, where one has been written."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _lock(fd: int, *, wait: bool, shared: bool = False) -> bool:
    """Lock an open file; returns False where somebody else has it and we do not wait."""
    if sys.platform == "win32":  # pragma: no cover - on Windows
        os.lseek(fd, _LOCKED_BYTE, os.SEEK_SET)
        while True:
            try:
                # LK_LOCK itself gives up after ten tries, one a second.
                msvcrt.locking(fd, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
            else:
                os.lseek(fd, 0, os.SEEK_SET)
                return True
    try:
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(fd, how | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _unlock(fd: int) -> None:
    if sys.platform == "win32":  # pragma: no cover - on Windows
        os.lseek(fd, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
        return
    fcntl.flock(fd, fcntl.LOCK_UN)
