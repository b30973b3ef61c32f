"""One text for one value: JSON in the canonical form of RFC 8785, without floats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.kernel.budget import KIT_FILE, read_json

#: Integers beyond this lose digits in languages whose only number is a double (RFC 8785 section 3.2.2.3).
MAX_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> str:
    """Return the canonical text of `value`: mappings, lists, tuples, texts, integers, booleans, None.

    Raises TypeError for anything else (floats above all) and ValueError for a text that is no Unicode text or an
    integer that is too large.
    """
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read_canonical(text: str) -> Any:
    """Return the value of a canonical text. Raises ValueError if `text` is not the canonical text of its value."""
    value = read_json(text, KIT_FILE, parse_float=_no_float, parse_constant=_no_float)
    if canonical_json(value) != text:
        raise ValueError("not canonical JSON: keys unsorted or repeated, spaces, or needless escapes")
    return value


def _plain(value: Any) -> Any:
    kind = value.__class__
    if kind is str:
        if not value.isascii():
            value.encode("utf-8")  # a lone surrogate is no text
        return value
    if value is None or kind is bool:
        return value
    if isinstance(value, str):
        value.encode("utf-8")
        return str(value)
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError(f"integer too large to be read alike everywhere: {value}")
        return value
    if kind is dict or isinstance(value, Mapping):
        try:
            plain_order = "".join(value).isascii()
        except TypeError:
            raise TypeError("keys must be texts") from None
        # The order of UTF-16 is that of the texts themselves where all are ASCII, as names mostly are.
        return {key: _plain(value[key]) for key in sorted(value, key=None if plain_order else _utf16)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form here")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _no_float(text: str) -> Any:
    raise ValueError(f"floats are not allowed: {text}")
