"""Two digests of the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from engine.kernel.sm3 import sm3_hex


@dataclass(frozen=True, slots=True)
class Digests:
    """Two digests of the same bytes, so that one broken hash function does not undo the record."""

    sha256: str
    sm3: str

    @classmethod
    def of(cls, data: bytes) -> Digests:
        """Return the SHA-256 and SM3 of `data`, in lower-case hex."""
        return cls(hashlib.sha256(data).hexdigest(), sm3_hex(data))
