"""Numbers in English: ``{count} row(s)`` and ``{count} [row is|rows are]`` say how a word goes with the number before it.

gettext chooses a whole sentence by one number; many of our sentences hold several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: A named place, a word with a plural of its own, or two ways to say something.
_MARK = re.compile(r"\{(\w+)\}|(?<=\w)\(s\)|\[([A-Za-z ,;'-]*)\|([A-Za-z ,;'-]*)\]")


def agree(text: str, values: Mapping[str, Any]) -> str:
    """Return an English sentence whose words go with the values of the places before them.

    A mark with no place before it stays as it is written.
    """
    number: str | None = None

    def chosen(mark: re.Match[str]) -> str:
        nonlocal number
        if mark[1] is not None:
            number = str(values.get(mark[1]))
            return mark[0]
        if number is None:
            return mark[0]
        one = number == "1"
        if mark[2] is None:
            return "" if one else "s"
        return mark[2] if one else mark[3]

    return _MARK.sub(chosen, text)


def has_marks(text: str) -> bool:
    """Tell whether `text` holds a word that goes with a number."""
    return "(s)" in text or "|" in text
