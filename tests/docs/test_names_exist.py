"""Names in docstrings, comments and pages are those of the program: a class or an exception that is named there exists."""

from __future__ import annotations

import ast
import builtins
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from docstrings import docstrings_of
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
def sources() -> dict[Path, str]:
    """Return the texts of the program, its tests and its benchmarks."""
    return {
        path: path.read_text(encoding="utf-8")
        for folder in ("engine", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    }


@cache
def places() -> dict[str, list[Path]]:
    """Return, for each capitalized word, the modules it stands in, wherever that is: in code, a comment or a text."""
    found: dict[str, list[Path]] = {}
    for path, source in sources().items():
        for word in set(re.findall(r"(?<!\w)[A-Z]\w*", source)):
            found.setdefault(word, []).append(path)
    return found


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return every name that is defined, imported or used in a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(sources()[path])):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(part for one in node.names for part in (one.asname or one.name).split("."))
    return frozenset(found)


@cache
def exists(name: str) -> bool:
    """Tell whether a name is defined, imported or used; only modules in which the word stands are parsed, to the first."""
    return hasattr(builtins, name) or any(name in names_in(path) for path in places().get(name, ()))


def named_in(text: str) -> Iterator[str]:
    """Yield the names of classes in a text: words of several parts, what is raised, what stands in backquotes."""
    yield from re.findall(rf"(?<![\w./-])({_CAMEL})(?![\w/-]|\.\w)", text)
    for listed in re.findall(r"Raises? ((?:`?[A-Z]\w+`?(?:, | or | and )?)+)", text):
        yield from re.findall(r"[A-Z]\w+", listed)
    yield from re.findall(r"(?<!`)`([A-Z][a-z]\w*)`(?!`)", text)


def comments_in(source: str) -> Iterator[str]:
    """Yield the comments of a module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def perhaps_comments_in(source: str) -> Iterator[str]:
    """Yield every end of a line that begins with a number sign: the comments are among them, and are found at once."""
    for line in source.splitlines():
        for place in re.finditer("#", line):
            yield line[place.start() :]


def unknown(texts: Iterable[str]) -> set[str]:
    """Return the names in texts that nothing has."""
    return {name for text in texts for name in named_in(text) if name not in FOREIGN and not exists(name)}


def strange_in(source: str) -> set[str]:
    """Return the names in the docstrings and comments of a module that nothing has."""
    # Tokens take ten times as long as lines: they are looked at where a line says something strange.
    strange = unknown(perhaps_comments_in(source)) and unknown(comments_in(source))
    return strange | unknown(docstrings_of(source))


def test_docstrings_and_comments_name_what_exists() -> None:
    strange = {
        f"{path.relative_to(ROOT)}: {name}"
        for path, source in sources().items()
        if path.is_relative_to(ROOT / "engine")
        for name in strange_in(source)
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
    assert {name for name in named - FOREIGN if not exists(name)} == set()


def test_names_are_found_in_what_is_said() -> None:
    said = "Return a `Case` of `DrawPlan`. Raises KeyError, NoSuch or `Gone`. See PostgreSQL and a/PathName."
    assert set(named_in(said)) == {"Case", "DrawPlan", "KeyError", "NoSuch", "Gone", "PostgreSQL"}


def test_a_strange_name_is_found_in_comments_and_docstrings_and_nowhere_else() -> None:
    source = '"""Return a `NoSuchThing`."""\n\nsaid = "# NoSuchText"  # a NoSuchRemark\n'
    assert strange_in(source) == {"NoSuchThing", "NoSuchRemark"}
