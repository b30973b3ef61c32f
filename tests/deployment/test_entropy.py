"""The machine's chance."""

from __future__ import annotations

from engine.deployment.entropy import SystemEntropy


def test_bytes_are_never_the_same() -> None:
    assert len(SystemEntropy.take("draw", 32)) == 32
    assert SystemEntropy.take("draw", 32) != SystemEntropy.take("draw", 32)
