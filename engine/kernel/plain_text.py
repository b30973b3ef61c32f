"""Which characters a text for people may hold, and how those it may not hold are shown.

Control characters move the cursor of a terminal, forge lines of a listing and end the headers of a mail; marks of
direction change the order in which a line is read; half a character (a lone surrogate) cannot be written in any encoding.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any
from unicodedata import east_asian_width

#: Refused in every text: C0 without tab and line feed, DEL and C1, separators of lines and paragraphs, marks that reverse
#: the direction of writing, annotations and tags that nobody sees, surrogates, and code points that are no characters.
_NEVER = "".join(
    (
        "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069",
        "\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f",
        *(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)),
    )
)


# Each is made when it is first needed: nearly no text is searched, and to make them is a tenth of the shortest command.


@cache
def _in_lines() -> re.Pattern[str]:
    return re.compile(f"[{_NEVER}]")


@cache
def _in_one_line() -> re.Pattern[str]:
    return re.compile(f"[\t\n{_NEVER}]")


@cache
def _on_a_terminal() -> re.Pattern[str]:
    # A carriage return before a line feed ends a line; alone it lets what follows write over the line.
    return re.compile(
        f"\r(?!\n)|[{_NEVER.replace(chr(0x0B) + '-', chr(0x0B) + chr(0x0C) + chr(0x0E) + '-')}]"
    )


def find_forbidden(text: str, *, lines: bool = False) -> tuple[int, str] | None:
    """Return the place (from 1) and the character of the first one `text` may not hold, or None.

    `lines` allows line feeds and tabs, for texts of several lines.
    """
    if text.isprintable():
        return None
    found = (_in_lines() if lines else _in_one_line()).search(text)
    return (found.start() + 1, found.group()) if found else None


def visible(text: str, *, lines: bool = False) -> str:
    """Return `text` with every character it may not hold as an escape: ESC as ``\\u001b``.

    The escapes are those of JSON, so JSON with visible characters is the same JSON. `lines` keeps tabs and the ends of
    lines, as line feeds.
    """
    if text.isprintable():
        return text
    if lines:
        return _in_lines().sub(_escaped, text.replace("\r\n", "\n"))
    return _in_one_line().sub(_escaped, text)


def visible_value(value: Any) -> Any:
    """Return a plain text visible, with its lines, and anything else as it is: what a page of HTML prints."""
    return visible(value, lines=True) if type(value) is str else value


def visible_on_terminal(text: str, encoding: str) -> str:
    """Return `text` as a terminal or file of `encoding` can show it: without control, and every character encodable."""
    # Of long listings nearly all is printable between line ends and tabs, which is seen faster than what is not.
    if not text.replace("\r\n", "").replace("\n", "").replace("\t", "").isprintable():
        text = _on_a_terminal().sub(_escaped, text)
    return encodable(text, encoding)


def encodable(text: str, encoding: str) -> str:
    """Return `text` with what `encoding` does not have as escapes; an unknown encoding counts as ASCII."""
    if text.isascii() or _fits(text, encoding):
        return text
    return "".join(char if char.isascii() or _char_fits(char, encoding) else _escape(char) for char in text)


def width(text: str) -> int:
    """Return how many places a text takes in a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def shortened(text: str, most: int) -> str:
    """Return `text`, or its first characters and an ellipsis where it is longer than `most`."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _escape(char: str) -> str:
    code = ord(char)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _escaped(found: re.Match[str]) -> str:
    return _escape(found.group())


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True


_char_fits = lru_cache(maxsize=1 << 12)(_fits)
