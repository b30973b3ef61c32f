"""A word of somebody in a sentence: cut where it is long, on one line, with what nobody sees as an escape and named."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

from engine.kernel.clean_text import INVISIBLE_CLASS, clean_code, has_invisible, is_invisible, without_forms
from engine.kernel.plain_text import visible
from engine.language import Message, say

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
