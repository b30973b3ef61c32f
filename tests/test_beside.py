"""Each module has a test file of its name that imports it; how many have none is held, and may only fall."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Lists, one file an entry, over which one test goes.
LISTS = {"rules", "versions"}
#: Modules without a test file of their name, in a hundred.
AT_MOST = 10


def modules() -> list[Path]:
    """Return the modules of the product that hold something."""
    return [
        path
        for path in sorted((ROOT / "engine").rglob("*.py"))
        if path.name not in {"__init__.py", "__main__.py"}
        and not LISTS & set(path.parts)
        and path.read_text(encoding="utf-8").strip()
    ]


def imported(path: Path) -> set[str]:
    """Return every module a test file names in an import, and every name it takes from one."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_nine_modules_of_ten_have_a_test_file_of_their_name() -> None:
    tests = {path: imported(path) for path in (ROOT / "tests").rglob("test_*.py")}
    lacking = []
    for path in modules():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        stem = path.stem.rstrip("_")
        if not any(
            name in names and (test.stem == f"test_{stem}" or test.stem.endswith(f"_{path.stem}"))
            for test, names in tests.items()
        ):
            lacking.append(name)
    assert len(lacking) * 100 <= AT_MOST * len(modules()), lacking
