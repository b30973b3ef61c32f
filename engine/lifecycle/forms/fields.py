"""The types of fields: what each accepts and how it is kept. Nothing is guessed and nothing is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from fractions import Fraction
from typing import Any

from engine.kernel.clean_text import clean_code, folded, latin_digits, without_invisible
from engine.kernel.plain_text import find_forbidden, shortened, visible
from engine.language import Message, say
from engine.lifecycle.forms.places import place_text
from engine.lifecycle.model.form import YES_NO_NA, Field, FieldType

_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,9})?")
_MONEY = re.compile(r"-?\d{1,16}(\.\d{1,2})?")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_PLACE = re.compile(r"(?P<latitude>-?\d{1,2}(\.\d{1,9})?)[,，\s]\s*(?P<longitude>-?\d{1,3}(\.\d{1,9})?)")
_RATIO = re.compile(r"\d{1,9}(\.\d{1,9})?%?|\d{1,9}/[1-9]\d{0,8}")
#: A day and a time of it, with a zone or without.
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?"
)
_DIGEST = re.compile(r"[0-9a-f]{64}")
#: What the name of a picture ends with. A drawing that may hold a program (SVG) is none.
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".bmp", ".gif")

#: Whole numbers have at most 18 digits.
_INTEGERS_BELOW = 10**18
#: How long a text may be where its field does not say (``most``), in characters.
DEFAULT_MOST: Mapping[FieldType, int] = {FieldType.TEXT: 1_000, FieldType.LONG_TEXT: 20_000}
#: How long an id or the name of a file may be, and how much of an answer a sentence quotes, in characters.
MAX_NAME_LENGTH, _QUOTED = 200, 100

Outcome = tuple[Any, Message | None]


def typed_text(asked: Field, text: str) -> Any:
    """Return what was typed into the one box of a question, as every face hands it in; blank is "" or []. It is not judged.

    Of a list, and of several people, each line is an entry: a blank, a comma or a 、 is part of it.
    """
    if asked.type in (FieldType.LIST, FieldType.PERSONS):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if asked.type is FieldType.LONG_TEXT:
        # Of nothing but blanks no answer is made, as of a text in one line; else its ends stay as they are typed.
        return text if text.strip() else ""
    return text.strip()


def read_value(asked: Field, value: Any, zone: tzinfo | None = None) -> Outcome:
    """Return `value` as it is kept and None, or anything and the sentence that says why it cannot stand.

    A moment without a zone is one of `zone`, that of the bureau; without that it is refused.
    """
    typed = isinstance(value, str) and _is_typed(asked, value)
    given = clean_code(value) if typed else value
    if asked.type is FieldType.DATETIME:
        return _datetime(asked, given, zone)
    return _list(asked, given, zone) if asked.type is FieldType.LIST else _READERS[asked.type](asked, given)


def _is_typed(asked: Field, value: str) -> bool:
    """Tell whether an answer is a number, a day or a word of a list as somebody typed it: full-width writing counts."""
    return (
        asked.type is not FieldType.TEXT
        and asked.type is not FieldType.LONG_TEXT
        and find_forbidden(value) is None
    )


def _wrong(asked: Field, expected: Message, value: Any) -> Outcome:
    return None, say(
        "“{title}”应为{expected}，实为“{seen}”", title=asked.title, expected=expected, seen=_quoted(value)
    )


def _quoted(value: Any) -> str:
    """Return what was given as a sentence can quote it."""
    return shortened(visible(str(value)), _QUOTED)


def _quoted_number(expected: Message, value: Any) -> Message:
    """Return what is expected; of what a file holds unquoted, which reaches us as another number or none, also how to write it."""
    return expected if isinstance(value, str) else say("{expected}，写在引号里", expected=expected)


def _text(asked: Field, value: Any) -> Outcome:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return _wrong(asked, say("文字"), value)
    return _plain_text(asked, str(value))


def _plain_text(asked: Field, given: str) -> Outcome:
    """Return a text that is neither too long nor holds what no text may; only a long text has several lines."""
    lines = asked.type is FieldType.LONG_TEXT
    text = given.replace("\r\n", "\n").strip() if lines else given.strip()
    default = DEFAULT_MOST.get(asked.type)
    # Of persons and files, `most` counts how many there may be.
    most = (asked.most or default) if default is not None else MAX_NAME_LENGTH
    if len(text) > most:
        return None, say(
            "“{title}”最多 {most} 字，实为 {seen} 字", title=asked.title, most=most, seen=len(text)
        )
    if (found := find_forbidden(text, lines=lines)) is None:
        return without_invisible(text), None
    place, char = found
    if char in "\n\t":
        return None, say(
            "“{title}”应写在一行里；第 {place} 个字是换行或制表符", title=asked.title, place=place
        )
    return None, say(
        "“{title}”第 {place} 个字是不能使用的控制字符（U+{code}），请删去",
        title=asked.title,
        place=place,
        code=f"{ord(char):04X}",
    )


def _integer(asked: Field, value: Any) -> Outcome:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= _INTEGERS_BELOW:
        return _wrong(asked, say("整数"), value)
    return _bounded(asked, value)


def _decimal(asked: Field, value: Any) -> Outcome:
    text = latin_digits(str(value))
    if isinstance(value, (bool, float)) or not _DECIMAL.fullmatch(text):
        return _wrong(asked, _quoted_number(say("数字（如 1234.50）"), value), value)
    _, problem = _bounded(asked, Fraction(text), text)
    return text, problem


def _money(asked: Field, value: Any) -> Outcome:
    text = latin_digits(str(value))
    if isinstance(value, (bool, float)) or not _MONEY.fullmatch(text):
        return _wrong(asked, _quoted_number(say("金额（最多两位小数，如 1234.50）"), value), value)
    _, problem = _bounded(asked, Fraction(text), text)
    return text, problem


def _time(asked: Field, value: Any) -> Outcome:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return _wrong(asked, _quoted_number(say("时间（如 09:30）"), value), value)
    return f"{int(found[1]):02}:{int(found[2]):02}", None


def _yes_no_na(asked: Field, value: Any) -> Outcome:
    words: dict[Any, str] = {True: "yes", False: "no", "true": "yes", "false": "no"}
    words.update({word: code for code, shown in YES_NO_NA.items() for word in (code, shown)})
    given = folded(value) if isinstance(value, str) else value
    if isinstance(given, (bool, str)) and given in words:
        return words[given], None
    return _wrong(asked, say("是、否 或 不适用（yes、no、n/a）"), value)


def _place(asked: Field, value: Any) -> Outcome:
    found = _PLACE.match(value) if isinstance(value, str) else None
    given = found.groupdict() if found is not None else value
    degrees: dict[str, Any] = {}
    if isinstance(given, Mapping) and not set(given) - {"latitude", "longitude", "address"}:
        for name, most in (("latitude", 90), ("longitude", 180)):
            degree = given.get(name)
            text = latin_digits(str(degree))
            if (
                not isinstance(degree, (bool, float))
                and _DECIMAL.fullmatch(text)
                and abs(Fraction(text)) <= most
            ):
                degrees[name] = text
    if len(degrees) < 2:
        return _wrong(asked, say("纬度和经度（如 39.904200, 116.407400）"), place_text(value))
    if isinstance(value, Mapping) and value.get("address"):
        address, problem = _plain_text(asked, str(value["address"]))
        return {**degrees, "address": address}, problem
    return degrees, None


def _photo(asked: Field, value: Any) -> Outcome:
    file, problem = _file(asked, value)
    if problem is None and not str(file["name"]).lower().endswith(PICTURES):
        message = say(
            "“{title}”应是照片（{kinds}），实为“{seen}”",
            title=asked.title,
            kinds=list(PICTURES),
            seen=_quoted(file["name"]),
        )
        return None, message
    return file, problem


def _ratio(asked: Field, value: Any) -> Outcome:
    text = latin_digits(str(value))
    if isinstance(value, (bool, float)) or not _RATIO.fullmatch(text):
        return _wrong(asked, _quoted_number(say("比例（如 5%、0.05 或 1/20）"), value), value)
    return text, None


def _bounded(asked: Field, number: int | Fraction, seen: object = None) -> Outcome:
    seen = number if seen is None else seen
    if asked.least is not None and number < asked.least:
        return None, say(
            "“{title}”不得少于 {least}，实为 {seen}", title=asked.title, least=asked.least, seen=seen
        )
    if asked.most is not None and number > asked.most:
        return None, say(
            "“{title}”不得多于 {most}，实为 {seen}", title=asked.title, most=asked.most, seen=seen
        )
    return number, None


def boolean_of(value: Any) -> bool | None:
    """Return yes or no as it was typed: ``true``, ``是``, …; None where it is neither."""
    words = {True: True, False: False, "true": True, "false": False, "是": True, "否": False}
    return words.get(value) if isinstance(value, (bool, str)) else None


def _boolean(asked: Field, value: Any) -> Outcome:
    found = boolean_of(value)
    if found is not None:
        return found, None
    return _wrong(asked, say("是 或 否（true、false）"), value)


def _date(asked: Field, value: Any) -> Outcome:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat(), None
        except ValueError:
            pass
    return _wrong(asked, say("日期（如 2024-04-20）"), value)


def _datetime(asked: Field, value: Any, zone: tzinfo | None) -> Outcome:
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if found is not None and (found["zone"] or zone is not None):
        try:
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is None:
                # In the zone as it was then: years ago its clocks may have been put forward in summer.
                instant = instant.replace(tzinfo=zone)
            # Kept in the zone of the bureau, so that the day it is written with is the day people see.
            return (instant if zone is None else instant.astimezone(zone)).isoformat(), None
        except (ValueError, OverflowError):
            pass
    if zone is None:
        return _wrong(asked, say("带时区的时刻（如 2024-04-20T09:30+08:00）"), value)
    return _wrong(asked, say("日期和时间（如 2024-04-20 09:30）"), value)


def _choice(asked: Field, value: Any) -> Outcome:
    text = clean_code(str(value))
    if text in asked.choices:
        return text, None
    by_text = {folded(shown): code for code, shown in asked.choices.items()}
    if folded(text) in by_text:
        return by_text[folded(text)], None
    options = [say("{code}（{title}）", code=code, title=shown) for code, shown in asked.choices.items()]
    return None, say(
        "“{title}”应为下列之一：{options}；实为“{seen}”",
        title=asked.title,
        options=options,
        seen=_quoted(value),
    )


def _choices(asked: Field, value: Any) -> Outcome:
    if not isinstance(value, list):
        return _wrong(asked, say("列表"), value)
    kept = []
    for one in value:
        code, problem = _choice(asked, one)
        if problem is not None:
            return None, problem
        kept.append(code)
    codes = list(dict.fromkeys(kept))
    alone = next((code for code in codes if code in asked.exclusive), None)
    if alone is not None and len(codes) > 1:
        return None, say(
            "“{title}”选了“{alone}”，就不能再选别的", title=asked.title, alone=asked.choices[alone]
        )
    return counted(asked, codes)


def _name(asked: Field, value: Any) -> Outcome:
    if isinstance(value, (bool, list, dict)) or not str(value).strip():
        return _wrong(asked, say("一个编号"), value)
    return _plain_text(asked, str(value))


def _names(asked: Field, value: Any) -> Outcome:
    if not isinstance(value, list) or any(isinstance(one, (bool, list, dict)) for one in value):
        return _wrong(asked, say("编号的列表（如 [insp-01, insp-02]）"), value)
    kept = []
    for one in value:
        text, problem = _plain_text(asked, str(one))
        if problem is not None:
            return None, problem
        kept.append(text)
    return counted(asked, list(dict.fromkeys(kept)))


def _file(asked: Field, value: Any) -> Outcome:
    if isinstance(value, Mapping) and value.get("name") and _DIGEST.fullmatch(str(value.get("sha256", ""))):
        name, problem = _plain_text(asked, str(value["name"]))
        return {"name": name, "sha256": str(value["sha256"])}, problem
    return _wrong(asked, say("附件的编号（先把文件存入本件）"), value)


def _files(asked: Field, value: Any) -> Outcome:
    if not isinstance(value, list):
        return _wrong(asked, say("附件的列表"), value)
    kept = []
    read = _photo if asked.type is FieldType.PHOTOS else _file
    for one in value:
        file, problem = read(asked, one)
        if problem is not None:
            return None, problem
        kept.append(file)
    return counted(asked, kept)


def _list(asked: Field, value: Any, zone: tzinfo | None) -> Outcome:
    if not isinstance(value, list):
        return _wrong(asked, say("列表"), value)
    if not asked.columns:
        return _names(asked, value)
    kept = []
    for number, row in enumerate(value, 1):
        if not isinstance(row, Mapping):
            return None, say("“{title}”第 {row} 行应为“栏：值”", title=asked.title, row=number)
        unknown = sorted(set(row) - {column.name for column in asked.columns})
        if unknown:
            return None, say(
                "“{title}”第 {row} 行没有这些栏：{names}", title=asked.title, row=number, names=unknown
            )
        out: dict[str, Any] = {}
        for column in asked.columns:
            cell = row.get(column.name)
            if cell is None or cell == "" or cell == []:
                if column.required:
                    return None, say(
                        "“{title}”第 {row} 行须填“{column}”",
                        title=asked.title,
                        row=number,
                        column=column.title,
                    )
                continue
            out[column.name], problem = read_value(column, cell, zone)
            if problem is not None:
                return None, say(
                    "“{title}”第 {row} 行：{problem}", title=asked.title, row=number, problem=problem
                )
        kept.append(out)
    return counted(asked, kept)


def _note(asked: Field, _value: Any) -> Outcome:
    return None, say("“{title}”是说明文字，不应填写", title=asked.title)


def counted(asked: Field, values: list[Any]) -> Outcome:
    """Return `values`, and what is wrong where they are too few or too many."""
    if asked.least is not None and len(values) < asked.least:
        return None, say(
            "“{title}”至少 {least} 项，实为 {seen} 项", title=asked.title, least=asked.least, seen=len(values)
        )
    if asked.most is not None and len(values) > asked.most:
        return None, say(
            "“{title}”至多 {most} 项，实为 {seen} 项", title=asked.title, most=asked.most, seen=len(values)
        )
    return values, None


_READERS: Mapping[FieldType, Callable[[Field, Any], Outcome]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.RATIO: _ratio,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.PERSON: _name,
    FieldType.PERSONS: _names,
    FieldType.OBJECT: _name,
    FieldType.FILE: _file,
    FieldType.FILES: _files,
    FieldType.MONEY: _money,
    FieldType.TIME: _time,
    FieldType.YES_NO_NA: _yes_no_na,
    FieldType.PLACE: _place,
    FieldType.PHOTO: _photo,
    FieldType.PHOTOS: _files,
    FieldType.SIGNATURE: _photo,
    FieldType.NOTE: _note,
}
