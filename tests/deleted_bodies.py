"""Deletes the body of one function of the product at a time, and sees whether the module's own tests notice.

``python tests/deleted_bodies.py [--room app] [--sample 100] [--seed 1]`` takes functions by chance; with a module
(``engine/app/session/facts.py``) it takes all of that module. Works in a copy of the tree, never in the tree itself.
Prints the functions whose loss nobody noticed, and the share that was noticed; exit code 1 below 80 in a hundred.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hung_run import HUNG

ROOT = Path(__file__).resolve().parent.parent
#: Of a hundred functions, so many must be missed by the tests of their module.
WANTED = 80


def functions(path: Path) -> list[tuple[str, int, int]]:
    """Return (qualified name, first line of the body, last line) of every function of a module with a body to lose."""
    found: list[tuple[str, int, int]] = []

    def walk(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                if not any("Protocol" in ast.unparse(base) for base in child.bases):
                    walk(child, f"{prefix}{child.name}.")
            elif isinstance(child, ast.FunctionDef):
                body = child.body
                if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                    body = body[1:]
                if body and not (len(body) == 1 and isinstance(body[0], (ast.Pass, ast.Raise))):
                    found.append(
                        (prefix + child.name, body[0].lineno, body[-1].end_lineno or body[-1].lineno)
                    )

    walk(ast.parse(path.read_text(encoding="utf-8")), "")
    return found


def own_tests(module: Path) -> list[Path]:
    """Return the test files named after a module that import it."""
    name = ".".join(module.relative_to(ROOT).with_suffix("").parts)
    stem = module.stem.rstrip("_")
    return [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if (path.stem == f"test_{stem}" or path.stem.endswith(f"_{stem}")) and _imports(path, name)
    ]


def _imports(path: Path, module: str) -> bool:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if module in {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}:
                return True
        elif isinstance(node, ast.Import) and any(alias.name == module for alias in node.names):
            return True
    return False


def noticed(copy: Path, module: Path, place: tuple[str, int, int]) -> bool:
    """Tell whether a test of the module fails once the body of a function is gone."""
    tests = own_tests(module)
    if not tests:
        return False
    target = copy / module.relative_to(ROOT)
    whole = target.read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    _, first, last = place
    indent = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
    target.write_text(
        "".join([*lines[: first - 1], f"{indent}return None\n", *lines[last:]]), encoding="utf-8"
    )
    try:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
            + [str(copy / path.relative_to(ROOT)) for path in tests],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=HUNG,
        )
    finally:
        target.write_text(whole, encoding="utf-8")
    return run.returncode != 0


def main() -> int:
    """Run, print what was not noticed, and return the exit code."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("modules", nargs="*", type=Path)
    arguments.add_argument("--room", default="app")
    arguments.add_argument("--sample", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    modules = [path.resolve() for path in asked.modules] or sorted(
        (ROOT / "engine" / asked.room).rglob("*.py")
    )
    every = [(module, place) for module in modules for place in functions(module)]
    chosen = (
        every if asked.modules else random.Random(asked.seed).sample(every, min(asked.sample, len(every)))
    )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "results"))
        missed = [(m, p[0]) for m, p in chosen if not noticed(copy, m, p)]
    for module, name in missed:
        print(f"{module.relative_to(ROOT)}: {name}")
    share = 100 * (len(chosen) - len(missed)) // max(len(chosen), 1)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} noticed ({share} in a hundred)")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
