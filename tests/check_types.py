"""The types of the program, the tests and the benchmarks: mypy with every module it is to look at named.

    python tests/check_types.py [ARGUMENTS OF MYPY]

A module that tests share is looked at under the name it is imported by. mypy finds it where the project is installed,
too, and says nothing of what is installed: so each is named here.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("engine", "tests", "benchmarks")


def shared_modules() -> list[str]:
    """Return the names by which what tests share is imported, in order; what nothing imports is left out."""
    files = sorted((ROOT / "tests").rglob("*.py"))
    imported = {name for file in files for name in _imports(file)}
    names = []
    for file in files:
        if file.name.startswith("test_") or file.stem in ("conftest", "__init__", "__main__"):
            continue
        dotted = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        names += [name for name in (dotted, file.stem) if name in imported][:1]
    return names


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def command(arguments: list[str]) -> list[str]:
    """Return the command that looks at everything."""
    packages = [word for name in PACKAGES for word in ("-p", name)]
    shared = [word for name in shared_modules() for word in ("-m", name)]
    return [sys.executable, "-m", "mypy", *arguments, *packages, *shared]


if __name__ == "__main__":
    os.chdir(ROOT)
    os.execv(sys.executable, command(sys.argv[1:]))  # noqa: S606 - mypy of this environment
