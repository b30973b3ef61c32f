"""The reference definitions: processes of other kinds than the shipped ones."""

from __future__ import annotations

from pathlib import Path

REFERENCE = Path(__file__).with_name("reference")


def reference(*names: str) -> list[str]:
    """Return the texts of reference definitions."""
    return [(REFERENCE / f"{name}.yaml").read_text("utf-8") for name in names]
