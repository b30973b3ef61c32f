"""Texts without what nobody sees in them: one answer to what is invisible, for every place where people type or paste."""

from __future__ import annotations

import re
import unicodedata

#: Category Cf of Unicode (zero-width, direction, soft hyphen, byte-order mark) as ranges, and the fillers, which are
#: letters by their category and show nothing. Spelled out, since asking for a million categories takes a third of a second.
_INVISIBLE_RANGES = (
    (0xAD, 0xAD), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2),
    (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0x2066, 0x206F), (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x13438), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0001, 0xE0001), (0xE0020, 0xE007F), (0x115F, 0x1160), (0x3164, 0x3164), (0xFFA0, 0xFFA0),
)  # fmt: skip
_FILLERS = "\u115f\u1160\u3164\uffa0"
_INVISIBLE = {code: None for first, last in _INVISIBLE_RANGES for code in range(first, last + 1)}
#: Blanks of every width (category Zs) become the ordinary one.
_BLANKS = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_CLEAN = {**_INVISIBLE, **_BLANKS}
#: What is taken off both ends of a text: blanks, line ends, and what nobody sees.
OUTER = " \t\r\n" + "".join(map(chr, _CLEAN))
#: The same without blanks and line ends, for a class of a regular expression.
INVISIBLE_CLASS = "".join(f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE_RANGES)
_FILLER = re.compile(f"[{_FILLERS}]")
# Control characters but tab, line feed and carriage return, and all of the above but blanks.
_FOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f" + INVISIBLE_CLASS + "]")


def _nothing_to_clean(text: str) -> bool:
    """Tell whether there is neither a blank but the ordinary one nor something nobody sees: so are nearly all texts."""
    return text.isprintable() and _FILLER.search(text) is None


def clean(text: str) -> str:
    """Return `text` in NFC without invisible characters and outer blanks; blanks of other widths become ordinary ones.

    What is seen stays as it is: full-width punctuation is how Chinese is written.
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text if _nothing_to_clean(text) else text.translate(_CLEAN)).strip()


def without_invisible(text: str) -> str:
    """Return `text` without invisible characters and outer blanks; everything that is seen, blanks too, stays as it is."""
    if text.isascii():
        return text.strip()
    return (text if _nothing_to_clean(text) else text.translate(_INVISIBLE)).strip()


def clean_code(text: str) -> str:
    """Return `text` cleaned, with full-width letters, digits and signs half-width: for codes, numbers and ids."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_CLEAN)).strip()


def folded(text: str) -> str:
    """Return what words are compared by: half-width, without case, blanks and invisible characters."""
    if text.isascii():
        return "".join(text.casefold().split())
    return "".join(unicodedata.normalize("NFKC", text.translate(_CLEAN)).casefold().split())


def has_invisible(text: str) -> bool:
    """Tell whether `text` holds something nobody sees, other than blanks and line ends."""
    if text.isprintable():
        return not text.isascii() and _FILLER.search(text) is not None
    return _FOUND.search(text) is not None


def is_invisible(char: str) -> bool:
    """Tell whether nobody sees this character: a format or control character, or a filler."""
    return ord(char) in _INVISIBLE or unicodedata.category(char) == "Cc"
