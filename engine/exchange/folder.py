"""The formats of a deployment: those that come with the product, and the files of its own folder ``exchange`` before them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from engine.definition.resources import exchange_dir
from engine.exchange.format_file import FormatFile, read_format
from engine.exchange.formats import ExchangeFormat
from engine.files.reading import read_file
from engine.kernel.budget import TEXT, BudgetExceededError
from engine.language import say
from engine.yamltext.problem import Problem, Severity

#: The folder of a deployment.
FOLDER = "exchange"


@dataclass(slots=True)
class Formats:
    """The formats of a folder by id, the problems of its files, and their texts."""

    formats: dict[str, ExchangeFormat] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def formats_of(deployment: Path) -> Formats:
    """Return the formats of a deployment: a file of its own goes before the shipped one of the same name."""
    files = {file.name: file for file in exchange_dir().glob("*.yaml")}
    own = {file.name: file for file in (deployment / FOLDER).glob("*.yaml")}
    # One that was copied and left as it is acts as the one that comes with the product.
    own = {name: file for name, file in own.items() if not _same(file, files.get(name))}
    files |= own
    return formats_in([files[name] for name in sorted(files)], own)


def _same(file: Path, other: Path | None) -> bool:
    return other is not None and read_file(file, TEXT) == read_file(other, TEXT)


def formats_in(files: Sequence[Path], own: Collection[str] = ()) -> Formats:
    """Return the formats of files; two of one id are a problem of the second. Those of the files called `own` have their digest."""
    found = Formats()
    for file in files:
        read = format_in(file)
        found.texts[file.name] = read.text
        found.problems += read.problems
        made = read.format
        if made is None:
            continue
        if file.name in own:
            made = replace(made, sha256=hashlib.sha256(read.text.encode()).hexdigest())
        if made.id in found.formats:
            message = say("格式“{id}”已在另一个文件里", id=made.id)
            found.problems.append(Problem(file.name, 1, 1, "duplicate-definition", Severity.ERROR, message))
        found.formats.setdefault(made.id, made)
    return found


def format_in(file: Path) -> FormatFile:
    """Return the format in a file; never raises for what is in it. Raises OSError."""
    try:
        return _read_once(file.name, read_file(file, TEXT))
    except BudgetExceededError as problem:
        wrong = Problem(file.name, 1, 1, "file-size", Severity.ERROR, problem.message)
        return FormatFile(None, (wrong,))


@lru_cache(maxsize=32)
def _read_once(name: str, content: bytes) -> FormatFile:
    """Read a format, or take what came of the same bytes before: those that come with the product are always the same."""
    return read_format(name, content)
