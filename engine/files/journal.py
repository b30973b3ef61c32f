"""Changes of several steps on files: written down first, so that whoever comes after a crash can finish or undo them.

A journal is one small file of JSON. It is on the disk before the first step and is removed after the last one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.files.reading import read_file
from engine.kernel.budget import JSON_ERRORS, OWN_NOTE, read_json

FORMAT = "ssj-journal/1"
#: Below a deployment: it is being made; its data is being moved to another database.
INIT_JOURNAL = ".ssj-init.json"
MOVE_JOURNAL = ".ssj-move.json"
#: In its folder of calendars: the text of a year that is being taken up.
UNFINISHED_YEAR = ".*.new"


def restore_journal(directory: Path) -> Path:
    """Return where the journal of a restore into `directory` is: beside it, as the folder itself is renamed."""
    return directory.with_name(f".{directory.name}.ssj-restore.json")


def restore_aside(directory: Path) -> Path:
    """Return the folder in which a restore into `directory` is made ready."""
    return directory.with_name(f".{directory.name}.ssj-restore")


def is_begun(directory: Path) -> bool:
    """Tell whether a change of the deployment in `directory` may have been broken off; costs a few looks."""
    journals = (
        restore_journal(directory),
        restore_aside(directory),
        directory / INIT_JOURNAL,
        directory / MOVE_JOURNAL,
    )
    return (
        any(path.exists() for path in journals)
        or any((directory / "calendars").glob(UNFINISHED_YEAR))
        or any(path.name.endswith(".between") for path in directory.glob(".*"))
        or any(True for _ in leavings(directory))
    )


def leavings(directory: Path) -> Iterator[Path]:
    """Yield what a process that was killed while it wrote a journal or the settings leaves: new contents that took no place."""
    written = (
        restore_journal(directory),
        *(directory / name for name in (INIT_JOURNAL, MOVE_JOURNAL, "settings.yaml")),
    )
    names = (*map(unfinished_of, written), directory / "data" / "demo.json.new")
    yield from (path for path in names if path.exists())
    # An earlier version gave the new settings a name made up each time.
    yield from directory.glob(".settings-*")


def write_journal(path: Path, body: Mapping[str, Any]) -> None:
    """Write down a change that is about to begin; it is on the disk when this returns. Raises OSError."""
    replace_file(path, json.dumps({"format": FORMAT, **body}, ensure_ascii=False).encode(), mode=0o600)


def read_journal(path: Path) -> Mapping[str, Any] | None:
    """Return the change that was begun, None where none was. Raises OSError.

    A file that is no journal counts as none: a journal is there whole or not at all.
    """
    try:
        found = read_json(read_file(path, OWN_NOTE), OWN_NOTE)
    except FileNotFoundError:
        return None
    except JSON_ERRORS:
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


def remove_journal(path: Path) -> None:
    """Note that a change is through. Raises OSError."""
    path.unlink(missing_ok=True)
    flush_folder(path.parent)


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Replace a file whole: after a crash it has the old content or the new one. Raises OSError."""
    unfinished = prepare_file(path, content, mode)
    unfinished.replace(path)
    flush_folder(path.parent)


def unfinished_of(path: Path) -> Path:
    """Return where the new content of a file is until it takes its place: a hidden name beside it."""
    return path.with_name(f".{path.name.removeprefix('.')}.new")


def prepare_file(path: Path, content: bytes, mode: int | None = None, unfinished: Path | None = None) -> Path:
    """Write the new content of a file beside it, on the disk, and return where; renaming it is the caller's.

    `unfinished` is a name of one's own for it, where several may be at the same file. Raises OSError.
    """
    unfinished = unfinished or unfinished_of(path)
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode or 0o666), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return unfinished


def flush_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can. Raises OSError."""
    if sys.platform == "win32":  # pragma: no cover - folders cannot be opened there
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


class FolderLock:
    """A lock on a folder, which ends with the process or with this object. Windows has none: there it holds nothing."""

    def __init__(self, folder: Path, *, wait: bool) -> None:
        self._held = -1
        self.taken = True
        if sys.platform == "win32":  # pragma: no cover - on Windows
            return
        import fcntl

        self._held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            self.release()
            self.taken = False
        except OSError:
            # A file system without locks (some network drives): nobody else can hold one either.
            self.release()

    def release(self) -> None:
        """Let others have it; more often than once does no harm."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def __del__(self) -> None:
        self.release()
