"""Which program reads definitions: what was read by another one is not what this one would read."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

#: The rooms that say what comes of the text of a definition.
ROOMS = ("definition", "lifecycle", "worktime", "yamltext")
_ROOT = Path(__file__).resolve().parents[2]


@cache
def program(root: Path = _ROOT) -> str:
    """Return the digest of the source that reads definitions; "" where it is not there to be read."""
    digest = hashlib.sha256()
    found = 0
    for room in ROOMS:
        for folder, folders, files in os.walk(root / room):
            folders.sort()
            for name in sorted(files):
                if name.endswith((".py", ".yaml")):
                    # Some three hundred files: as texts, their paths cost a third of what reading them does.
                    path = f"{folder}{os.sep}{name}"
                    with open(path, "rb") as file:  # noqa: PTH123 - as above
                        content = file.read()
                    digest.update(f"{path[len(str(root)) :]}\n{len(content)}\n".encode())
                    digest.update(content)
                    found += 1
    return digest.hexdigest() if found else ""
