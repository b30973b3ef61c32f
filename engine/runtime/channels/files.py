"""Messages as files in a folder, one each, for another program to take away. A repeat changes nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.language import say
from engine.runtime.channels.wording import as_line

if TYPE_CHECKING:
    from engine.runtime.channels import Surroundings
    from engine.runtime.settings import SettingsReader

#: File systems end at 255 bytes; a longer name is replaced by a digest.
_MAX_NAME = 200


def make(reader: SettingsReader, around: Surroundings) -> FilesChannel:
    """Read ``{path, batch}``."""
    return FilesChannel(
        folder=reader.path("path", around.home), batch=reader.integer("batch", least=1, most=10_000)
    )


@dataclass(frozen=True, slots=True)
class FilesChannel:
    """Drops ``<id>.json`` into `folder`. A file is there whole or not at all."""

    folder: Path
    batch: int

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Write each item to its own file."""
        return [self._drop(item) for item in items]

    def _drop(self, item: OutboxItem) -> Outcome:
        target = self.folder / file_name(item.id)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if target.exists():
                return Outcome(item.id)
            with unfinished.open("wb") as file:
                file.write(as_line(item))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except OSError as problem:
            with suppress(OSError):
                unfinished.unlink()
            error = say("不能写入文件夹 {folder}：{problem}", folder=self.folder, problem=problem)
            return Outcome(item.id, error, unavailable=True)
        return Outcome(item.id)


def file_name(item_id: str) -> str:
    """Return a file name for an id: the same for the same id, without anything a path could be made of, never hidden."""
    safe = quote(item_id, safe="-_")
    if safe.startswith("."):
        safe = f"%2E{safe[1:]}"
    if len(safe) > _MAX_NAME:
        safe = hashlib.sha256(item_id.encode()).hexdigest()
    return f"{safe}.json"
