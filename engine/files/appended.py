"""Files that only grow: lines are added at the end and reach the disk before anything else is done."""

from __future__ import annotations

import os
from pathlib import Path

from engine.files.journal import flush_folder


def append_text(path: Path, text: str) -> None:
    """Add `text` to a file, made with mode 600 where there is none, and wait until it is on the disk. Raises OSError."""
    new = not path.exists()
    with os.fdopen(
        os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if new:
        flush_folder(path.parent)
