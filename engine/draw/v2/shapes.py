"""The shapes of every value of ssj-draw/2, checked before anything is computed of it.

A shape is what the protocol page prints in its tables: a mapping of keys to shapes (exactly these keys), a list of one
shape, `Maybe` of a shape, `Either` of two, or a check of one value. Verifiers of other hands refuse the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from engine.draw.refused import DrawRefused
from engine.kernel.canonical_json import canonical_json, read_canonical
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

SPEC = "ssj-draw/2"
ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
LOT = re.compile(r"[0-9a-f]{32}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
#: Larger numbers are no numbers of people or firms.
MAX_NUMBER = 10**9
#: Texts for people are no longer than this.
MAX_TEXT = 2000
#: The longest list anywhere but rows of a table.
MAX_LIST = 10_000_000


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value of `shape`, or null."""

    shape: Any


@dataclass(frozen=True, slots=True)
class Either:
    """A value of one of two shapes: as it is written now, or as it was written before."""

    now: Any
    before: Any


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping of texts to values of `shape`."""

    shape: Any


def text(value: Any) -> bool:
    """Whether it is a text for people: no control characters, not too long; it may be empty."""
    return isinstance(value, str) and len(value) <= MAX_TEXT and not any(char < " " for char in value)


def filled(value: Any) -> bool:
    """Whether it is a text that says something."""
    return text(value) and bool(value.strip())


def number(value: Any) -> bool:
    """Whether it is a whole number from 0."""
    return type(value) is int and 0 <= value <= MAX_NUMBER


def flag(value: Any) -> bool:
    """Whether it is true or false."""
    return isinstance(value, bool)


def matching(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    """Return the check that a value is a text of `pattern`, whole."""
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def one_of(*words: str) -> Callable[[Any], bool]:
    """Return the check that a value is one of `words`."""
    return lambda value: isinstance(value, str) and value in words


def day(value: Any) -> bool:
    """Whether it is a day written ``2026-03-02``."""
    return isinstance(value, str) and len(value) == 10 and _is_day(value)


@lru_cache(maxsize=8192)
def _is_day(value: str) -> bool:
    # The calendar of a draw names the same days again and again.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def instant(value: Any) -> bool:
    """Whether it is an instant written ``2026-03-02T01:00:00.000000Z``."""
    pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None and day(value[:10])


def misfit(value: Any, shape: Any, path: str = "") -> str | None:
    """Return where `value` is not of `shape` (a path), or None."""
    if isinstance(shape, Maybe):
        return None if value is None else misfit(value, shape.shape, path)
    if isinstance(shape, Either):
        return misfit(value, shape.now, path) if misfit(value, shape.before) is not None else None
    if isinstance(shape, Table):
        return _table_misfit(value, shape, path)
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping) or set(value) != set(shape):
            return path or "."
        for key, inner in shape.items():
            # Most shapes are checks of one value, and most values are right: a path is made for the others.
            if callable(inner) and inner(value[key]):
                continue
            if (place := misfit(value[key], inner, f"{path}.{key}")) is not None:
                return place
        return None
    if isinstance(shape, list):
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MAX_LIST:
            return path
        if callable(shape[0]) and all(map(shape[0], value)):
            return None
        found = (misfit(item, shape[0], f"{path}[{place}]") for place, item in enumerate(value))
        return next((place for place in found if place is not None), None)
    return None if shape(value) else path or "."


def _table_misfit(value: Any, shape: Table, path: str) -> str | None:
    if not isinstance(value, Mapping) or not all(text(key) for key in value):
        return path
    found = (misfit(inner, shape.shape, f"{path}.{key}") for key, inner in value.items())
    return next((place for place in found if place is not None), None)


def read_shaped(data: str, shape: Any, title: Message) -> Any:
    """Return the value of a canonical text of `shape`. Raises `DrawRefused` for any other text."""
    try:
        value = read_canonical(data)
    except (ValueError, TypeError, RecursionError) as error:
        raise wrong("shape", say("{title}读不出：{why}", title=title, why=str(error))) from None
    require_shape(value, shape, title)
    return value


def require_shape(value: Any, shape: Any, title: Message) -> None:
    """Raise `DrawRefused` when `value` is not of `shape`."""
    if (place := misfit(value, shape)) is not None:
        raise wrong("shape", say("{title}的 {place} 缺少、多余或不合规定", title=title, place=place))


def wrong(code: str, message: Message, hint: Message | None = None) -> DrawRefused:
    """Return the refusal with one reason."""
    return DrawRefused([RefusalReason(code, message, hint=hint)])


def canonical_bytes(value: Any) -> bytes:
    """Return the UTF-8 of the canonical text."""
    return canonical_json(value).encode()
