"""A folder replaced as a whole: readers see the old one or the new one, never a mixture and never nothing."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from engine.files.journal import FolderLock

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give a hidden folder beside `out`; when the block ends well, the two change places.

    The hidden folder holds what was in `out` one time earlier, or what a killed builder left, or nothing; the
    block makes all of it right (see `put_files`). It is kept, so that the next build writes only what differs.
    One builder at a time works on the folders of one parent; others wait. If the block raises or is killed, `out`
    stays as it was. Raises OSError where the parent cannot be written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    hidden = out.with_name(f".{out.name}.next")
    between = out.with_name(f".{out.name}.between")
    with _alone(out.parent):
        if between.exists():
            # A builder was killed between the renames of a system that cannot exchange folders.
            between.rename(hidden if out.exists() else out)
        hidden.mkdir(exist_ok=True)
        yield hidden
        if not out.exists():
            hidden.rename(out)
        elif not exchange(hidden, out):
            out.rename(between)
            try:
                hidden.rename(out)
            except BaseException:
                between.rename(out)
                raise
            between.rename(hidden)


def finish_folder(out: Path) -> bool:
    """Give `out` its place back where a builder was killed between two renames; tells whether that was so.

    A builder that is at work is left alone. Raises OSError.
    """
    between = out.with_name(f".{out.name}.between")
    if not between.exists() or out.exists():
        return False
    lock = FolderLock(out.parent, wait=False)
    try:
        if not lock.taken or not between.exists() or out.exists():
            return False
        between.rename(out)
        return True
    finally:
        lock.release()


def put_files(folder: Path, files: Mapping[str, bytes], like: Path | None = None) -> int:
    """Make `folder` hold exactly `files`, by name with ``/``; return how many had to be written.

    What the folder `like` has already is linked from there, where the file system can: the same bytes are kept once.
    """
    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents}
    for place in sorted(folders):
        (folder / place).mkdir(exist_ok=True)
    for place, names, found in os.walk(folder, topdown=False):
        here = Path(place).relative_to(folder)
        for name in found:
            if (here / name).as_posix() not in files:
                (folder / here / name).unlink()
        for name in names:
            if (here / name).as_posix() not in folders:
                (folder / here / name).rmdir()
    return sum(
        _put(f"{folder}/{name}", content, f"{like}/{name}" if like else "") for name, content in files.items()
    )


def _put(path: str, content: bytes, like: str) -> bool:
    # Tens of thousands of files: plain opens, as a Path for each costs seconds.
    there = _holds(path, content)
    if there:
        return False
    if there is not None:
        # Never written over: the same file may stand in the other folder too.
        os.unlink(path)  # noqa: PTH108
    if like and _holds(like, content):
        try:
            os.link(like, path)
        except OSError:
            pass
        else:
            return False
    with open(path, "xb", buffering=0) as file:  # noqa: PTH123
        file.write(content)
    return True


def _holds(path: str, content: bytes) -> bool | None:
    """Tell whether a file has this content; None where there is no file."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return os.fstat(file.fileno()).st_size == len(content) and file.read() == content
    except FileNotFoundError:
        return None


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step. Returns False where the system or the file system cannot."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return done == 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold `folder` against other builders, where the system can lock a folder; a killed holder lets go."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
