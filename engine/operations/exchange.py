"""A restored deployment put in the place of another in several renames, which a crash between them does not break.

What is to be done is written into a journal beside the folder first. Everything before it is undone by removing what was
unpacked; everything after it is finished by `finish`, which a later command calls.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.files.journal import (
    FolderLock,
    flush_folder,
    read_journal,
    remove_journal,
    restore_aside,
    restore_journal,
    write_journal,
)


def exchange(directory: Path, fresh: Path, kept: Path | None) -> None:
    """Put `fresh` where `directory` is, which moves to `kept`; without that it is empty or not there.

    The caller holds the lock on the folder above. Raises OSError.
    """
    flush_folder(fresh.parent)
    write_journal(
        restore_journal(directory),
        {
            "change": "restore",
            "fresh": fresh.relative_to(directory.parent).as_posix(),
            "kept": kept.name if kept else None,
        },
    )
    _go_on(directory, fresh, kept)


def finish(directory: Path) -> Path | None:
    """Finish the restore into `directory` that was broken off, if one was; returns where the former deployment is.

    None where nothing was broken off, or where whoever restores is still at work; `directory` itself where there
    was none before. Raises OSError.
    """
    journal = restore_journal(directory)
    if not journal.exists():
        return None
    lock = FolderLock(directory.parent, wait=False)
    try:
        body = read_journal(journal) if lock.taken else None
        if body is None:
            return None
        names = _named(directory, body)
        if names is None:
            return None
        fresh, kept = names
        _go_on(directory, fresh, kept)
        return kept or directory
    finally:
        lock.release()


def _named(directory: Path, body: Mapping[str, Any]) -> tuple[Path, Path | None] | None:
    """Return the folders a journal names; None where it names others than a restore does: those are left alone."""
    fresh, kept = body.get("fresh"), body.get("kept")
    place, _, inside = str(fresh).partition("/")
    if place != restore_aside(directory).name or not _is_name(inside):
        return None
    if kept is not None and not (isinstance(kept, str) and _is_name(kept) and kept != directory.name):
        return None
    return directory.parent / place / inside, directory.parent / kept if kept else None


def _is_name(text: str) -> bool:
    """Tell whether a text is the name of one file or folder, and no way to another."""
    return text not in ("", ".", "..") and not set("/\\\0") & set(text) and len(text.encode()) <= 255


def undo(directory: Path) -> bool:
    """Remove what a restore into `directory` had unpacked that was broken off before its first rename.

    Tells whether there was such a one; whoever is at work on it is left alone. Raises OSError.
    """
    place = restore_aside(directory)
    if not place.exists():
        return False
    lock = FolderLock(directory.parent, wait=False)
    try:
        if not lock.taken or read_journal(restore_journal(directory)) is not None:
            return False
        shutil.rmtree(place)
        return True
    finally:
        lock.release()


def _go_on(directory: Path, fresh: Path, kept: Path | None) -> None:
    """Do what is left of the renames, from whatever was reached."""
    if fresh.exists():
        if directory.exists() and kept is not None and not kept.exists():
            directory.rename(kept)
        elif directory.exists():
            directory.rmdir()
        flush_folder(directory.parent)
        fresh.rename(directory)
        flush_folder(directory.parent)
    shutil.rmtree(restore_aside(directory), ignore_errors=True)
    remove_journal(restore_journal(directory))
