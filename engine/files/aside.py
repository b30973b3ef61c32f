"""A hidden folder to work in, which its process holds: what a killed process leaves in one is known by that, and removed."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.files.journal import FolderLock


@contextmanager
def aside_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a new folder in `parent` whose name begins with `prefix`, and remove it at the end. Raises OSError."""
    with tempfile.TemporaryDirectory(dir=parent, prefix=prefix) as name:
        place = Path(name)
        # Held before anything is in it: `remove_left` leaves an empty folder alone.
        held = FolderLock(place, wait=False)
        try:
            yield place
        finally:
            held.release()


def remove_left(parent: Path, prefix: str) -> list[str]:
    """Remove the folders of `aside_folder` in `parent` whose processes have ended; return their names.

    Windows cannot lock folders: nothing is removed there.
    """
    if sys.platform == "win32" or not parent.is_dir():  # pragma: no cover - on Windows
        return []
    left = []
    for place in sorted(parent.glob(f"{prefix}*")):
        if place.is_symlink() or not place.is_dir():
            continue
        held = FolderLock(place, wait=False)
        try:
            if held.taken and any(place.iterdir()):
                shutil.rmtree(place)
                left.append(place.name)
        finally:
            held.release()
    return left
