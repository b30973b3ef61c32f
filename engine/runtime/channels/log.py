"""Messages into a file, one line of JSON each; put on the disk before they count as delivered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.language import say
from engine.runtime.channels.wording import as_line
from engine.runtime.lock import ExclusiveFile

if TYPE_CHECKING:
    from engine.runtime.channels import Surroundings
    from engine.runtime.settings import SettingsReader


def make(reader: SettingsReader, around: Surroundings) -> LogChannel:
    """Read ``{path, most_bytes, keep, batch}``."""
    return LogChannel(
        path=reader.path("path", around.home),
        most_bytes=reader.integer("most_bytes", least=1_000, most=10**12),
        keep=reader.integer("keep", least=1, most=1_000),
        batch=reader.integer("batch", least=1, most=10_000),
    )


@dataclass(frozen=True, slots=True)
class LogChannel:
    """Appends to `path`; a file that would grow beyond `most_bytes` is put aside as ``.1``, the older ones move up."""

    path: Path
    most_bytes: int
    #: How many files put aside are kept; the oldest is dropped.
    keep: int
    batch: int

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Write all items, or none."""
        lines = b"".join(as_line(item) for item in items)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with ExclusiveFile(self.path.with_name(self.path.name + ".lock")):
                self._mend()
                self._make_room(len(lines))
                self._append(lines)
        except OSError as problem:
            error = say("不能写入日志文件 {path}：{problem}", path=self.path, problem=problem)
            return [Outcome(item.id, error, unavailable=True) for item in items]
        return [Outcome(item.id) for item in items]

    def _mend(self) -> None:
        """Take away a line that a crash broke off; it was never marked as delivered and comes again."""
        try:
            with self.path.open("r+b") as file:
                file.truncate(_end_of_last_line(file.fileno()))
        except FileNotFoundError:
            return

    def _append(self, lines: bytes) -> None:
        fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            end = os.lseek(fd, 0, os.SEEK_END)
            try:
                _write_all(fd, lines)
                os.fsync(fd)
            except OSError:
                os.ftruncate(fd, end)
                raise
        finally:
            os.close(fd)

    def _make_room(self, coming: int) -> None:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        if size == 0 or size + coming <= self.most_bytes:
            return
        for number in range(self.keep - 1, 0, -1):
            older = self._aside(number)
            if older.exists():
                older.replace(self._aside(number + 1))
        self.path.replace(self._aside(1))

    def _aside(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _end_of_last_line(fd: int) -> int:
    """Return where the last whole line ends, 0 where there is none."""
    end = os.lseek(fd, 0, os.SEEK_END)
    while end > 0:
        start = max(0, end - 65_536)
        os.lseek(fd, start, os.SEEK_SET)
        found = os.read(fd, end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
