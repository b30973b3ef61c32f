"""A clock all processes of a run share: the machine's, moved on or back by what stands in a small file."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_OFFSET = struct.Struct("=q")


class SharedClock:
    """The machine's clock and an offset in microseconds; `path` is made where it is missing."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_OFFSET.pack(0))
        with path.open("r+b") as file:
            self._offset = mmap.mmap(file.fileno(), _OFFSET.size)

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return datetime.now(UTC) + timedelta(microseconds=_OFFSET.unpack_from(self._offset)[0])

    def move(self, by: timedelta) -> None:
        """Move the clock of every process at once."""
        offset = _OFFSET.unpack_from(self._offset)[0]
        _OFFSET.pack_into(self._offset, 0, offset + by // timedelta(microseconds=1))
