"""Keeps a spreadsheet from running a text as a formula: an apostrophe before it, which shows that it is a text."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.kernel.clean_text import OUTER

#: What formulas begin with; full-width and small forms are read as these (NFKC).
_BEGINS = frozenset("=+-@−")
#: A cell that begins so may be cut into two, or run after the first is taken away.
_SPLITS = ("\t", "\r", "\n")
GUARD = "'"
#: What is no text, whatever it looks like.
_NO_TEXTS = (int, Fraction, Decimal, date)


def guarded(value: object) -> str:
    """Return a value as the text of a cell that no spreadsheet runs.

    Texts are guarded by how they begin, whatever follows; numbers and days are left alone by their type, not by their
    look. A hyphen alone, by which listings say that there is nothing, is no formula.
    """
    text = str(value)
    if (
        "0" <= (first := text[:1]) <= "9"
        or "A" <= first <= "Z"
        or "a" <= first <= "z"
        or "一" <= first <= "鿿"
    ):
        # Nearly every text begins so, and lists have millions of them.
        return text
    if isinstance(value, _NO_TEXTS) or text == "-":
        return text
    return GUARD + text if text.startswith(_SPLITS) or _begins_formula(text) else text


def unguarded(text: str) -> str:
    """Return the text `guarded` was given; other texts as they are."""
    inner = text.removeprefix(GUARD)
    return inner if inner != text and guarded(inner) == text else text


def _begins_formula(text: str) -> bool:
    # A spreadsheet passes over blanks, a reader over what nobody sees.
    text = text.lstrip(OUTER)
    return bool(text) and unicodedata.normalize("NFKC", text[0])[:1] in _BEGINS
