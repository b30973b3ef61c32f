"""The shipped definitions, those of the reference and of the patterns, to be changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("workflows", "forms", "tests/workflows/reference", "tests/workflows/patterns")


@cache
def files() -> dict[str, bytes]:
    """Return the files, name -> content."""
    return {
        f"{folder}/{path.name}": path.read_bytes()
        for folder in FOLDERS
        for path in sorted((ROOT / folder).glob("*.yaml"))
    }
