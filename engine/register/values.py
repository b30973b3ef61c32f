"""One reader per type of cell: from the text of a cell to the value that is kept, or to what was expected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from engine.kernel.clean_text import clean_code, explain_unseen, has_invisible, without_forms
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.register import uscc
from engine.register.cell_text import why_unfit_cell
from engine.register.columns import CellType, RegisterColumn, Words, fold
from engine.register.confusables import explain, explain_forms
from engine.register.unusual import confirmable


class ValueFault(NamedTuple):
    """What was expected, and how to mend it."""

    expected: Message
    hint: Message | None = None
    #: The rule about the world the value is unusual by, where a person may confirm it (see `engine.register.unusual`).
    rule: str | None = None


#: The value to keep and None; None and the fault; or, where it may be confirmed, the value that is kept then and the fault.
Outcome = tuple[Any, ValueFault | None]
Reader = Callable[[str], Outcome]

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_REGISTRATION_NUMBER = re.compile(r"\d{15}", re.ASCII)
_OLD_REGISTRATION_NUMBER = re.compile(r"\d{13}", re.ASCII)
# Letters and digits alone, and this long: meant as a credit code, whatever the header says.
_LIKE_CODE = re.compile(r"[A-Za-z0-9]{16,20}", re.ASCII)
_DATE = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?",
    re.ASCII,
)
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"[2-6]\d{4}(\.\d+)?", re.ASCII)
_INTEGER = re.compile(r"-?(\d{1,15}|\d{1,3}(,\d{3})+)", re.ASCII)
_RATIO = re.compile(r"\d{1,9}(\.\d{1,9})?%?|\d{1,9}/[1-9]\d{0,8}", re.ASCII)
_PHONE = re.compile(
    r"(\+?86-?)?1[3-9]\d{9}|(\+?86-?)?(0\d{2,3}-?)?[2-9]\d{6,7}((-|转|x)\d{1,6})?|[48]00-?\d{3}-?\d{4}|1\d{4}",
    re.ASCII,
)
# What may be a number of another country or network: digits, with signs between them, and an extension.
_NUMBER_OF_SOME_KIND = re.compile(r"\+?\d[\d\-./*#]{1,24}\d((转|x|ext)\d{1,6})?", re.ASCII | re.IGNORECASE)
_PHONES_APART = re.compile(r"[;；,，、/|\n]+")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)

_TYPED_AS_TEXT = say("请把该列设为“文本”格式后重新填写")


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a cell depends on besides the column."""

    words: Words
    #: List of the bureau -> code -> title; a list that is not here is not checked.
    codes: Mapping[str, Mapping[str, str]]
    #: The title the file gives the column.
    header: str


def reader_for(column: RegisterColumn, context: Context) -> Reader:
    """Return the reader of a column."""
    return _READERS[column.type](column, context)


def _object_id(column: RegisterColumn, context: Context) -> Reader:
    code_only = fold(context.header) in column.code_only_under

    def read(text: str) -> Outcome:
        digits = uscc.without_gaps(unicodedata.normalize("NFKC", text)) if not text.isascii() else text
        digits = digits if digits.isalnum() else uscc.without_gaps(digits)
        if uscc.is_citizen_number(digits):
            return _like_citizen_number(text) if len(digits) < uscc.LENGTH else (None, _citizen_number())
        if uscc.is_valid(text):
            return text, None
        meant_as_code = code_only or _LIKE_CODE.fullmatch(text) or uscc.is_scientific(text)
        if _REGISTRATION_NUMBER.fullmatch(text) or (not meant_as_code and _ID.fullmatch(text)):
            return text, None
        if meant_as_code or _LIKE_CODE.fullmatch("".join(text.split())):
            wrong = uscc.what_is_wrong(text)
            fault = ValueFault(
                say("应为 18 位统一社会信用代码（或 15 位注册号）：{wrong}", wrong=list(wrong)),
                rule=_unusual_code(text),
            )
            return (text if fault.rule else None), fault
        return None, _not_an_id(text)

    return read


def _unusual_code(text: str) -> str | None:
    """Return the rule by which a code that looks wrong may be right."""
    if uscc.only_check_digit_wrong(text):
        return confirmable("credit_code_check_digit")
    if _OLD_REGISTRATION_NUMBER.fullmatch(text):
        return confirmable("registration_number_length")
    return None


def _id(_column: RegisterColumn, _context: Context) -> Reader:
    def read(text: str) -> Outcome:
        if not _ID.fullmatch(text):
            return None, _not_an_id(text)
        if uscc.is_citizen_number(uscc.without_gaps(text), beside_firms=False):
            return None, _citizen_number()
        return text, None

    return read


def _citizen_number() -> ValueFault:
    return ValueFault(
        say("不应填个人身份证号码"),
        say("请删去，要编号的改用单位内部的编号；名录只收办事所需的信息（依据：个人信息保护法 第六条）"),
    )


def _like_citizen_number(text: str) -> Outcome:
    """Return what becomes of 15 digits that may be an old identity number, or a registration number with a slip."""
    fault = ValueFault(
        say("像是 15 位的旧身份证号码：第 7 至 12 位是出生日期，按注册号算校验码又不符"),
        say("不应填个人身份证号码；执照上的注册号确是如此的，可以确认（依据：个人信息保护法 第六条）"),
        confirmable("registration_number_check_digit"),
    )
    return (text if fault.rule else None), fault


def _not_an_id(text: str) -> ValueFault:
    expected = say("应为 1 至 64 个半角字母、数字、“_”或“-”组成的编号")
    if uscc.is_scientific(text):
        return ValueFault(
            expected, say("Excel 把编号当作数字，末几位已经丢失；请把该列设为“文本”格式后重新填写")
        )
    wrong = explain(text)
    return ValueFault(expected, say("{wrong}", wrong=list(wrong)) if wrong else None)


def _ids(column: RegisterColumn, context: Context) -> Reader:
    one = _object_id(column, context)

    def read(text: str) -> Outcome:
        return _each(one, _parts(text, context.words), lambda kept: sorted(set(kept)))

    return read


def _each(one: Reader, parts: list[str], together: Callable[[list[Any]], Any]) -> Outcome:
    """Return the values of several parts together, or the first fault; one that may be confirmed stands for all such."""
    kept = []
    unusual: ValueFault | None = None
    for part in parts:
        value, fault = one(part)
        if fault is not None:
            fault = ValueFault(
                say("其中“{part}”：{expected}", part=part, expected=fault.expected), fault.hint, fault.rule
            )
            if fault.rule is None:
                return None, fault
            unusual = unusual or fault
        kept.append(value)
    return together(kept), unusual


def _text(column: RegisterColumn, _context: Context) -> Reader:
    def read(text: str) -> Outcome:
        if len(text) >= uscc.LENGTH and uscc.holds_citizen_number(text):
            return None, _citizen_number()
        if not text.isprintable() or has_invisible(text):
            return _judged(column, " ".join(text.split()))
        return _bounded_text(column, text)

    return read


def _long_text(column: RegisterColumn, _context: Context) -> Reader:
    def read(text: str) -> Outcome:
        if len(text) >= uscc.LENGTH and uscc.holds_citizen_number(text):
            return None, _citizen_number()
        if not text.isprintable() or has_invisible(text):
            lines = (" ".join(line.split()) for line in text.splitlines())
            return _judged(column, "\n".join(line for line in lines if line))
        return _bounded_text(column, text)

    return read


def _judged(column: RegisterColumn, text: str) -> Outcome:
    """Return a text in which there may be what nobody sees: refused, but for forms of letters, which may be meant."""
    if has_invisible(without_forms(text)):
        unseen = list(explain_unseen(text))
        return None, ValueFault(say("文字中有看不见的字符"), say("{wrong}", wrong=unseen))
    kept, fault = _bounded_text(column, text)
    if fault is None and has_invisible(text):
        hint = say("{wrong}；不是有意这样写的，请删去", wrong=list(explain_forms(text)))
        fault = ValueFault(say("文字中有看不见的异体字选择符"), hint, confirmable("variation_selector"))
    return kept, fault


def _bounded_text(column: RegisterColumn, text: str) -> Outcome:
    if (unfit := why_unfit_cell(column, text)) is not None:
        return None, ValueFault(*unfit)
    return text if text.isascii() else unicodedata.normalize("NFC", text), None


def _printable(column: RegisterColumn, _context: Context) -> Reader:
    def read(text: str) -> Outcome:
        if uscc.is_scientific(text):
            return None, ValueFault(say("Excel 把证号当作数字，末几位已经丢失"), _TYPED_AS_TEXT)
        if uscc.is_citizen_number(uscc.without_gaps(text)):
            fault = ValueFault(
                say("像是个人身份证号码"),
                say(
                    "不应填个人身份证号码；证件上印的编号确是如此的（如特种设备作业人员证），可以确认（依据：个人信息保护法 第六条）"
                ),
                confirmable("certificate_like_citizen_number"),
            )
            return _bounded_text(column, text)[0] if fault.rule else None, fault
        if wrong := explain(text):
            return None, ValueFault(
                say("证号中有看上去一样、其实不同的字符"), say("{wrong}", wrong=list(wrong))
            )
        return _bounded_text(column, text)

    return read


def _date(column: RegisterColumn, context: Context) -> Reader:
    words = context.words

    def read(text: str) -> Outcome:
        seen = text if text.isascii() else unicodedata.normalize("NFKC", text)
        if found := _DATE.fullmatch(seen):
            year, _, month, day, month_cn, day_cn = found.groups()
            parts = (int(year), int(month or month_cn), int(day or day_cn))
        elif found := _DATE_DIGITS.fullmatch(seen):
            parts = (int(found[1]), int(found[2]), int(found[3]))
        elif fold(text) in words.open_ended:
            return None, None
        else:
            expected = say("应为日期，如 2024-04-20、2024/4/20、2024年4月20日 或 20240420")
            if _SERIAL.fullmatch(seen):
                return None, ValueFault(
                    expected, say("这像是 Excel 内部的日期序号；请把该列设为“日期”格式后再存")
                )
            return None, ValueFault(expected, None)
        try:
            day = date(*parts).isoformat()
        except ValueError:
            return None, ValueFault(say("没有这一天"), say("月份为 1 至 12，日不超过当月的天数"))
        if (column.least or 0) <= parts[0] <= (column.most or 9999):
            return day, None
        expected = say("年份一般在 {least} 至 {most} 之间", least=column.least or 1, most=column.most or 9999)
        rule = confirmable("unlikely_year")
        return (day if rule else None), ValueFault(expected, say("请核对原件"), rule)

    return read


def _integer(column: RegisterColumn, _context: Context) -> Reader:
    def read(text: str) -> Outcome:
        seen = text if text.isascii() else unicodedata.normalize("NFKC", text)
        if not _INTEGER.fullmatch(seen):
            return None, ValueFault(say("应为整数"), say("只写数字，不写单位"))
        number = int(seen.replace(",", ""))
        if column.least is not None and number < column.least:
            return None, ValueFault(say("不得少于 {least}", least=column.least), None)
        if column.most is not None and number > column.most:
            return None, ValueFault(say("不得多于 {most}", most=column.most), None)
        return number, None

    return read


def _ratio(_column: RegisterColumn, _context: Context) -> Reader:
    def read(text: str) -> Outcome:
        seen = "".join(unicodedata.normalize("NFKC", text).split())
        if not _RATIO.fullmatch(seen):
            return None, ValueFault(
                say("应为比例，如 5%、1/20 或 0.05"),
                say("只写比例本身，“不低于”“每年”等写在频次一列"),
            )
        exact = Fraction(seen[:-1]) / 100 if seen.endswith("%") else Fraction(seen)
        if exact > 1:
            rule = confirmable("ratio_above_whole")
            return (seen if rule else None), ValueFault(
                say("比例不应超过 100%"), say("百分之五写作 5%"), rule
            )
        return seen, None

    return read


def _phone(column: RegisterColumn, _context: Context) -> Reader:
    def read(text: str) -> Outcome:
        if len(text) >= uscc.LENGTH and uscc.holds_citizen_number(text):
            return None, _citizen_number()
        if uscc.is_scientific(text):
            return None, ValueFault(say("Excel 把号码当作数字，已经看不出原样"), _TYPED_AS_TEXT)
        kept = []
        unusual: ValueFault | None = None
        for part in _PHONES_APART.split(text):
            seen = "".join(clean_code(part).split()).replace("(", "").replace(")", "-")
            if not _PHONE.fullmatch(seen):
                rule = confirmable("phone_shape") if _NUMBER_OF_SOME_KIND.fullmatch(seen) else None
                fault = ValueFault(
                    say("应为电话号码，如 0311-86000000 或 11 位手机号"),
                    say("几个号码之间用“；”隔开；姓名写在联络员一列"),
                    rule,
                )
                if rule is None:
                    return None, fault
                unusual = unusual or fault
            kept.append(seen)
        kept_text, fault_text = _bounded_text(column, "；".join(dict.fromkeys(kept)))
        return kept_text, fault_text or unusual

    return read


def _email(column: RegisterColumn, _context: Context) -> Reader:
    def read(text: str) -> Outcome:
        if len(text) >= uscc.LENGTH and uscc.holds_citizen_number(text):
            return None, _citizen_number()
        if not _EMAIL.fullmatch(text):
            wrong = explain(text)
            return None, ValueFault(
                say("应为电子邮箱，如 name@example.cn"),
                say("{wrong}", wrong=list(wrong)) if wrong else None,
            )
        return _bounded_text(column, text)

    return read


def _boolean(_column: RegisterColumn, context: Context) -> Reader:
    def read(text: str) -> Outcome:
        seen = fold(text)
        if seen in context.words.yes:
            return True, None
        if seen in context.words.no:
            return False, None
        return None, ValueFault(say("应为“是”或“否”"), None)

    return read


def _choice(column: RegisterColumn, _context: Context) -> Reader:
    known = {fold(word): code for code, words in column.choices.items() for word in (code, *words)}
    shown = [words[0] for words in column.choices.values() if words]
    outcomes: dict[str, Outcome] = {}

    def read(text: str) -> Outcome:
        outcome = outcomes.get(text)
        if outcome is None:
            code = known.get(fold(text))
            if code is not None:
                outcome = (code, None)
            else:
                hint = did_you_mean(text, [word for words in column.choices.values() for word in words])
                expected = say("应为下列之一：{options}", options=shown)
                outcome = (None, ValueFault(expected, hint if hint and "？" in hint.text else None))
            if len(outcomes) < 1000:
                outcomes[text] = outcome
        return outcome

    return read


def _code(column: RegisterColumn, context: Context) -> Reader:
    titles = context.codes.get(column.codes or "")
    if titles is None:
        return _text(column, context)
    return _choice(_with_choices(column, {code: (title,) for code, title in titles.items()}), context)


def _with_choices(column: RegisterColumn, choices: Mapping[str, tuple[str, ...]]) -> RegisterColumn:
    return RegisterColumn(id=column.id, title=column.title, type=column.type, choices=choices)


def _several(
    single: Callable[[RegisterColumn, Context], Reader],
) -> Callable[[RegisterColumn, Context], Reader]:
    def make(column: RegisterColumn, context: Context) -> Reader:
        one = single(column, context)

        def read(text: str) -> Outcome:
            return _each(one, _parts(text, context.words), lambda kept: list(dict.fromkeys(kept)))

        return read

    return make


def _parts(text: str, words: Words) -> list[str]:
    for separator in words.separators[1:]:
        text = text.replace(separator, words.separators[0])
    return [part for piece in text.split(words.separators[0]) if (part := piece.strip())]


_READERS: Mapping[CellType, Callable[[RegisterColumn, Context], Reader]] = {
    CellType.OBJECT_ID: _object_id,
    CellType.ID: _id,
    CellType.IDS: _ids,
    CellType.TEXT: _text,
    CellType.LONG_TEXT: _long_text,
    CellType.PRINTABLE: _printable,
    CellType.DATE: _date,
    CellType.INTEGER: _integer,
    CellType.RATIO: _ratio,
    CellType.PHONE: _phone,
    CellType.EMAIL: _email,
    CellType.BOOLEAN: _boolean,
    CellType.CHOICE: _choice,
    CellType.CHOICES: _several(_choice),
    CellType.LIST: _several(_text),
    CellType.CODE: _code,
    CellType.CODES: _several(_code),
}
