"""Texts without what nobody sees in them, and words of people said again: one answer to what is invisible, wherever people type."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

from engine.kernel.plain_text import visible
from engine.language import Message, say

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
_FILLER = re.compile(f"[{_PRINTABLE}{_SELECTORS}]")
#: A selector that says the form of no letter: first, after a sign, or after another selector.
_OF_NOTHING = re.compile(f"(?<![^\\W\\d_])[{_SELECTORS}]")
_PRINTABLE_FOUND = re.compile(f"[{_PRINTABLE}{_SELECTORS}]")
_OF_LETTER = re.compile(f"(?<=[^\\W\\d_])[{_SELECTORS}]")
# Control characters but tab, line feed and carriage return, and all of the above but blanks.
_FOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f" + INVISIBLE_CLASS + "]")


def clean(text: str) -> str:
    """Return `text` in NFC without invisible characters and outer blanks; blanks of other widths become ordinary ones.

    What is seen stays as it is: full-width punctuation is how Chinese is written, and one selector after a letter is a form of it.
    """
    if text.isascii():
        return text.strip()
    # Nearly all texts hold nothing to clean, which is seen much faster than it is taken out.
    if not text.isprintable() or _FILLER.search(text) is not None:
        text = _OF_NOTHING.sub("", text.translate(_CLEAN))
    return unicodedata.normalize("NFC", text).strip()


def without_invisible(text: str) -> str:
    """Return `text` without invisible characters and outer blanks; everything that is seen, blanks too, stays as it is."""
    if text.isascii():
        return text.strip()
    if not text.isprintable() or _FILLER.search(text) is not None:
        text = _OF_NOTHING.sub("", text.translate(_INVISIBLE))
    return text.strip()


def clean_code(text: str) -> str:
    """Return `text` cleaned, with full-width letters, digits and signs half-width: for codes, numbers and ids."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_COMPARED)).strip()


def latin_digits(text: str) -> str:
    """Return `text` with every decimal digit, of whatever script, as one of 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


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


#: Longest word of somebody that is said again, in characters.
MAX_QUOTED = 200
#: So many words of one sentence, and so many signs of one word, are looked at for signs that are not what they seem.
_LOOKED_AT = 12


def quoted_text(text: str) -> str:
    """Return a text as it is said again: at most `MAX_QUOTED` characters, without line ends, what nobody sees as ``\\u200b``."""
    kept = text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + "…"
    kept = visible(kept)
    if has_invisible(without_forms(kept)):
        kept = re.sub(f"[{INVISIBLE_CLASS}]", lambda found: f"\\u{ord(found.group()):04x}", kept)
    # A copy only where something is not shown as it is: a word of the product keeps what it is translated by.
    return text if kept == text else kept


def quoted(message: Message) -> Message:
    """Return a sentence with the words in it as they are said again."""
    values = {name: _quoted_value(value) for name, value in message.values.items()}
    return message if values == message.values else replace(message, values=values)


def _quoted_value(value: Any) -> Any:
    if isinstance(value, Message):
        return quoted(value)
    if isinstance(value, str):
        return quoted_text(value)
    if isinstance(value, list | tuple):
        return [_quoted_value(item) for item in value]
    return value


def explain_unseen(text: str) -> tuple[Message, ...]:
    """Return a sentence for each character of `text` that nobody sees, but for the ends of lines; places count from 1."""
    if not has_invisible(text):
        return ()
    return tuple(
        unseen_at(place, char)
        for place, char in enumerate(text, 1)
        if char not in "\r\n\t" and is_invisible(char)
    )


def unseen_at(place: int, char: str) -> Message:
    """Return the sentence on a character nobody sees."""
    return say("第 {place} 位是看不见的字符（U+{code}），请删去", place=place, code=f"{ord(char):04X}")


def wide_at(place: int, char: str) -> Message:
    """Return the sentence on a full-width letter, digit or sign where a half-width one is meant."""
    plain = unicodedata.normalize("NFKC", char)
    return say("第 {place} 位的“{char}”是全角字符，请改为半角“{plain}”", place=place, char=char, plain=plain)


def not_as_it_seems(text: str) -> Message | None:
    """Return a sentence on the first sign of an id or a code nobody sees, or that is full-width; None where there is none."""
    if text.isascii():
        return None
    for place, char in enumerate(text[:MAX_QUOTED], 1):
        if not char.isascii() and is_invisible(char):
            return say("“{seen}”{wrong}", seen=quoted_text(text), wrong=unseen_at(place, char))
    if len(text) <= MAX_QUOTED and clean_code(text).isascii():
        for place, char in enumerate(text, 1):
            if not char.isascii() and clean_code(char):
                return say("“{seen}”{wrong}", seen=quoted_text(text), wrong=wide_at(place, char))
    return None


def words_not_as_they_seem(message: Message) -> Message | None:
    """Return a sentence on the first word of a sentence that is not what it seems; None where all are."""
    for value in list(message.values.values())[:_LOOKED_AT]:
        if type(value) is str and (found := not_as_it_seems(value)) is not None:
            return found
    return None
