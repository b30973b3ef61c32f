"""Telephone and identity numbers inside texts, found however they are written, and taken out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from engine.register import uscc

_GAP = rf"[{uscc.GAP_CLASS}]{{0,3}}"
_ID = (
    rf"[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}{_GAP}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"{_GAP}\d{{3}}[\dXx]"
)
#: As cards had it until 1999; `is_citizen_number` says whether it is one.
_OLD_ID = rf"[1-8]\d{{5}}{_GAP}\d{{6}}{_GAP}\d{{3}}"
_NUMBER = re.compile(
    "|".join(
        (
            # A mobile number, also with +86 and with gaps anywhere.
            rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)",
            r"(?<!\d)1[3-9]\d[./]\d{4}[./]\d{4}(?!\d)",
            # A landline with its area code; 400 and 800 numbers.
            rf"(?<!\d)[(（]?0[1-9]\d{{1,2}}{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)",
            rf"(?<!\d)[48]00{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)",
            # An identity number of a person.
            rf"(?<![0-9A-Za-z])(?P<person>{_ID})(?![0-9A-Za-z])",
            rf"(?<![0-9A-Za-z])(?P<old>{_OLD_ID})(?![0-9A-Za-z])",
            # Whatever a text itself calls a telephone or an account.
            r"(?P<label>电话|手机|微信|身份证|(?i:tel|phone|qq))(?P<between>[号码是为:：\s]{0,4})[+\d][\d\s\-]{4,}[\dXx]",
        )
    )
)
_IDENTITY = re.compile(rf"(?<![0-9A-Za-z])(?:{_ID}|{_OLD_ID})(?![0-9A-Za-z])")
#: Digests and credit codes: their digits are nobody's telephone.
_CODE = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{32,}|[0-9A-HJ-NPQRTUWXY]{18})(?![0-9A-Za-z])", re.ASCII)
#: Numbers of files, by the words around them: with eleven digits they look like telephones.
_FILE_NUMBER = re.compile(
    r"[〔\[［(（【](?:19|20)\d{2}[〕\]］)）】]\s?(?:第\s?)?\d{1,14}\s?号"
    r"|第\s?\d{1,14}\s?号"
    r"|(?:文号|编号|案号|档号|流水号|受理号|登记号)[为是:：\s]{0,3}\d{1,14}(?!\d)"
)
_NUMERALS = str.maketrans("〇零一幺二三四五六七八九", "001123456789")
#: The shortest thing looked for has so many digits.
_MIN_LENGTH = 6


@lru_cache(maxsize=1 << 16)
def mask(text: str, instead: str) -> str:
    """Return `text` with every telephone and identity number replaced by `instead`.

    Full-width digits, Chinese numerals, gaps and dashes do not hide one. Credit codes (also those of before 2016 whose
    last character is another), digests and numbers of files stay.
    """
    if len(text) < _MIN_LENGTH:
        return text
    plain = _plain(text)
    if not any(char in plain for char in "0123456789"):
        return text
    out: list[str] = []
    last = 0
    for code in _kept(plain):
        out += [
            _masked(text[last : code.start()], plain[last : code.start()], instead),
            text[code.start() : code.end()],
        ]
        last = code.end()
    out.append(_masked(text[last:], plain[last:], instead))
    return "".join(out)


def _kept(plain: str) -> list[re.Match[str]]:
    """Return what is nobody's telephone, in its order: credit codes, digests, numbers of files."""
    found = [
        code
        for code in _CODE.finditer(plain)
        if len(code.group()) != uscc.LENGTH or _credit_code(code.group())
    ]
    found += _FILE_NUMBER.finditer(plain)
    kept: list[re.Match[str]] = []
    for one in sorted(found, key=lambda match: match.start()):
        if not kept or one.start() >= kept[-1].end():
            kept.append(one)
    return kept


def mask_identity_numbers(text: str, instead: str) -> str:
    """Return `text` with its identity numbers replaced by `instead`, and nothing else: what fails the check of one stays.

    For columns that hold numbers of files: eleven digits there are nobody's telephone.
    """
    plain = _plain(text)
    out: list[str] = []
    last = 0
    for found in _IDENTITY.finditer(plain):
        if uscc.is_citizen_number(uscc.without_gaps(found.group())):
            out += [text[last : found.start()], instead]
            last = found.end()
    return "".join([*out, text[last:]])


def _credit_code(token: str) -> bool:
    if uscc.is_citizen_number(token):
        return False
    return uscc.is_valid(token) or _legacy_code(token)


def _legacy_code(token: str) -> bool:
    """Tell whether a token is a credit code but for its last character, as some licences have it.

    The organisation code inside, by its own check, and the province say so; digits alone may be a person's identity card.
    """
    return (
        uscc.only_check_digit_wrong(token)
        and not token[:-1].isdigit()
        and "10" <= token[2:4] <= "82"
        and token[16] == uscc.organisation_check_digit(token[8:16])
    )


def _masked(text: str, plain: str, instead: str) -> str:
    out: list[str] = []
    last = 0
    for found in _NUMBER.finditer(plain):
        if found["old"] and not uscc.is_citizen_number(uscc.without_gaps(found["old"])):
            continue
        out += [text[last : found.start()], found["label"] or "", found["between"] or "", instead]
        last = found.end()
    out.append(text[last:])
    return "".join(out)


def _plain(text: str) -> str:
    """Return `text` with every kind of digit as 0-9, each character in its place."""
    if text.isascii():
        return text
    return "".join(
        str(digit) if not char.isascii() and (digit := unicodedata.digit(char, -1)) >= 0 else char
        for char in text.translate(_NUMERALS)
    )
