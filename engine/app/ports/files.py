"""The store of files: bytes under their SHA-256."""

from __future__ import annotations

from typing import Protocol


class FileStore(Protocol):
    """Keeps bytes under their digest. What is there is never changed."""

    def put(self, content: bytes) -> str:
        """Keep bytes; return their SHA-256. What is there already is left as it is. Raises OSError."""
        ...

    def get(self, sha256: str) -> bytes | None:
        """Return what is kept under a digest, as it is now; None where nothing is. Raises OSError."""
        ...

    def remove(self, sha256: str) -> None:
        """Remove what is kept under a digest, if anything is. Raises OSError."""
        ...
