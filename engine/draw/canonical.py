"""One text for one value: JSON in the canonical form of RFC 8785, without floats.

Keys are sorted by UTF-16 code units (RFC 8785 section 3.2.3), there are no spaces, and only what JSON demands is
escaped. Numbers are integers a double holds exactly, so that a reader in any language sees the same number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from engine.kernel.sm3 import sm3_hex

#: Integers beyond this lose digits in languages whose only number is a double (RFC 8785 section 3.2.2.3).
LARGEST = 2**53 - 1


def canonical_json(value: Any) -> str:
    """Return the canonical text of `value`: mappings, lists, tuples, texts, integers, booleans, None.

    Raises TypeError for anything else (floats above all) and ValueError for a text that is no Unicode text or an
    integer that is too large.
    """
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read_canonical(text: str) -> Any:
    """Return the value of a canonical text. Raises ValueError if `text` is not the canonical text of its value."""
    value = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    if canonical_json(value) != text:
        raise ValueError("not canonical JSON: keys unsorted or repeated, spaces, or needless escapes")
    return value


@dataclass(frozen=True, slots=True)
class Digests:
    """Two digests of the same bytes, so that one broken hash function does not undo the record."""

    sha256: str
    sm3: str

    @classmethod
    def of(cls, data: bytes) -> Digests:
        """Return the SHA-256 and SM3 of `data`, in lower-case hex."""
        return cls(hashlib.sha256(data).hexdigest(), sm3_hex(data))


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


def _fits(value: Any, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return any(_fits(value, argument) for argument in arguments)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(item, arguments[0]) for item in value)
    if origin is not None:
        return isinstance(value, Mapping) and all(_fits(item, arguments[1]) for item in value.values())
    if hint is Any:
        return True
    if hint in (int, str, bool, NoneType):
        return type(value) is hint
    return isinstance(value, hint) and (not is_dataclass(value) or typed(value))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        value.encode("utf-8")  # a lone surrogate is no text
        return str(value)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError(f"integer too large to be read alike everywhere: {value}")
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("keys must be texts")
        return {key: _plain(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form here")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _no_float(text: str) -> Any:
    raise ValueError(f"floats are not allowed: {text}")
