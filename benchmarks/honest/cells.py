"""What the columns of the register ``objects`` are called, and what their cells may hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import mul
from typing import Any

UNSEEN = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_CYRILLIC = "АВЕКМНОРСТХУЅІЈЗавекмнорстхуѕіј"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CODE = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}", re.ASCII)
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[Ee]\+?\d+", re.ASCII)
_CITIZEN = re.compile(r"[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.ASCII)
_CITIZEN_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_REGISTRATION = re.compile(r"\d{15}", re.ASCII)
_LIKE_CODE = re.compile(r"[A-Za-z0-9]{16,20}", re.ASCII)
_DATE = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?",
    re.ASCII,
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_INTEGER = re.compile(r"-?(\d{1,15}|\d{1,3}(,\d{3})+)", re.ASCII)
_PHONE = re.compile(
    r"(\+?86-?)?1[3-9]\d{9}|(\+?86-?)?(0\d{2,3}-?)?[2-9]\d{6,7}((-|转|x)\d{1,6})?|[48]00-?\d{3}-?\d{4}|1\d{4}",
    re.ASCII,
)
_PHONES_APART = re.compile(r"[;；,，、/|\n]+")
_BRACKETED = re.compile(r"\([^()]*\)$")


class WrongCellError(Exception):
    """A cell cannot stand."""


def fold(text: str) -> str:
    """Return what words are compared by."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return folded.replace("*", "").rstrip(":")


class Layout:
    """What the columns are called and hold, from the plain values of the two YAML files."""

    def __init__(self, columns: Mapping[str, Any], words: Mapping[str, Any]) -> None:
        self.columns: Mapping[str, Mapping[str, Any]] = columns["columns"]
        self.lists: Mapping[str, Mapping[str, Any]] = columns["lists"]
        self.headers = {
            fold(title): name
            for name, column in self.columns.items()
            for title in (name, column["title"], *column.get("also", ()))
        }
        self.empty, self.yes, self.no, self.open_ended, self.ignore = (
            frozenset(fold(str(word)) for word in words[name])
            for name in ("empty", "yes", "no", "open_ended", "ignore")
        )
        self.separators: Sequence[str] = words["separators"]

    def column_of(self, title: str) -> str | None:
        """Return the column a title means."""
        folded = fold(title)
        return self.headers.get(folded) or self.headers.get(_BRACKETED.sub("", folded))


Reader = Callable[[str], Any]


def reader(layout: Layout, column: Mapping[str, Any], title: str) -> Reader:
    """Return what reads the cells of a column; it raises WrongCellError."""
    kind = column["type"]
    most, least = column.get("most"), column.get("least")
    if kind == "object_id":
        only = {fold(one) for one in column.get("code_only_under", ())}
        return lambda text: _object_id(text, code_only=fold(title) in only)
    if kind == "ids":
        only_code = fold(title) in frozenset(fold(one) for one in column.get("code_only_under", ()))
        return lambda text: sorted({_object_id(part, code_only=only_code) for part in _parts(text, layout)})
    if kind in ("text", "code"):
        return lambda text: _text(text, most)
    if kind == "long_text":
        return lambda text: _long_text(text, most)
    if kind == "date":
        return lambda text: _date(text, layout)
    if kind == "integer":
        return lambda text: _integer(text, least, most)
    if kind == "phone":
        return _phone
    if kind == "boolean":
        return lambda text: _boolean(text, layout)
    if kind == "list":
        return lambda text: list(dict.fromkeys(_text(part, most) for part in _parts(text, layout)))
    known = {fold(word): code for code, words in column["choices"].items() for word in (code, *words)}
    if kind == "choice":
        return lambda text: _choice(text, known)
    if kind == "choices":
        return lambda text: list(dict.fromkeys(_choice(part, known) for part in _parts(text, layout)))
    raise ValueError(kind)


def _parts(text: str, layout: Layout) -> list[str]:
    for separator in layout.separators[1:]:
        text = text.replace(separator, layout.separators[0])
    return [part for piece in text.split(layout.separators[0]) if (part := piece.strip())]


def valid_code(text: str) -> bool:
    """Tell whether a text is a unified social credit code (GB 32100-2015)."""
    if not _CODE.fullmatch(text):
        return False
    return _ALPHABET[-sum(map(mul, map(_VALUES.__getitem__, text), _WEIGHTS)) % 31] == text[-1]


def _citizen_number(text: str) -> bool:
    if not _CITIZEN.fullmatch(text):
        return False
    if valid_code(text) and "10" <= text[2:4] <= "82":
        total = sum(int(char, 36) * weight for char, weight in zip(text[8:16], _ORGANISATION, strict=True))
        if text[16] == "0123456789X"[-total % 11]:
            return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _CITIZEN_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[-1]


def _object_id(text: str, *, code_only: bool) -> str:
    if _CITIZEN.fullmatch(text) is None:
        if valid_code(text):
            return text
    elif _citizen_number(text):
        raise WrongCellError
    elif valid_code(text):
        return text
    as_code = code_only or _LIKE_CODE.fullmatch(text) or _SCIENTIFIC.fullmatch(text)
    if _REGISTRATION.fullmatch(text) or (not as_code and _ID.fullmatch(text)):
        return text
    raise WrongCellError


def _deceptive(text: str) -> bool:
    """Tell whether a text holds a character that is not what it seems."""
    for char in text:
        if char.isascii() and char.isprintable():
            continue
        if char in UNSEEN or unicodedata.category(char) == "Cc" or char in _CYRILLIC or char in _GREEK:
            return True
        if (folded := unicodedata.normalize("NFKC", char)).isascii() and folded.strip():
            return True
    return False


def _text(text: str, most: int | None) -> str:
    if not text.isprintable():
        text = " ".join(text.split())
        if not text.isprintable() and _deceptive(text):
            raise WrongCellError
    if most is not None and len(text) > most:
        raise WrongCellError
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _long_text(text: str, most: int | None) -> str:
    if not text.isprintable():
        lines = (" ".join(line.split()) for line in text.splitlines())
        text = "\n".join(line for line in lines if line)
        if any(not line.isprintable() for line in text.split("\n")) and _deceptive(text.replace("\n", " ")):
            raise WrongCellError
    if most is not None and len(text) > most:
        raise WrongCellError
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _date(text: str, layout: Layout) -> str | None:
    seen = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if found := _DATE.fullmatch(seen):
        year, _, month, day, month_cn, day_cn = found.groups()
        parts = (int(year), int(month or month_cn), int(day or day_cn))
    elif found := _DIGITS.fullmatch(seen):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif fold(text) in layout.open_ended:
        return None
    else:
        raise WrongCellError
    try:
        return date(*parts).isoformat()
    except ValueError:
        raise WrongCellError from None


def _integer(text: str, least: int | None, most: int | None) -> int:
    seen = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not _INTEGER.fullmatch(seen):
        raise WrongCellError
    number = int(seen.replace(",", ""))
    if (least is not None and number < least) or (most is not None and number > most):
        raise WrongCellError
    return number


def _phone(text: str) -> str:
    if _SCIENTIFIC.fullmatch(text):
        raise WrongCellError
    if _PHONE.fullmatch(text):
        return text
    kept = []
    for part in _PHONES_APART.split(text):
        seen = part if part.isascii() else unicodedata.normalize("NFKC", part)
        seen = "".join(seen.split()).replace("(", "").replace(")", "-")
        if not _PHONE.fullmatch(seen):
            raise WrongCellError
        kept.append(seen)
    return "；".join(dict.fromkeys(kept))


def _boolean(text: str, layout: Layout) -> bool:
    seen = fold(text)
    if seen in layout.yes:
        return True
    if seen in layout.no:
        return False
    raise WrongCellError


def _choice(text: str, known: Mapping[str, str]) -> str:
    code = known.get(fold(text))
    if code is None:
        raise WrongCellError
    return code
