"""The escape ``_xHHHH_`` of ECMA-376 (part 1, 22.9.2.19): one rule for cells, headers and names of sheets.

Excel undoes every escape of four hexadecimal digits, from the left to the right, once; ``_x005F_`` keeps what follows as
it is. An escape of half a character without its other half, and of what is no character, is left as it is written.
"""

from __future__ import annotations

import re

_PAIR = r"_x([Dd][89ABab][0-9A-Fa-f]{2})__x([Dd][C-Fc-f][0-9A-Fa-f]{2})_"
_ONE = r"_x(?![Dd][89A-Fa-f]|[Ff]{3}[EeFf])([0-9A-Fa-f]{4})_"
_ESCAPED = re.compile(f"{_PAIR}|{_ONE}")
_IN_BYTES = re.compile(_ESCAPED.pattern.encode())
#: The reader of values undoes the escapes of characters below this one, and no others.
_UNDONE_BY_THE_READER = 0x100


def unescaped(text: str) -> str:
    """Return `text` with its escapes undone."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _character(found[1], found[2], found[3]), text)


def holds_escape(text: str) -> bool:
    """Tell whether there is an escape in `text`."""
    return "_x" in text and _ESCAPED.search(text) is not None


def spelled_out(part: bytes) -> bytes:
    """Return a part of a workbook with those escapes undone which the reader of values leaves as they are.

    The others stay, so that it undoes each escape once.
    """

    def character(found: re.Match[bytes]) -> bytes:
        digits = (None if group is None else group.decode("ascii") for group in found.groups())
        shown = _character(*digits)
        return found[0] if ord(shown) < _UNDONE_BY_THE_READER else shown.encode()

    return _IN_BYTES.sub(character, part)


def _character(high: str | None, low: str | None, one: str | None) -> str:
    """Return the character of a pair of halves, or of one escape."""
    if high is not None and low is not None:
        return chr(0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00)
    return chr(int(one or "", 16))
