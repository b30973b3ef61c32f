"""Who may read what: the modes of a deployment's files and folders, kept in a backup and put back by a restore."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

#: What a restore gives where a backup does not say: to the owner alone.
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
_OCTAL = re.compile(r"[1-3]?[0-7]{3}")
#: A folder may give its group to what is made in it, and keep others from removing it; a file never runs as somebody else.
_OF_FOLDER, _OF_FILE = 0o3777, 0o777


def mode_of(path: Path) -> str | None:
    """Return the mode of a file or folder in octal; None on a system that keeps none. Raises OSError."""
    if os.name != "posix":  # pragma: no cover - on Windows
        return None
    mode = path.stat().st_mode
    return f"{mode & (_OF_FOLDER if stat.S_ISDIR(mode) else _OF_FILE):03o}"


def modes_of(named: Iterable[tuple[str, Path]]) -> dict[str, str]:
    """Return name -> mode. Raises OSError."""
    return {name: mode for name, path in named if (mode := mode_of(path)) is not None}


def read_modes(body: object) -> dict[str, str]:
    """Return the modes in the manifest of a backup. Raises ValueError, TypeError for anything else."""
    if not isinstance(body, dict):
        raise TypeError(body)
    for name, mode in body.items():
        if not isinstance(name, str) or not isinstance(mode, str) or not _OCTAL.fullmatch(mode):
            raise ValueError(name)
    return dict(body)


def put_modes(paths: Mapping[str, Path], modes: Mapping[str, str]) -> None:
    """Give each path, by its name, the mode it had; one whose mode is not known stays its owner's alone.

    Folders come last and the innermost of them first, so that a folder nobody may enter is no hindrance. Raises OSError.
    """
    for name, path in sorted(paths.items(), key=lambda item: (item[1].is_dir(), -len(item[1].parts))):
        private, most = (PRIVATE_FOLDER, _OF_FOLDER) if path.is_dir() else (PRIVATE_FILE, _OF_FILE)
        path.chmod(int(modes[name], 8) & most if name in modes else private)
