"""The journal of one client: what it was about to ask, and what was answered, put on the disk before it counts.

Lines: ``{"n", "do", "case", …}`` before a command is sent, ``{"n", "case", "rev", "state", "closed"}`` once it was
answered, or ``{"n", "refused"}``. The request id of a command is ``CLIENT-N``. A line that a kill broke off is no line.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """Appends to `path`; waits where there is no room for a line."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._broken = path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")

    def write(self, line: dict[str, Any], *, sync: bool) -> None:
        """Add a line; with `sync` it survives a power cut once this returns."""
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        while True:
            try:
                if self._broken:
                    os.write(self._file, b"\n")
                    self._broken = False
                if os.write(self._file, text) == len(text):
                    break
                self._broken = True
            except OSError:
                time.sleep(0.05)
        if sync:
            os.fdatasync(self._file)


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the whole lines of a journal, oldest first."""
    if not path.exists():
        return
    for text in path.read_bytes().split(b"\n"):
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line
