"""Bytes that follow from a seed, where a demonstration or a simulation has to give what chance gives; never for a real draw."""

from __future__ import annotations

import hashlib
from collections.abc import Callable


def seeded_entropy(seed: str) -> Callable[[str, int], bytes]:
    """Return what gives bytes that follow from the seed and what they are for."""
    return lambda purpose, count: hashlib.shake_256(f"{seed}|{purpose}".encode()).digest(count)
