"""What is there and is not shown: by a number format that shows nothing, letters of no size, rows and columns of no size."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

#: What is quoted, bracketed or escaped in a number format shows nothing of the value.
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_PLACES = re.compile(r"[0#?@ymdhsegb]", re.IGNORECASE)
_SIZE = re.compile(
    r"([+-]?(?:\d{1,9}(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,2})?)\s*(pt|px|in|cm|mm|pc|)", re.ASCII
)
#: Points in each unit.
_POINTS = {
    "pt": Fraction(1),
    "": Fraction(1),
    "px": Fraction(3, 4),
    "in": Fraction(72),
    "cm": Fraction(7200, 254),
    "mm": Fraction(720, 254),
    "pc": Fraction(12),
}
#: Rows lower than this, and columns narrower, in points, show nothing that could be read; empty ones keep lines apart.
MIN_HEIGHT, MIN_WIDTH = 4, 3
#: Points of a column that is one character wide: a digit of the ordinary font has seven pixels.
CHARACTER = Fraction(21, 4)


@dataclass(frozen=True, slots=True)
class UnseenStyles:
    """The styles whose cells do not show what they hold, and the shared texts with letters of no size."""

    numbers: AbstractSet[str] = frozenset()
    texts: AbstractSet[str] = frozenset()
    shared: AbstractSet[int] = frozenset()

    def if_any(self) -> UnseenStyles | None:
        """Return them, or None where there are none and nobody need ask."""
        return self if self.numbers or self.texts or self.shared else None


def format_hides(code: str) -> tuple[bool, bool]:
    """Tell whether a number format of Excel shows nothing of a number above zero, and nothing of a text: ``;;;``.

    What it does to zero and below is not asked: leaving zeros out is an ordinary way to write a table.
    """
    sections = _LITERAL.sub("", code).split(";")
    numbers = len(sections) > 1 and not _shows(sections[0])
    return numbers, len(sections) > 3 and not _shows(sections[3])


def _shows(section: str) -> bool:
    return _PLACES.search(section) is not None


def is_no_size(text: str) -> bool:
    """Tell whether letters of a size such as ``1``, ``0pt`` or ``0.1mm`` are one point high at the most: nobody reads them."""
    points = _points(text)
    return text.strip() in ("0%", "0em") if points is None else points <= 1


@lru_cache(maxsize=1 << 10)
def is_too_low(height: str) -> bool:
    """Tell whether a row of a height such as ``0``, ``0.75`` (points) or ``0.2mm`` shows nothing."""
    points = _points(height)
    return points is not None and points < MIN_HEIGHT


@lru_cache(maxsize=1 << 10)
def is_too_narrow(width: str, unit: Fraction = Fraction(1)) -> bool:
    """Tell whether a column of a width such as ``0`` or ``0.2mm`` shows nothing; one without a unit is in `unit` points."""
    points = _points(width, unit)
    return points is not None and points < MIN_WIDTH


def _points(text: str, unit: Fraction = Fraction(1)) -> Fraction | None:
    found = _SIZE.fullmatch(text.strip().lower())
    return None if found is None else Fraction(found[1]) * (_POINTS[found[2]] if found[2] else unit)
