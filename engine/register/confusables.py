"""Characters that look like others: full-width letters, Cyrillic and Greek capitals, dashes, characters nobody sees."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from engine.kernel.clean_text import is_invisible, unseen_at, wide_at
from engine.language import Message, say

_CYRILLIC = dict(zip("АВЕКМНОРСТХУЅІЈЗавекмнорстхуѕіј", "ABEKMHOPCTXYSIJ3abekmhopctxysij", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
#: Hyphens, dashes and minus signs: what office programs make of a hyphen that is typed.
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58", "-")
_PLAIN = str.maketrans({**_CYRILLIC, **_GREEK})


def plain(text: str) -> str:
    """Return `text` as it looks: full-width forms and Cyrillic or Greek look-alikes become ASCII."""
    return unicodedata.normalize("NFKC", text).translate(_PLAIN)


def explain(text: str) -> tuple[Message, ...]:
    """Return a sentence for each character of `text` that is not what it seems; places count from 1."""
    found = []
    for place, char in enumerate(text, 1):
        if char.isascii() and char.isprintable():
            continue
        if is_invisible(char):
            found.append(unseen_at(place, char))
        elif char in _CYRILLIC:
            found.append(
                say(
                    "第 {place} 位的“{char}”是西里尔字母（U+{code}），看上去像“{plain}”，请改用键盘输入的“{plain}”",
                    place=place,
                    char=char,
                    code=f"{ord(char):04X}",
                    plain=_CYRILLIC[char],
                )
            )
        elif char in _GREEK:
            found.append(
                say(
                    "第 {place} 位的“{char}”是希腊字母（U+{code}），看上去像“{plain}”，请改用键盘输入的“{plain}”",
                    place=place,
                    char=char,
                    code=f"{ord(char):04X}",
                    plain=_GREEK[char],
                )
            )
        elif char in _DASHES:
            found.append(
                say(
                    "第 {place} 位的“{char}”是另一种横线（U+{code}），请改用键盘输入的“{plain}”",
                    place=place,
                    char=char,
                    code=f"{ord(char):04X}",
                    plain=_DASHES[char],
                )
            )
        elif (half := unicodedata.normalize("NFKC", char)).isascii() and half.strip():
            found.append(wide_at(place, char))
    return tuple(found)


def explain_forms(text: str) -> tuple[Message, ...]:
    """Return a sentence for each variation selector of `text` that follows a letter; places count from 1."""
    return tuple(
        say(
            "第 {place} 位是异体字选择符（U+{code}），规定前面的“{char}”用哪种写法",
            place=place,
            code=f"{ord(char):04X}",
            char=before,
        )
        for place, (before, char) in enumerate(pairwise(text), 2)
        if is_invisible(char)
    )
