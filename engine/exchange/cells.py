"""One cell: the text a value of ours is written as, and the text a platform's cell means, or what is wrong with it.

Two cells are the same where these texts are; numbers are exact, days ISO days.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.exchange.formats import CellKind, FormatColumn
from engine.kernel.clean_text import clean, clean_code
from engine.kernel.did_you_mean import nearest
from engine.language import Message, say
from engine.register import uscc

_DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII)
_DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_TIME = re.compile(r"[ T]?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?:[+-]\d{2}:\d{2})?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)


class CellError(Exception):
    """A value cannot stand in a cell of a column; `expected` says what can, `hint` how to mend it."""

    def __init__(self, expected: Message, hint: Message | None = None) -> None:
        super().__init__(expected.text)
        self.expected = expected
        self.hint = hint


def cell_of(column: FormatColumn, value: Any) -> str:
    """Return the text a value of ours has in a cell of `column`, "" for none. Raises `CellError`."""
    if column.fixed is not None:
        return column.fixed
    if value is None or value in ("", [], ()):
        return _checked(column, "")
    several = value if isinstance(value, (list, tuple)) else (value,)
    texts = [_coded(column, _text(one)) for one in several]
    if len(texts) > 1 and column.kind not in (CellKind.LIST, CellKind.TEXT):
        raise CellError(say("一格只能有一个值，这里有 {count} 个", count=len(texts)))
    return _checked(column, column.separator.join(text for text in texts if text))


def read_cell(column: FormatColumn, text: str) -> str:
    """Return what the text of a cell in a file means, as `cell_of` would write it. Raises `CellError`."""
    text = clean(text)
    if column.kind in (CellKind.CREDIT_CODE, CellKind.DIGITS):
        text = clean_code(text)
    if column.kind is CellKind.LIST and text:
        text = column.separator.join(part.strip() for part in text.split(column.separator.strip() or " "))
    found = _checked(column, text)
    if column.codes and found:
        known = sorted(set(column.codes.values()))
        parts = found.split(column.separator) if column.kind is CellKind.LIST else [found]
        for part in parts:
            if part not in known:
                expected = say("应为平台代码之一：{codes}", codes=known)
                near = nearest(part, known)
                raise CellError(expected, say("是否想写“{name}”？", name=near) if near else None)
    return found


def as_number(column: FormatColumn, text: str) -> int | Decimal | None:
    """Return the number a cell is written as; None where the cell is a text."""
    if not text or column.kind not in (CellKind.INTEGER, CellKind.DECIMAL):
        return None
    return int(text) if "." not in text else Decimal(text)


def format_cell(column: FormatColumn, text: str) -> str:
    """Return a cell as it is written for the platform: days in the manner of the column."""
    if column.kind is not CellKind.DATE or not text or column.written == "iso":
        return text
    year, month, day = text.split("-")
    return f"{year}/{int(month)}/{int(day)}" if column.written == "slash" else f"{year}{month}{day}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values() if part is not None)
    return " ".join(str(value).split())


def _decimal(value: Fraction) -> str:
    scale = 0
    while (value * 10**scale).denominator != 1 and scale < 12:
        scale += 1
    digits = value * 10**scale
    if digits.denominator != 1:
        raise CellError(say("数 {value} 写不成小数", value=str(value)))
    sign, whole = ("-" if digits < 0 else ""), str(abs(digits.numerator)).rjust(scale + 1, "0")
    return f"{sign}{whole[:-scale]}.{whole[-scale:]}" if scale else f"{sign}{whole}"


def _coded(column: FormatColumn, text: str) -> str:
    if not column.codes:
        return text
    if text not in column.codes:
        expected = say("代码“{code}”没有写明对应的平台代码", code=text)
        raise CellError(expected, say("请在格式的 codes 里补上“{code}: …”", code=text))
    return column.codes[text]


def _checked(column: FormatColumn, text: str) -> str:
    if not text:
        if column.required:
            raise CellError(say("必填"))
        return ""
    found = _READERS[column.kind](column, text)
    if column.most is not None and len(found) > column.most:
        raise CellError(say("最多 {most} 字，实有 {seen} 字", most=column.most, seen=len(found)))
    return found


def _plain(_column: FormatColumn, text: str) -> str:
    return text


def _credit_code(_column: FormatColumn, text: str) -> str:
    wrong = uscc.what_is_wrong(text)
    if wrong:
        raise CellError(say("应为 18 位统一社会信用代码：{wrong}", wrong=list(wrong)))
    return text


def _digits(column: FormatColumn, text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        hint = say("Excel 把它当作数字，末几位可能已经丢失；请把该列设为“文本”格式后重新填写")
        raise CellError(say("应全为数字"), hint if uscc.is_scientific(text) else None)
    if column.digits is not None and len(text) != column.digits:
        raise CellError(say("应为 {digits} 位数字，实有 {seen} 位", digits=column.digits, seen=len(text)))
    return text


def _day(_column: FormatColumn, text: str) -> str:
    day, rest = _day_in(text)
    # A spreadsheet may add midnight to a day.
    if rest and not re.fullmatch(r"[ T]0{1,2}:00(:00)?", rest):
        raise CellError(say("应为日期，如 2024-03-05"))
    return day


def _instant(_column: FormatColumn, text: str) -> str:
    day, rest = _day_in(text)
    found = _TIME.fullmatch(rest or " 00:00:00")
    if found is None:
        raise CellError(say("应为日期和时间，如 2024-03-05 09:30:00"))
    try:
        at = datetime.fromisoformat(f"{day}T{int(found[1]):02d}:{found[2]}:{found[3] or '00'}")
    except ValueError:
        raise CellError(say("没有这个时间")) from None
    return at.isoformat(sep=" ")


def _day_in(text: str) -> tuple[str, str]:
    found = _DAY.match(text) or _DAY_DIGITS.match(text)
    if found is None:
        raise CellError(say("应为日期，如 2024-03-05"))
    parts = [part for part in found.groups() if part and part not in "-/."]
    try:
        day = date(*map(int, parts))
    except ValueError:
        raise CellError(say("没有这一天")) from None
    return day.isoformat(), text[found.end() :]


def _whole(column: FormatColumn, text: str) -> str:
    found = _number(column, text)
    if "." in found:
        raise CellError(say("应为整数"))
    return found


def _number(column: FormatColumn, text: str) -> str:
    text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise CellError(say("应为数，如 1.50"))
    exact = _decimal(Fraction(text))
    behind = len(exact.partition(".")[2])
    if column.decimals is not None and behind > column.decimals:
        raise CellError(say("小数最多 {most} 位，实有 {seen} 位", most=column.decimals, seen=behind))
    return exact


_READERS = {
    CellKind.TEXT: _plain,
    CellKind.LIST: _plain,
    CellKind.CREDIT_CODE: _credit_code,
    CellKind.DIGITS: _digits,
    CellKind.DATE: _day,
    CellKind.DATETIME: _instant,
    CellKind.INTEGER: _whole,
    CellKind.DECIMAL: _number,
}
