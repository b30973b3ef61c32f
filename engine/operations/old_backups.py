"""Removing backups of the same deployment that are past their term, beside a new one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from engine.files.age import is_encrypted
from engine.kernel.instants import from_text
from engine.operations.backup import BackupError, BackupNote, Manifest, note_path
from engine.operations.unpacking import read_manifest, read_note


def remove_old_backups(newest: Path, now: datetime, days: int) -> list[str]:
    """Remove the backups in the folder of `newest` that are of the same deployment and older than so many days.

    Returns their names. What is no backup, is a link, or does not say of which deployment it is, is left alone. Raises OSError.
    """
    own = _known(newest)
    if own is None or own[0] is None:
        return []
    removed = []
    for path in sorted(newest.parent.iterdir()):
        if path == newest or path.is_symlink() or not path.is_file():
            continue
        found = _known(path)
        if found is not None and found[0] == own[0] and found[1] < now - timedelta(days=days):
            path.unlink()
            note_path(path).unlink(missing_ok=True)
            removed.append(path.name)
    return removed


def _known(path: Path) -> tuple[str | None, datetime] | None:
    """Return of which deployment a backup is and from when, of an encrypted one by its note; None for what is none."""
    try:
        found: BackupNote | Manifest | None = read_note(path) if is_encrypted(path) else read_manifest(path)
        return None if found is None else (found.deployment, from_text(found.made_at))
    except (BackupError, ValueError):
        return None
