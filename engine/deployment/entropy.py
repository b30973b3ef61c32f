"""The machine's own source of chance, for the keys of draws."""

from __future__ import annotations

import secrets


class SystemEntropy:
    """Random bytes of the operating system."""

    @staticmethod
    def take(purpose: str, count: int) -> bytes:
        """Return `count` random bytes; the same `purpose` gives others each time."""
        del purpose
        return secrets.token_bytes(count)
