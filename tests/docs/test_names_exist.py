"""Names in docstrings, comments and pages are those of the program: a class or an exception that is named there exists."""

from __future__ import annotations

import ast
import builtins
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from running_documents import ROOT

#: Names of other products, and of what they call their own.
FOREIGN = {
    "BagIt",
    "C2SP",
    "GeneralizedTime",
    "ConnectionTimeout",
    "DingTalk",
    "DuckDB",
    "GitHub",
    "LibreOffice",
    "MuPDF",
    "OpenAPI",
    "OpenDocument",
    "OpenSSL",
    "OpenTelemetry",
    "PgBouncer",
    "PostgreSQL",
    "PyYAML",
    "TimeoutStopSec",
    "WeCom",
}
_CAMEL = r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+"


@cache
def names() -> frozenset[str]:
    """Return every name that is defined, imported or used in the program, its tests and its benchmarks."""
    found = set(dir(builtins))
    for folder in ("engine", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                    found.add(node.name)
                elif isinstance(node, ast.Name):
                    found.add(node.id)
                elif isinstance(node, ast.Attribute):
                    found.add(node.attr)
                elif isinstance(node, (ast.Import, ast.ImportFrom)):
                    found.update(part for one in node.names for part in (one.asname or one.name).split("."))
    return frozenset(found)


def named_in(text: str) -> Iterator[str]:
    """Yield the names of classes in a text: words of several parts, what is raised, what stands in backquotes."""
    yield from re.findall(rf"(?<![\w./-])({_CAMEL})(?![\w/-]|\.\w)", text)
    for listed in re.findall(r"Raises? ((?:`?[A-Z]\w+`?(?:, | or | and )?)+)", text):
        yield from re.findall(r"[A-Z]\w+", listed)
    yield from re.findall(r"(?<!`)`([A-Z][a-z]\w*)`(?!`)", text)


def said_in(source: str) -> Iterator[str]:
    """Yield the docstrings and comments of a module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield ast.get_docstring(node) or ""


def test_docstrings_and_comments_name_what_exists() -> None:
    strange = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "engine").rglob("*.py")
        for text in said_in(path.read_text(encoding="utf-8"))
        for name in named_in(text)
        if name not in names() and name not in FOREIGN
    }
    assert not strange


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        # Decisions speak of what there was; the list of changes too.
        if "adr" not in path.parts and path.stem != "CHANGELOG"
    ),
    ids=lambda path: str(Path(path).relative_to(ROOT)),
)
def test_pages_name_what_exists(path: Path) -> None:
    code = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", path.read_text(encoding="utf-8"))
    named = {name for text in code for name in re.findall(rf"^{_CAMEL}$", text)}
    assert named - names() - FOREIGN == set()


def test_names_are_found_in_what_is_said() -> None:
    said = "Return a `Case` of `DrawPlan`. Raises KeyError, NoSuch or `Gone`. See PostgreSQL and a/PathName."
    assert set(named_in(said)) == {"Case", "DrawPlan", "KeyError", "NoSuch", "Gone", "PostgreSQL"}
