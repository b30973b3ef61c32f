"""The lines of a YAML text, as its reader counts them."""

from __future__ import annotations

import re

#: The line breaks of YAML 1.1, section 5.4: CR LF, CR, LF, NEL, LS and PS.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text without their breaks; `Node.line` counts them from 1."""
    return _BREAK.split(text)


def line_starts(text: str) -> list[int]:
    """Return at which character each line begins."""
    return [0, *(found.end() for found in _BREAK.finditer(text))]
