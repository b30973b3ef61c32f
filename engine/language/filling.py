"""Puts values into the ``{named}`` places of a sentence: names alone, no attribute, index, conversion or width.

Whoever writes a text (a section's template, a file) decides what is formatted, so `str.format` is too much for it: it
reads attributes of what it is given and makes texts of any length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

#: A doubled brace, a place, or a single brace.
_BRACE = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
#: Longest part of a text that is quoted in an error.
_QUOTED = 40


class FillingError(ValueError):
    """A text has a place that cannot be filled: `place` as it is written, `known` tells whether it is at least a name."""

    def __init__(self, place: str, *, known: bool) -> None:
        super().__init__(place)
        self.place = place if len(place) <= _QUOTED else place[: _QUOTED - 1] + "…"
        self.known = known


class FillingTooLongError(ValueError):
    """A filled text would be longer than it may be."""


@lru_cache(maxsize=1 << 12)
def places(text: str) -> tuple[tuple[str, str], ...]:
    """Return `text` as pairs: what comes before a place, and the name in it ("" after the last place).

    Raises FillingError for a single brace, and for a place that is no name.
    """
    found: list[tuple[str, str]] = []
    before, last = "", 0
    for brace in _BRACE.finditer(text):
        before += text[last : brace.start()]
        last, written = brace.end(), brace.group()
        if written in ("{{", "}}"):
            before += written[0]
            continue
        name = written[1:-1]
        if len(written) < 3 or not name.isidentifier():
            raise FillingError(written, known=False)
        found.append((before, name))
        before = ""
    return (*found, (before + text[last:], ""))


def fill(text: str, values: Mapping[str, Any], most: int | None = None) -> str:
    """Return `text` with the value of each name in its places, at most `most` characters.

    Raises FillingError where a value is missing, FillingTooLongError before the text grows longer.
    """
    if most is None:
        # The short way for nearly every sentence; what is wrong with another is found below.
        try:
            return "".join([f"{before}{values[name]!s}" if name else before for before, name in places(text)])
        except KeyError:
            pass
    parts: list[str] = []
    length = 0
    for before, name in places(text):
        parts.append(before)
        if name:
            if name not in values:
                raise FillingError(f"{{{name}}}", known=True)
            parts.append(str(values[name]))
            length += len(parts[-1])
        length += len(before)
        if most is not None and length > most:
            raise FillingTooLongError(most)
    return "".join(parts)
