"""Removing backups of the same deployment that are past their term, beside a new one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from engine.kernel.instants import from_text
from engine.operations.backup import BackupError
from engine.operations.unpacking import read_manifest


def remove_old_backups(newest: Path, now: datetime, days: int) -> list[str]:
    """Remove the backups in the folder of `newest` that are of the same deployment and older than so many days.

    Returns their names. What is no backup, is a link, or does not say of which deployment it is, is left alone. Raises OSError.
    """
    own = read_manifest(newest)
    if own.deployment is None:
        return []
    removed = []
    for path in sorted(newest.parent.iterdir()):
        if path == newest or path.is_symlink() or not path.is_file():
            continue
        try:
            found = read_manifest(path)
            made_at = from_text(found.made_at)
        except (BackupError, ValueError):
            continue
        if found.deployment == own.deployment and made_at < now - timedelta(days=days):
            path.unlink()
            removed.append(path.name)
    return removed
