"""A restored deployment put in the place of another in several renames, which a crash between them does not break.

What is to be done is written into a journal beside the folder first. Everything before it is undone by removing what was
unpacked; everything after it is finished by `finish`, which a later command calls.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.files.journal import (
    FolderLock,
    flush_folder,
    read_journal,
    remove_journal,
    restore_aside,
    restore_journal,
    write_journal,
)
from engine.kernel.budget import JSON_ERRORS


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
        try:
            fresh = directory.parent / str(body["fresh"])
            kept = directory.parent / str(body["kept"]) if body["kept"] else None
        except JSON_ERRORS:
            return None
        _go_on(directory, fresh, kept)
        return kept or directory
    finally:
        lock.release()


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
