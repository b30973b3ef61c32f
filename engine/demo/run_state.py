"""A demonstration under way in its directory: marked by a file until it is through, locked against a second one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from engine.deployment.set_up import FolderNotEmptyError, making
from engine.files.reading import read_file
from engine.kernel.budget import OWN_NOTE, read_json
from engine.language import Message, say
from engine.runtime.lock import LOCK, HomeLock

#: Below the deployment. It is the first thing written and the last taken away.
MARKER = Path("data") / "demo.json"
#: Files become what they are called by being renamed: they are there whole or not at all.
UNFINISHED = ".new"
#: The objects that were given, kept until the demonstration is through.
GIVEN = "demo-objects"


class DemoInUseError(Exception):
    """Another process works in the directory; `message` says so."""

    def __init__(self, path: Path) -> None:
        self.message: Message = say(
            "“{path}”中的演示正由另一个进程走着（或有守护进程在运行）；请等它结束，或换一个目录", path=path
        )
        super().__init__(str(path))


@dataclass(frozen=True, slots=True)
class RunState:
    """What the demonstration in a directory was asked for."""

    seed: str
    #: A copy of the objects that were given, if any were.
    objects: Path | None
    #: What the given file was called.
    source: str | None
    #: It was begun by an earlier process, which did not come to the end.
    resumed: bool


def begun(directory: Path) -> bool:
    """Tell whether a demonstration was begun in `directory` and not finished. Raises FolderNotEmptyError for other contents."""
    if (directory / MARKER).is_file():
        return True
    if not _untouched(directory):
        raise FolderNotEmptyError(directory)
    return False


@contextmanager
def undertaken(directory: Path, objects: Path | None, seed: str) -> Iterator[RunState]:
    """Begin a demonstration in `directory`, or go on with the one that was begun there.

    Once the block has come to its end the demonstration is finished; if it raises, or the process dies in it, a
    later call goes on. Raises FolderNotEmptyError, DemoInUseError, StoreUnavailableError.
    """
    begun(directory)
    lock = HomeLock(directory / LOCK)
    with making(directory):
        if lock.take() is not None:
            raise DemoInUseError(directory)
    try:
        with making(directory):
            # Looked at again: whoever held the lock may have come to the end.
            found = _read(directory) if begun(directory) else _write(directory, objects, seed)
        yield found
        (directory / MARKER).unlink()
        for copy in (directory / MARKER.parent).glob(f"{GIVEN}*"):
            copy.unlink()
    finally:
        lock.release()


def _untouched(directory: Path) -> bool:
    """Tell whether there is nothing in `directory` but what a demonstration leaves that dies before it is marked."""
    if not directory.exists():
        return True
    if not directory.is_dir():
        return False
    data = directory / MARKER.parent
    return all(
        entry == data
        and entry.is_dir()
        and all(e.name in (LOCK.name, MARKER.name + UNFINISHED) or e.stem == GIVEN for e in data.iterdir())
        for entry in directory.iterdir()
    )


def _write(directory: Path, objects: Path | None, seed: str) -> RunState:
    copy: Path | None = None
    if objects is not None:
        copy = directory / MARKER.parent / (GIVEN + objects.suffix)
        shutil.copyfile(objects, copy)
    source = str(objects) if objects else None
    body = {"seed": seed, "objects": copy.name if copy else None, "source": source}
    unfinished = directory / MARKER.with_name(MARKER.name + UNFINISHED)
    unfinished.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(directory / MARKER)
    return RunState(seed, copy, source, resumed=False)


def _read(directory: Path) -> RunState:
    with suppress(ValueError, KeyError, TypeError):
        body = read_json(read_file(directory / MARKER, OWN_NOTE), OWN_NOTE)
        name = body["objects"]
        copy = directory / MARKER.parent / str(name) if name else None
        return RunState(str(body["seed"]), copy, body["source"], resumed=True)
    raise FolderNotEmptyError(directory)
