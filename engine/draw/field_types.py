"""Checks that the fields of a record hold what their annotations say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

#: Class -> its annotations as types, read once.
_HINTS: dict[Any, dict[str, Any]] = {}


def _hints(kind: Any) -> dict[str, Any]:
    found = _HINTS.get(kind)
    if found is None:
        found = _HINTS[kind] = get_type_hints(kind)
    return found


def typed(value: Any) -> bool:
    """Whether every field of a dataclass instance, at any depth, holds what its annotation says."""
    hints = _hints(type(value))
    return all(_fits(getattr(value, name), hint) for name, hint in hints.items())


@cache
def _parts(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(hint), get_args(hint)


def _fits(value: Any, hint: Any) -> bool:
    if hint is str or hint is int:
        return type(value) is hint
    origin, arguments = _parts(hint)
    if origin is UnionType:
        return any(_fits(value, argument) for argument in arguments)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(item, arguments[0]) for item in value)
    if origin is not None:
        return isinstance(value, Mapping) and all(_fits(item, arguments[1]) for item in value.values())
    if hint is Any:
        return True
    if hint in (bool, NoneType):
        return type(value) is hint
    return isinstance(value, hint) and (not is_dataclass(value) or typed(value))
