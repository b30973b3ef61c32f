"""Every regular expression of the engine reads a text of 64 KB in a time that grows with its length alone.

Hard texts are made of the pattern's own pieces: each beginning of it, followed by one of its characters again and again,
and that beginning repeated. A pattern that is quadratic on one of them is found with 8,000 characters already.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ENGINE = ROOT / "engine"
_CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_CALL = re.compile(rf"\bre\.(?:{'|'.join(sorted(_CALLS))})\b")
#: Lengths of the texts; one that doubles its time with every character is found at the first, and nothing slow is tried with much more.
LENGTHS = (22, 24, 400, 2_000, 4_000, 8_000)
#: Processor time for the longest: a linear pattern needs a tenth, a quadratic one several times as much.
SECONDS = 0.03
ALWAYS = " 0a.\n一"


def _patterns() -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    """Yield the place, the pattern and the names of the methods it is used with, of every one that is written."""
    texts = {file: file.read_text("utf-8") for file in sorted(ENGINE.rglob("*.py"))}
    everything = "\n".join(texts.values())
    for file, text in texts.items():
        if not _CALL.search(text):
            continue
        module: Any = None
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if not (isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in _CALLS):
                continue
            place = f"{file.relative_to(ROOT)}:{node.lineno}"
            flags = next((one.value for one in node.keywords if one.arg == "flags"), None)
            at = {"compile": 1, "search": 2, "match": 2, "fullmatch": 2, "findall": 2, "finditer": 2}
            flags = node.args[at[node.func.attr]] if len(node.args) > at.get(node.func.attr, 9) else flags
            try:
                name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
                module = module or importlib.import_module(name.removesuffix(".__init__"))
                written = eval(compile(ast.Expression(node.args[0]), place, "eval"), dict(vars(module)))  # noqa: S307
                how = (
                    eval(compile(ast.Expression(flags), place, "eval"), dict(vars(module))) if flags else 0  # noqa: S307
                )
                pattern = written if isinstance(written, re.Pattern) else re.compile(written, how)
            except (NameError, ImportError, AttributeError):
                # It is made of what a function is given.
                continue
            kept = next(
                (key for key, value in vars(module).items() if value is pattern and key.upper() == key), None
            )
            used = {node.func.attr}
            if node.func.attr == "compile":
                where = text if kept is None or kept.startswith("_") else everything
                used = set(re.findall(rf"\b{kept}\.(\w+)\b", where)) & _CALLS if kept else set()
            yield place, pattern, frozenset(used)


def _sample(tree: Any) -> str:
    """Return a short text that a part of a pattern matches, as far as its pieces tell."""
    return "".join(_sample_one(code, value) for code, value in tree)


def _sample_one(code: Any, value: Any) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if code is codes.ANY:
        return "a"
    if code is codes.IN:
        return next(iter(_members(value)), "")
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _sample(value[2]) * min(int(value[0]), 40)
    if code is codes.SUBPATTERN:
        return _sample(value[3])
    if code is codes.ATOMIC_GROUP:
        return _sample(value)
    if code is codes.BRANCH:
        return _sample(value[1][0])
    return ""


def _members(items: Any) -> Iterator[str]:
    """Yield a few characters of a class."""
    if items and items[0][0] is codes.NEGATE:
        refused = set(_members(items[1:]))
        yield from (one for one in "a0 .一" if one not in refused)
        return
    for code, value in items:
        if code is codes.LITERAL:
            yield chr(value)
        elif code is codes.RANGE:
            yield chr(value[0])
        elif code is codes.CATEGORY:
            name = str(value)
            yield (
                "0"
                if name.endswith("DIGIT") and "NOT" not in name
                else " "
                if name.endswith("_SPACE") and "NOT" not in name
                else "a"
            )


def _beginnings(tree: Any, before: str = "") -> Iterator[str]:
    """Yield a text for each beginning of a pattern, those inside of its groups and branches too."""
    for code, value in tree:
        yield before
        if code is codes.SUBPATTERN:
            yield from _beginnings(value[3], before)
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from _beginnings(value[2], before)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _beginnings(branch, before)
        before += _sample_one(code, value) or (
            _sample(value[2]) if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) else ""
        )
    yield before


def _characters(tree: Any) -> Iterator[str]:
    """Yield the characters a pattern is made of, a few of each class."""
    for code, value in tree:
        if code is codes.LITERAL:
            yield chr(value)
        elif code is codes.IN:
            yield from islice(_members(value), 4)
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from _characters(value[2])
        elif code is codes.SUBPATTERN:
            yield from _characters(value[3])
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _characters(branch)


def hard_texts(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """Return what hard texts begin with, and what is repeated behind it."""
    written = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    tree = parser.parse(
        written,
        pattern.flags & ~re.UNICODE & ~re.DEBUG if isinstance(pattern.pattern, bytes) else pattern.flags,
    )
    beginnings = list(dict.fromkeys(_beginnings(tree)))[:16]
    characters = list(dict.fromkeys([*islice(_characters(tree), 24), *ALWAYS]))[:20]
    found = [(start, again) for start in ("", *beginnings) for again in characters]
    found += [("", start) for start in beginnings if start]
    found += [("", start + again) for start in beginnings if start for again in characters]
    return list(dict.fromkeys(found))


def slow_text(pattern: re.Pattern[Any], method: str) -> tuple[str, str] | None:
    """Return the first hard text the method of a pattern is slow with, as (beginning, what is repeated)."""
    search = {
        "match": pattern.match,
        "fullmatch": pattern.fullmatch,
        "search": pattern.search,
    }.get(method, lambda text: pattern.sub(lambda _: text[:0], text))
    for start, again in hard_texts(pattern):
        for length in LENGTHS:
            text: Any = start + again * (length // len(again)) + "\x00"
            if isinstance(pattern.pattern, bytes):
                text = text.encode("latin-1", "ignore")
            if not any(_seconds(search, text) <= SECONDS for _ in range(3)):
                return start, again
    return None


def _seconds(search: Any, text: Any) -> float:
    began = time.process_time()
    search(text)
    return time.process_time() - began


FOUND = list(_patterns())
#: Patterns that are slow with a hard text, by file; fewer may be left, never more. Some are bounded inside of themselves
#: or only matched as a whole; texts of quotes, braces and brackets without an end are read again from each beginning.
HELD = {
    "engine/definition/expression_errors.py": 1,
    "engine/definition/older/first_expressions.py": 1,
    "engine/definition/parsing/paper_text.py": 2,
    "engine/definition/templates.py": 1,
    "engine/files/active_content.py": 1,
    "engine/lifecycle/model/people/superiors.py": 2,
    "engine/register/sheet/book/unseen.py": 1,
    "engine/register/sheet/html_hidden.py": 2,
    "engine/register/sheet/number_format.py": 2,
    "engine/store/sql/schema/of_sqlite.py": 1,
    "engine/yamltext/yaml_diagnosis.py": 3,
}


def methods(used: frozenset[str]) -> tuple[str, ...]:
    """Return with what a pattern is tried: one that is only matched from the start is not searched for."""
    return tuple(used & {"match", "fullmatch"}) if used and used <= {"match", "fullmatch"} else ("sub",)


def test_patterns_are_found() -> None:
    assert len(FOUND) > 200


@pytest.mark.parametrize(
    "written", ["a+b", r"(0\w*)+x", r"/\*.*?\*/", r"\$\{\s*([^{}]*?)\s*\}", r"\d*\.?\d+x"]
)
def test_a_pattern_that_grows_is_found(written: str) -> None:
    assert slow_text(re.compile(written, re.DOTALL), "search") is not None


@pytest.mark.parametrize("written", [r"/\*.*?(?:\*/|\Z)", r"\$\{([^{}]*+)\}", "[ab]+", r"\w+ \d"])
def test_a_pattern_that_does_not_is_let_through(written: str) -> None:
    assert slow_text(re.compile(written, re.DOTALL), "match") is None


def _slow(file: str) -> list[tuple[str, str]]:
    """Return the place and text of each slow pattern of a file."""
    return [
        (place, str(pattern.pattern))
        for place, pattern, used in FOUND
        if place.partition(":")[0] == file
        and any(slow_text(pattern, method) is not None for method in methods(used))
    ]


# The processor time of a pattern alone is too short to be held on any machine: in the long run.
@pytest.mark.soak
@pytest.mark.parametrize("file", sorted({place.partition(":")[0] for place, _, _ in FOUND}))
def test_time_grows_with_the_length(file: str) -> None:
    slow = _slow(file)
    assert len(slow) <= HELD.get(file, 0), slow
