"""Texts without what nobody sees in them: one answer to what is invisible, for every place where people type or paste."""

from __future__ import annotations

import re
import unicodedata

#: What shows nothing, as ranges: category Cf of Unicode (zero-width, direction, soft hyphen, byte-order mark); whatever
#: else has the property Default_Ignorable_Code_Point (``DerivedCoreProperties.txt``: fillers, joiners, vowels of Khmer, and
#: what is kept for such signs), but for variation selectors; and two signs that look like a blank: the pattern of Braille
#: without dots, and a head of a note that is not drawn. Spelled out, since asking for a million categories takes a third of
#: a second.
_INVISIBLE_RANGES = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891),
    (0x8E2, 0x8E2), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB),
    (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x13438), (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159),
    (0x1D173, 0x1D17A), (0xE0000, 0xE00FF), (0xE01F0, 0xE0FFF),
)  # fmt: skip
#: The property Variation_Selector (``PropList.txt``): they say in which of its forms the letter before them is written,
#: which in a name may be meant.
_SELECTOR_RANGES = ((0x180B, 0x180D), (0x180F, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


def _as_class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def _as_table(ranges: tuple[tuple[int, int], ...]) -> dict[int, None]:
    return {code: None for first, last in ranges for code in range(first, last + 1)}


_INVISIBLE = _as_table(_INVISIBLE_RANGES)
#: Blanks of every width (category Zs) become the ordinary one.
_BLANKS = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_CLEAN = {**_INVISIBLE, **_BLANKS}
#: The same where a code or a word is compared, which has one form only.
_COMPARED = {**_CLEAN, **_as_table(_SELECTOR_RANGES)}
#: What is taken off both ends of a text: blanks, line ends, and what nobody sees, but for what no program writes.
OUTER = " \t\r\n" + "".join(chr(code) for code in _CLEAN if code < 0xE0080)
_SELECTORS = _as_class(_SELECTOR_RANGES)
#: What nobody sees, selectors too, for a class of a regular expression.
INVISIBLE_CLASS = _as_class(_INVISIBLE_RANGES) + _SELECTORS
#: What is a printable sign by its category and shows nothing.
_PRINTABLE = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159"
_FILLER = re.compile(f"[{_PRINTABLE}]")
_PRINTABLE_FOUND = re.compile(f"[{_PRINTABLE}{_SELECTORS}]")
_OF_LETTER = re.compile(f"(?<=[^\\W\\d_])[{_SELECTORS}]")
# Control characters but tab, line feed and carriage return, and all of the above but blanks.
_FOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f" + INVISIBLE_CLASS + "]")


def clean(text: str) -> str:
    """Return `text` in NFC without invisible characters and outer blanks; blanks of other widths become ordinary ones.

    What is seen stays as it is: full-width punctuation is how Chinese is written, and a selector after a letter is a form of it.
    """
    if text.isascii():
        return text.strip()
    # Nearly all texts hold nothing to clean, which is seen much faster than it is taken out.
    if not text.isprintable() or _FILLER.search(text) is not None:
        text = text.translate(_CLEAN)
    return unicodedata.normalize("NFC", text).strip()


def without_invisible(text: str) -> str:
    """Return `text` without invisible characters and outer blanks; everything that is seen, blanks too, stays as it is."""
    if text.isascii():
        return text.strip()
    if not text.isprintable() or _FILLER.search(text) is not None:
        text = text.translate(_INVISIBLE)
    return text.strip()


def clean_code(text: str) -> str:
    """Return `text` cleaned, with full-width letters, digits and signs half-width: for codes, numbers and ids."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_COMPARED)).strip()


def folded(text: str) -> str:
    """Return what words are compared by: half-width, without case, blanks and invisible characters."""
    if text.isascii():
        return "".join(text.casefold().split())
    return "".join(unicodedata.normalize("NFKC", text.translate(_COMPARED)).casefold().split())


def has_invisible(text: str) -> bool:
    """Tell whether `text` holds something nobody sees, other than blanks and line ends; a variation selector is such."""
    if text.isprintable():
        return not text.isascii() and _PRINTABLE_FOUND.search(text) is not None
    return _FOUND.search(text) is not None


def without_forms(text: str) -> str:
    """Return `text` without the variation selectors that say in which form the letter before them is written."""
    return text if text.isascii() else _OF_LETTER.sub("", text)


def is_invisible(char: str) -> bool:
    """Tell whether nobody sees this character: a format or control character, a filler, a variation selector."""
    return _FOUND.match(char) is not None or unicodedata.category(char) == "Cc"
