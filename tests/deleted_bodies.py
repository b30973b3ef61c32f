"""Deletes the body of one function of the product at a time, and sees whether the module's own tests notice.

``python tests/deleted_bodies.py [--room app] [--sample 100] [--seed 1]`` takes functions by chance; with a module
(``engine/app/session/facts.py``) it takes all of that module. Prints the functions whose loss nobody noticed, and the
share that was noticed; exit code 1 below 80 in a hundred.

The tests are collected once. For each function a forked process gives it an empty body in memory and runs the module's
own test files up to the first failure. What nobody noticed that way is tried again in a copy of the tree with the body
taken out of the file: there the loss also meets what is computed while modules are imported, and other processes. A
function whose tests fail in that copy as it stands, with nothing taken out, counts as not noticed.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.hung_run import HUNG

ROOT = Path(__file__).resolve().parent.parent
#: Of a hundred functions, so many must be missed by the tests of their module.
WANTED = 80
#: Seconds of CPU a forked process may use: a loop whose end was deleted is noticed by that.
CPU_SECONDS = 300
# Without the options of pyproject.toml: one of them is of xdist, which forks badly.
_QUIET = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=--import-mode=importlib"]


@dataclass(frozen=True)
class Place:
    """A function of a module: its qualified name, and the first and last line of its body."""

    module: Path
    name: str
    first: int
    last: int

    def holds(self, code: CodeType) -> bool:
        """Tell whether this body is the one of a code object."""
        lines = (line for _, _, line in code.co_lines() if line is not None)
        return code.co_qualname == self.name and any(self.first <= line <= self.last for line in lines)

    def source_without_it(self, body: str = "return None") -> str:
        """Return the text of the module with another body."""
        lines = self.module.read_text(encoding="utf-8").splitlines(keepends=True)
        line = lines[self.first - 1]
        indent = line[: len(line) - len(line.lstrip())]
        return "".join([*lines[: self.first - 1], f"{indent}{body}\n", *lines[self.last :]])


def functions(path: Path) -> list[Place]:
    """Return every function of a module with a body to lose."""
    found: list[Place] = []

    def walk(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                if not any("Protocol" in ast.unparse(base) for base in child.bases):
                    walk(child, f"{prefix}{child.name}.")
            elif isinstance(child, ast.FunctionDef):
                body = child.body
                if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                    body = body[1:]
                if body and not (len(body) == 1 and _is_nothing(body[0])):
                    found.append(
                        Place(
                            path, prefix + child.name, body[0].lineno, body[-1].end_lineno or body[-1].lineno
                        )
                    )

    walk(ast.parse(path.read_text(encoding="utf-8")), "")
    return found


def _is_nothing(only: ast.stmt) -> bool:
    """Tell whether a body of one statement is none to lose: it does nothing, returns nothing, or always raises."""
    if isinstance(only, ast.Return):
        return only.value is None or (isinstance(only.value, ast.Constant) and only.value.value is None)
    return isinstance(only, (ast.Pass, ast.Raise))


def own_tests(module: Path) -> list[Path]:
    """Return the test files named after a module that import it."""
    name = dotted(module)
    stem = module.stem.rstrip("_")
    return [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if (path.stem == f"test_{stem}" or path.stem.endswith(f"_{stem}")) and _imports(path, name)
    ]


def dotted(module: Path) -> str:
    """Return the name a module is imported by."""
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path: Path, module: str) -> bool:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if module in {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}:
                return True
        elif isinstance(node, ast.Import) and any(alias.name == module for alias in node.names):
            return True
    return False


class Deletions:
    """A plugin of pytest: in place of one run of all tests, one forked run for each function without its body."""

    def __init__(self, chosen: list[Place], tests: dict[Path, list[Path]]) -> None:
        self.chosen = chosen
        self.tests = tests
        self.missed: list[Place] = []
        #: Modules whose tests fail without any deletion: their result would say nothing.
        self.broken: list[Path] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests of each function's module without its body, and keep which loss nobody noticed."""
        importlib.invalidate_caches()
        # What collecting has made was put out of the collector's sight (conftest.py); the functions are looked for there.
        gc.unfreeze()
        for module in dict.fromkeys(place.module for place in self.chosen):
            importlib.import_module(dotted(module))
            if not self._passes(session, module, None):
                self.broken.append(module)
        for place in self.chosen:
            if self._passes(session, place.module, place):
                self.missed.append(place)
                print(f"  {place.module.relative_to(ROOT)}: {place.name}", file=sys.__stderr__, flush=True)
        return True

    def _passes(self, session: pytest.Session, module: Path, place: Place | None) -> bool:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
                code = self._run(session, module, place)
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    def _run(self, session: pytest.Session, module: Path, place: Place | None) -> int:
        from hypothesis import Phase, settings

        # That an example fails is enough to know; nobody reads the smallest one.
        settings.register_profile("deleted", settings(phases=(Phase.explicit, Phase.generate)))
        settings.load_profile("deleted")
        manager = session.config.pluginmanager
        manager.unregister(manager.get_plugin("terminalreporter"))
        with tempfile.TemporaryDirectory() as folder:
            session.config._tmp_path_factory._basetemp = Path(folder)  # type: ignore[attr-defined]
            if place is not None and not empty_in_memory(place):
                return 0
            wanted = set(self.tests[module])
            items = [item for item in session.items if item.path in wanted]
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    return 1
            return 0


def empty_in_memory(place: Place) -> bool:
    """Give the functions made from a place an empty body; False where there is none in memory."""
    file = str(place.module)
    whole = {
        code for code in _codes(compile(place.module.read_text("utf-8"), file, "exec")) if place.holds(code)
    }
    # A method that names its class has the class in a cell, and so must what takes its place.
    empty = {
        _identity(code): code
        for body in ("return None", "return None; __class__")
        for code in _codes(compile(place.source_without_it(body), file, "exec"))
    }
    wanted = {_identity(code) for code in whole} & set(empty)
    emptied = False
    for made in gc.get_objects():
        if not isinstance(made, FunctionType) or made.__code__.co_filename != file:
            continue
        if (identity := _identity(made.__code__)) in wanted:
            made.__code__ = empty[identity]
            emptied = True
    return emptied


def _identity(code: CodeType) -> tuple[str, int, tuple[str, ...]]:
    return code.co_qualname, code.co_firstlineno, code.co_freevars


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def missed_in_memory(chosen: list[Place]) -> list[Place]:
    """Return the places whose loss the tests of their module did not notice, each in a forked process."""
    tests = {place.module: own_tests(place.module) for place in chosen}
    alone = [place for place in chosen if not tests[place.module]]
    held = [place for place in chosen if tests[place.module]]
    plugin = Deletions(held, tests)
    files = sorted({str(path) for paths in tests.values() for path in paths})
    if held:
        code = pytest.main([*_QUIET, f"--rootdir={ROOT}", *files], [plugin])
        if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} or plugin.broken:
            sys.exit(f"tests fail before anything is deleted: {code} {sorted(map(str, plugin.broken))}")
    return [*alone, *plugin.missed]


def noticed_in_copy(copy: Path, place: Place) -> bool:
    """Tell whether a test of the module fails, in a copy of the tree, once the body is gone from its file."""
    tests = own_tests(place.module)
    if not tests or not _passes_in_copy(copy, tests):
        return False
    target = copy / place.module.relative_to(ROOT)
    whole = target.read_text(encoding="utf-8")
    target.write_text(place.source_without_it(), encoding="utf-8")
    try:
        return not _passes_in_copy(copy, tests)
    finally:
        target.write_text(whole, encoding="utf-8")


def _passes_in_copy(copy: Path, tests: list[Path]) -> bool:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *_QUIET] + [str(copy / path.relative_to(ROOT)) for path in tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        timeout=HUNG,
    )
    return run.returncode == 0


def main() -> int:
    """Run, print what was not noticed, and return the exit code."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("modules", nargs="*", type=Path)
    arguments.add_argument("--room", default="app", help="a folder below engine/")
    arguments.add_argument("--sample", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    modules = [path.resolve() for path in asked.modules] or sorted(
        (ROOT / "engine" / asked.room).rglob("*.py")
    )
    every = [place for module in modules for place in functions(module)]
    chosen = (
        every if asked.modules else random.Random(asked.seed).sample(every, min(asked.sample, len(every)))
    )
    missed = missed_in_memory(chosen)
    if missed:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "results"))
            missed = [place for place in missed if not noticed_in_copy(copy, place)]
    for place in missed:
        print(f"{place.module.relative_to(ROOT)}: {place.name}")
    share = 100 * (len(chosen) - len(missed)) // max(len(chosen), 1)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} noticed ({share} in a hundred)")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
