"""Characters that look like others: full-width letters, Cyrillic and Greek capitals, characters nobody sees."""

from __future__ import annotations

import unicodedata

from engine.language import Message, say

_CYRILLIC = dict(zip("АВЕКМНОРСТХУЅІЈЗавекмнорстхуѕіј", "ABEKMHOPCTXYSIJ3abekmhopctxysij", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
_PLAIN = str.maketrans({**_CYRILLIC, **_GREEK})

#: Format characters (Cf) may end up in a cell by copying from a web page or a PDF.
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")  # fmt: skip
UNSEEN = "".join(sorted(_UNSEEN))


def plain(text: str) -> str:
    """Return `text` as it looks: full-width forms and Cyrillic or Greek look-alikes become ASCII."""
    return unicodedata.normalize("NFKC", text).translate(_PLAIN)


def has_unseen(text: str) -> bool:
    """Tell whether `text` holds a control or format character, which is not visible."""
    return not text.isprintable() and any(
        char in _UNSEEN or unicodedata.category(char) == "Cc" for char in text
    )


def explain(text: str) -> tuple[Message, ...]:
    """Return a sentence for each character of `text` that is not what it seems; places count from 1."""
    found = []
    for place, char in enumerate(text, 1):
        if char.isascii() and char.isprintable():
            continue
        if char in _UNSEEN or unicodedata.category(char) == "Cc":
            found.append(
                say("第 {place} 位是看不见的字符（U+{code}），请删去", place=place, code=f"{ord(char):04X}")
            )
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
        elif (folded := unicodedata.normalize("NFKC", char)).isascii() and folded.strip():
            found.append(
                say(
                    "第 {place} 位的“{char}”是全角字符，请改为半角“{plain}”",
                    place=place,
                    char=char,
                    plain=folded,
                )
            )
    return tuple(found)
