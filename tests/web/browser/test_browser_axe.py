"""The axe that is kept here is the one that was published."""

from __future__ import annotations

import hashlib
from pathlib import Path

AXE = Path(__file__).parent / "axe" / "axe.min.js"


def test_its_digest() -> None:
    found = hashlib.sha256(AXE.read_bytes()).hexdigest()
    assert found == "e9e5863c33a874f09bc01acd9234b7e3c871479f5eef8802fa582544465e6d01"
    assert found in (AXE.parent / "README.md").read_text(encoding="utf-8")
