"""Files kept under the SHA-256 of their bytes, in one folder: written whole or not at all, readable by the owner alone."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from engine.files.journal import replace_file
from engine.files.reading import read_file
from engine.kernel.budget import KEPT_FILE

_DIGEST = re.compile(r"[0-9a-f]{64}")


class ContentStore:
    """A folder with one file for each digest. Programs may share it: the same bytes have the same name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes; return their SHA-256. What is there already is left as it is. Raises OSError."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.is_file():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(path, content, 0o600)
        return digest

    def get(self, sha256: str) -> bytes | None:
        """Return what is kept under a digest, as it is now; None where nothing is. Raises OSError, BudgetExceededError."""
        if not _DIGEST.fullmatch(sha256):
            return None
        path = self._path(sha256)
        return read_file(path, KEPT_FILE) if path.is_file() else None

    def remove(self, sha256: str) -> None:
        """Remove what is kept under a digest, if anything is. Raises OSError."""
        if _DIGEST.fullmatch(sha256):
            self._path(sha256).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest
