"""The unified social credit code 统一社会信用代码 (GB 32100-2015): its check digit, and what is wrong with one.

18 characters: the registering authority, the category, six digits of the region, nine characters of the
organisation code (GB 11714, the last of them its own check digit), and the check digit over all.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from engine.kernel.clean_text import INVISIBLE_CLASS
from engine.language import Message, say
from engine.register.confusables import explain, plain

#: The 31 characters of the code, in the order of their values; I, O, S, V and Z are never used.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_OLD_LENGTH = 15
_REGISTRATION_SHAPE = re.compile(r"\d{15}", re.ASCII)

_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}", re.ASCII)
_NEVER_USED = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[Ee]\+?\d+", re.ASCII)
_CITIZEN_SHAPE = re.compile(
    r"[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", re.ASCII
)
#: A number as cards had it until 1999: the region, six digits of the date of birth, three of the order. No check digit.
_OLD_CITIZEN_SHAPE = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})\d{3}",
    re.ASCII,
)
_EITHER_SHAPE = re.compile(f"{_CITIZEN_SHAPE.pattern}|{_OLD_CITIZEN_SHAPE.pattern}", re.ASCII)
#: What people write between the groups of a number.
GAP_CLASS = r"\s\-·‐‑‒–—―－,，_()（）" + INVISIBLE_CLASS
_GAPS = re.compile(f"[{GAP_CLASS}]")
_GAP = f"[{GAP_CLASS}]{{0,3}}"
#: Six digits of any script with nothing between them but gaps.
_DIGITS_TOGETHER = re.compile(rf"\d(?:{_GAP}\d){{5}}")
#: 18 digits from any beginning of a number on, those of two numbers side by side among them.
_CITIZEN_IN_TEXT = re.compile(
    rf"(?<![0-9A-Za-z])(?=(?P<number>[1-8](?:{_GAP}\d){{16}}{_GAP}[\dXx])(?![0-9A-Za-z]))", re.ASCII
)
_CITIZEN_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))


def check_digit(body: str) -> str:
    """Return the check digit for the first 17 characters. Raises KeyError for a character outside `ALPHABET`."""
    total = 0
    for char, weight in zip(body, _WEIGHTS, strict=True):
        total += _VALUES[char] * weight
    return ALPHABET[-total % 31]


def organisation_check_digit(body: str) -> str:
    """Return the check digit of the eight characters of an organisation code (GB 11714)."""
    # Digits are worth themselves and letters 10 to 35: here I, O, S, V and Z keep their places.
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def is_valid(code: str) -> bool:
    """Tell whether `code` is a unified social credit code, written as the standard writes it."""
    return _SHAPE.fullmatch(code) is not None and check_digit(code[:-1]) == code[-1]


def only_check_digit_wrong(code: str) -> bool:
    """Tell whether `code` is written as the standard writes it in everything but its last character."""
    return _SHAPE.fullmatch(code) is not None and check_digit(code[:-1]) != code[-1]


def is_scientific(text: str) -> bool:
    """Tell whether `text` is what Excel makes of a long number: ``9.11E+17``."""
    return _SCIENTIFIC.fullmatch(text) is not None


def is_registration_number(text: str) -> bool:
    """Tell whether `text` is a registration number of a firm 注册号, 15 digits, by its check digit (ISO 7064, MOD 11,10)."""
    if not _REGISTRATION_SHAPE.fullmatch(text):
        return False
    product = 10
    for digit in text[:-1]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(text[-1])) % 10 == 1


def is_citizen_number(text: str, *, beside_firms: bool = True) -> bool:
    """Tell whether `text` is an identity number of a person 公民身份号码 (GB 11643) of 18 or 15 digits, and no number of a firm.

    `beside_firms`: numbers of firms may stand in the same place. A number of 15 digits has no check digit: then it is one
    where region and date of birth can be and it is no sound registration number; elsewhere region and date decide alone.

    One in 31 of them has the right check digit of a credit code by chance; then the check digit inside the
    organisation code, and whether there is such a province, decide. A small x counts as the large one: people type it.
    """
    # One look for nearly every cell of a register.
    if not _EITHER_SHAPE.fullmatch(text):
        return False
    if len(text) == _OLD_LENGTH:
        return _is_old_number(text) and not (beside_firms and is_registration_number(text))
    if is_valid(text) and "10" <= text[2:4] <= "82" and text[16] == organisation_check_digit(text[8:16]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _CITIZEN_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[-1].upper()


def holds_citizen_number(text: str) -> bool:
    """Tell whether an identity number of a person of 18 digits, by its check digit, is anywhere in a text.

    However it is written: with gaps, in full-width digits, behind a name. One of 15 digits has no check digit and is not looked for.
    """
    # One look for nearly every cell of a register.
    if len(text) < LENGTH or _DIGITS_TOGETHER.search(text) is None:
        return False
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return any(is_citizen_number(without_gaps(found["number"])) for found in _CITIZEN_IN_TEXT.finditer(plain))


def without_gaps(text: str) -> str:
    """Return a number without the signs and blanks people write between its groups, the small x as a large one."""
    return _GAPS.sub("", text).upper()


def _is_old_number(text: str) -> bool:
    found = _OLD_CITIZEN_SHAPE.fullmatch(text)
    if found is None:
        return False
    try:
        date(1900 + int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return False
    return True


def what_is_wrong(code: str) -> tuple[Message, ...]:
    """Return everything that is wrong with `code`, in sentences that say what is expected; empty if it is valid."""
    if is_valid(code):
        return ()
    if is_scientific(code):
        return (
            say(
                "Excel 把代码当作数字，末几位已经丢失，无法还原；请把该列设为“文本”格式，再从原始资料重新填写代码"
            ),
        )
    found = list(explain(code))
    looks = plain(code)
    if looks != looks.upper():
        found.append(say("字母应为大写"))
    looks = looks.upper()
    if any(char.isspace() for char in looks):
        found.append(say("代码中间有空格，请删去"))
        looks = "".join(looks.split())
    if len(looks) != LENGTH:
        found.append(say("应为 {expected} 位，实为 {seen} 位", expected=LENGTH, seen=len(looks)))
    found += _wrong_characters(looks)
    if len(looks) == LENGTH and all(char in _VALUES for char in looks):
        found += _wrong_check_digit(looks)
    return tuple(found)


def _wrong_characters(code: str) -> list[Message]:
    found = []
    for place, char in enumerate(code, 1):
        if 3 <= place <= 8:
            if not (char.isascii() and char.isdigit()):
                found.append(
                    say("第 {place} 位是“{char}”，第 3 至 8 位（行政区划）应为数字", place=place, char=char)
                )
        elif char in _NEVER_USED:
            found.append(
                say(
                    "第 {place} 位是字母“{char}”，代码不使用 I、O、S、V、Z，可能是“{like}”",
                    place=place,
                    char=char,
                    like=_NEVER_USED[char],
                )
            )
        elif char not in _VALUES:
            found.append(say("第 {place} 位的“{char}”不是数字或大写字母", place=place, char=char))
    return found


def _wrong_check_digit(code: str) -> list[Message]:
    expected = check_digit(code[:-1])
    if code[-1] == expected:
        return []
    swapped = _swapped(code)
    if swapped is not None:
        return [
            say(
                "校验码不符：按前 17 位算应为“{expected}”，实为“{seen}”；第 {first}、{second} 位可能颠倒了",
                expected=expected,
                seen=code[-1],
                first=swapped,
                second=swapped + 1,
            )
        ]
    if code[16] == organisation_check_digit(code[8:16]):
        return [
            say(
                "校验码不符：按前 17 位算应为“{expected}”，实为“{seen}”；第 9 至 17 位自身校验无误，错处多半在其余各位",
                expected=expected,
                seen=code[-1],
            )
        ]
    return [
        say(
            "校验码不符：按前 17 位算应为“{expected}”，实为“{seen}”；请对照营业执照核对，第 9 至 17 位有误的可能最大",
            expected=expected,
            seen=code[-1],
        )
    ]


def _swapped(code: str) -> int | None:
    """Return the first of two neighbours (from 1) whose exchange makes both check digits right."""
    places = []
    for i in range(LENGTH - 1):
        other = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
        if other != code and is_valid(other) and other[16] == organisation_check_digit(other[8:16]):
            places.append(i + 1)
    return places[0] if len(places) == 1 else None
