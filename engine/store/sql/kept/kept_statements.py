"""The texts of the statements for SQLite, kept beside the program.

Statements are built with SQLAlchemy Core (`engine.store.sql.core`). To load it and to build them takes longer than everything
else a short command does, and what comes of it is the same each time: ``texts.json`` has it, written by
``python -m engine.store.sql.kept`` and compared by a test. What is not in it, and every other database, is built as before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.store.sql.prepared import PreparedStatement

if TYPE_CHECKING:
    from sqlalchemy import Dialect

#: Where the texts are.
TEXTS = Path(__file__).with_name("texts.json")
#: Where the statements are built.
CORE = "engine.store.sql.core"


class KeptStatement(PreparedStatement):
    """A statement whose text for SQLite is kept; that of another database is made when it is asked for."""

    def __init__(self, text: str, binds: tuple[str, ...], build: Callable[[], PreparedStatement]) -> None:
        self.texts = {"sqlite": text}
        self.binds = binds
        self._built = build

    def compile(self, dialect: Dialect) -> str:
        """Make the text for a dialect, and keep it."""
        text = self.texts[dialect.name] = self._built().compile(dialect)
        return text


class Kept:
    """The statements of one module of Core: those that are kept, and the others from the module, loaded when one is asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        kept = texts().get(self._module, {}).get(name)
        if kept is None:
            found = getattr(import_module(f"{CORE}.{self._module}"), name)
        else:
            found = _statement(self._module, kept, name)
        setattr(self, name, found)
        return found


kept = cache(Kept)


@cache
def made(module: str, name: str, *about: Hashable) -> PreparedStatement:
    """Return the statement that a function of a module of Core makes of plain values."""
    kept = texts().get(module, {}).get(key_of(name, about))
    if kept is None:
        found: PreparedStatement = getattr(import_module(f"{CORE}.{module}"), name)(*about)
        return found
    return _statement(module, kept, name, about)


def key_of(name: str, about: Sequence[Hashable]) -> str:
    """Return what the statement a function makes is called among the kept ones."""
    return f"{name}({', '.join(map(str, about))})"


def _statement(
    module: str, kept: tuple[str, list[str]], name: str, about: tuple[Hashable, ...] = ()
) -> KeptStatement:
    def build() -> PreparedStatement:
        found = getattr(import_module(f"{CORE}.{module}"), name)
        built: PreparedStatement = found(*about) if about else found
        return built

    text, binds = kept
    return KeptStatement(text, tuple(binds), build)


@cache
def texts() -> Mapping[str, Mapping[str, tuple[str, list[str]]]]:
    """Return the kept texts: module of Core -> statement -> text and parameters. Without the file, none."""
    try:
        found: Mapping[str, Mapping[str, tuple[str, list[str]]]] = json.loads(TEXTS.read_bytes())
    except FileNotFoundError:
        return {}
    return found
