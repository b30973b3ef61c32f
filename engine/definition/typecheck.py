"""Which values can meaningfully be compared, added or handed to a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from engine.definition.expression_errors import comparison_hint
from engine.definition.types import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    Type,
    ValueKind,
    exact_number,
    kind_name,
    list_of,
    one_of,
    places_after,
    type_of_literal,
    written_number,
)
from engine.definition.units import DAYS, MINUTES, RATIO, added, divided, multiplied, unit_of
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.lifecycle.expressions.dates import DATE_FUNCTIONS, days_of
from engine.lifecycle.expressions.expression import Call, ExpressionNode, ListOf, Literal, Name
from engine.lifecycle.expressions.functions import BOOLEAN_FUNCTIONS, MAX_PLACES
from engine.worktime.periods import Period

#: rule, message, hint, a piece of the expression near the fault ("" for all of it).
Report = Callable[[str, Message, "Message | None", str], None]

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
#: A written number that says what it is for each of: ``'0.05%/日'``, ``'25/人'``, ``'1.25元/平方米'``.
_EACH = re.compile(r"(?P<number>-?\d{1,18}(\.\d{1,9})?%?)(?P<each>((?<!%)[^\W\d]{1,8})?(/[^\W\d]{1,8}){1,3})")
_RATIO = re.compile(r"-?\d{1,18}(\.\d{1,30})?%?|\d{1,9}/[1-9]\d{0,8}")

#: Function -> the type of its result, of those whose result is always the same.
_RESULTS = {
    "length": NUMBER,
    "days_between": Type(ValueKind.NUMBER, unit=DAYS),
    "minutes_between": Type(ValueKind.NUMBER, unit=MINUTES),
    "days_after": DATE,
}


class Checker:
    """Checks the types that meet in one expression and reports what cannot be meant."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def compare(
        self, left: ExpressionNode, a: Type, op: str, right: ExpressionNode, b: Type
    ) -> tuple[ExpressionNode, ExpressionNode]:
        """Check ``left op right``; return both sides, a written ratio turned into a fraction."""
        if op in ("in", "not in"):
            self._membership(left, a, right, b)
            return left, right
        left, a = self._as_code(*self._as_exact(left, a, b), b)
        right, b = self._as_code(*self._as_exact(right, b, a), a)
        self._without_percent(left, right, b)
        self._without_percent(right, left, a)
        if a.vague or b.vague:
            return left, right
        for value, other, found in ((left, b, a), (right, a, b)):
            if isinstance(value, Literal) and isinstance(value.value, str):
                self._literal(value.value, other, found)
        if op not in ("==", "!=") and ValueKind.BOOLEAN in (a.kind, b.kind):
            self._report("type-mismatch", say("“是或否”没有大小先后"), None, "")
        elif op not in ("==", "!=") and (
            ValueKind.LIST in (a.kind, b.kind) or ValueKind.RECORD in (a.kind, b.kind)
        ):
            self._report("type-mismatch", say("列表没有大小先后"), say("要比数目请用 length(……)"), "")
        elif not _comparable(left, a, right, b):
            self._report(
                "type-mismatch",
                say("不能拿{left}与{right}比较", left=kind_name(a.kind), right=kind_name(b.kind)),
                comparison_hint(a, b),
                "",
            )
        elif a.number and b.number and not added(a.unit, b.unit)[1]:
            self._units(say("比较"), a, b)
        return left, right

    def boolean(self, part: ExpressionNode, found: Type, op: str) -> None:
        """Check one side of ``and``, ``or`` or ``not``."""
        if found.kind in (ValueKind.BOOLEAN, ValueKind.ANY):
            return
        near = ".".join(part.path) if isinstance(part, Name) else ""
        self._report(
            "guard-not-boolean",
            say("“{op}”两边应是“是或否”，此处是{kind}", op=op, kind=kind_name(found.kind)),
            say("请写明比较，或用 filled(……) 判断是否已填"),
            near,
        )

    def arithmetic(self, op: str, a: Type, b: Type) -> Type:
        """Check ``left op right`` for one of ``+ - * /`` and return its type, with its unit."""
        for found in (a, b):
            if found.vague or found.number:
                continue
            hint = None
            if found.kind in (ValueKind.DATE, ValueKind.DATETIME):
                hint = say("加减用 add(日期, '7 working days')，相差天数用 days_between(前, 后)")
            elif found.kind is ValueKind.LIST:
                hint = say("要比数目请用 length(……)")
            self._report(
                "type-mismatch",
                say("“{op}”两边应是数字，此处是{kind}", op=op, kind=kind_name(found.kind)),
                hint,
                "",
            )
            return ANY
        if op in "+-":
            unit, fits = added(a.unit, b.unit)
            if not fits:
                self._units(say("相加减"), a, b)
        else:
            unit = multiplied(a.unit, b.unit) if op == "*" else divided(a.unit, b.unit)
        exact = op == "/" or ValueKind.EXACT in (a.kind, b.kind)
        return Type(
            ValueKind.EXACT if exact else ValueKind.NUMBER,
            unit=unit,
            unrounded=op == "/" or a.unrounded or b.unrounded,
            places=places_after(op, a, b),
        )

    def written(self, part: ExpressionNode, found: Type) -> tuple[ExpressionNode, Type]:
        """Return a number written as text, a factor or a term such as ``'5%'`` or ``'0.05%/日'``, as the number it is."""
        if not isinstance(part, Literal) or not isinstance(part.value, str):
            return part, found
        if _RATIO.fullmatch(part.value):
            return written_number(part.value)
        rate = _EACH.fullmatch(part.value)
        if rate is None:
            return part, found
        number, found = written_number(rate["number"])
        return number, replace(found, unit=unit_of(rate["each"]))

    def _units(self, done: Message, a: Type, b: Type) -> None:
        """Note that two numbers of different units meet."""
        if a.unit is None or b.unit is None:
            return
        self._report(
            "unit-mismatch",
            say("不能把{left}与{right}{done}", left=a.unit.spelled(), right=b.unit.spelled(), done=done),
            say("单位不同的数要先换算（用 * 或 /），或在字段的 unit（单位量）里写明"),
            "",
        )

    def rows(self, name: str, found: Type) -> None:
        """Check the first argument of a function over rows."""
        if found.kind not in (ValueKind.ANY, ValueKind.LIST):
            self._wanted(name, say("列表"), found)

    def over_rows(self, name: str, of: ExpressionNode, found: Type) -> Type:
        """Check what a function over rows asks of each row, and return the type of its result."""
        if name in ("count", "every", "some"):
            self.boolean(of, found, name)
            return NUMBER if name == "count" else BOOLEAN
        if name == "collect":
            return list_of(found)
        if name == "sum" and not (found.vague or found.number):
            self._wanted(name, say("数字"), found)
            return ANY
        if name in ("min", "max") and found.kind in (ValueKind.BOOLEAN, ValueKind.LIST, ValueKind.RECORD):
            self._wanted(name, say("能比大小先后的值"), found)
            return ANY
        return found

    def call(self, name: str, parts: Sequence[ExpressionNode], types: Sequence[Type]) -> Type:
        """Check the arguments of a function and return the type of its result."""
        if name in ("length", "unique", "within", "disjoint", "same_members"):
            lists = types[:1] if name in ("length", "unique") else types
            for found in lists:
                if found.kind not in (ValueKind.ANY, ValueKind.LIST) and not (
                    name == "length" and found.kind is ValueKind.TEXT
                ):
                    self._wanted(name, say("列表"), found)
        if name in ("days_between", "days_after", "minutes_between"):
            self._dates(name, parts, types)
        if name in ("lesser", "greater"):
            return self._of_two(name, parts, types)
        if name == "first_filled":
            return self._first_filled(types)
        if name in DATE_FUNCTIONS:
            return date_call(self._report, name, parts, types, self._dates_of)
        if name in _RESULTS:
            return _RESULTS[name]
        if name == "unique":
            return types[0]
        if name in ("round", "round_up", "round_down"):
            return self._rounded(name, parts, types)
        return BOOLEAN if name in BOOLEAN_FUNCTIONS else ANY

    def _of_two(self, name: str, parts: Sequence[ExpressionNode], types: Sequence[Type]) -> Type:
        """Check two values of which the lesser or the greater is taken; both are numbers of one unit, or days."""
        a, b = types
        if a.vague or b.vague:
            return ANY
        for found in (a, b):
            if not found.number and found.kind not in (ValueKind.DATE, ValueKind.DATETIME):
                self._wanted(name, say("数字或日期"), found)
                return ANY
        self.compare(parts[0], a, "<", parts[1], b)
        if not (a.number and b.number):
            return a
        exact = ValueKind.EXACT in (a.kind, b.kind)
        kind = ValueKind.EXACT if exact else ValueKind.NUMBER
        return one_of(kind, added(a.unit, b.unit)[0], a, b)

    def _first_filled(self, types: Sequence[Type]) -> Type:
        """Check the values of which the first filled one is taken: all are days, numbers of one unit, or of one kind."""
        found = types[0]
        for other in types[1:]:
            found = self._either(found, other)
        return found

    def _either(self, a: Type, b: Type) -> Type:
        """Return the type of a value that is one of two."""
        if a.vague or b.vague:
            return ANY
        if a.number and b.number:
            unit, fits = added(a.unit, b.unit)
            if not fits:
                self._units(say("当作同一个数取用"), a, b)
            kind = a.kind if a.kind is b.kind else ValueKind.EXACT
            return one_of(kind, unit, a, b)
        days = (ValueKind.DATE, ValueKind.DATETIME)
        if a.kind is not b.kind and not (a.kind in days and b.kind in days):
            self._report(
                "type-mismatch",
                say("不能取{left}与{right}中先填的一个", left=kind_name(a.kind), right=kind_name(b.kind)),
                None,
                "first_filled",
            )
        return a if a.kind is b.kind else ANY

    def _wanted(self, name: str, wanted: Message, found: Type) -> None:
        self._report(
            "type-mismatch",
            say("函数 {name} 要{wanted}，此处是{kind}", name=name, wanted=wanted, kind=kind_name(found.kind)),
            None,
            name,
        )

    def _dates(self, name: str, parts: Sequence[ExpressionNode], types: Sequence[Type]) -> None:
        if name == "minutes_between":
            for found in types:
                if found.kind not in (ValueKind.ANY, ValueKind.DATETIME):
                    self._wanted(name, say("时刻"), found)
            return
        dated = zip(parts, types, strict=True) if name == "days_between" else [(parts[0], types[0])]
        self._dates_of(name, dated)
        if name == "days_after" and types[1].kind not in (ValueKind.ANY, ValueKind.NUMBER):
            self._wanted(name, say("整数天数"), types[1])

    def _dates_of(self, name: str, dated: Iterable[tuple[ExpressionNode, Type]]) -> None:
        for part, found in dated:
            if isinstance(part, Literal) and isinstance(part.value, str):
                self._literal(part.value, DATE, TEXT)
            elif found.kind not in (ValueKind.ANY, ValueKind.DATE, ValueKind.DATETIME):
                self._wanted(name, say("日期"), found)

    def _rounded(self, name: str, parts: Sequence[ExpressionNode], types: Sequence[Type]) -> Type:
        found = types[0]
        if not (found.vague or found.number):
            self._wanted(name, say("数字"), found)
            return ANY
        places = parts[1] if len(parts) > 1 else Literal(0)
        if (
            not isinstance(places, Literal)
            or not isinstance(places.value, int)
            or not 0 <= places.value <= MAX_PLACES
        ):
            message = say("{name} 的第二个参数是小数位数，0 至 {most}", name=name, most=MAX_PLACES)
            self._report("type-mismatch", message, None, name)
            return ANY
        kind = ValueKind.EXACT if places.value else ValueKind.NUMBER
        return Type(kind, unit=found.unit, places=places.value)

    def _membership(self, left: ExpressionNode, a: Type, right: ExpressionNode, b: Type) -> None:
        if b.vague:
            return
        if b.kind is ValueKind.TEXT:
            if a.kind not in (ValueKind.TEXT, ValueKind.ANY):
                self._report("type-mismatch", say("文字里只能找文字"), None, "")
            return
        if b.kind is not ValueKind.LIST:
            self._report(
                "type-mismatch",
                say("“in”的右边应是列表，此处是{kind}", kind=kind_name(b.kind)),
                say("如 form.method in ['onsite', 'written']"),
                "",
            )
            return
        if isinstance(right, ListOf):
            for item in right.items:
                if isinstance(item, Literal):
                    self._element(item, a)
        elif isinstance(left, Literal) and b.item is not None:
            self._element(left, b.item)

    def _element(self, literal: Literal, other: Type) -> None:
        if other.vague or literal.value is None:
            return
        if isinstance(literal.value, str):
            self._literal(literal.value, other, TEXT)
            if other.kind in (ValueKind.TEXT, ValueKind.DATE, ValueKind.DATETIME):
                return
        found = type_of_literal(literal.value)
        if found.kind is not other.kind and not (found.number and other.number):
            self._report(
                "type-mismatch",
                say("不能拿{left}与{right}比较", left=kind_name(other.kind), right=kind_name(found.kind)),
                comparison_hint(other, found),
                str(literal.value),
            )

    def _as_code(self, part: ExpressionNode, own: Type, other: Type) -> tuple[ExpressionNode, Type]:
        """A code of digits is a text even where it is written as a number."""
        if own.kind is ValueKind.NUMBER and isinstance(part, Literal) and other.choices is not None:
            return Literal(str(part.value)), TEXT
        return part, own

    def _as_exact(self, part: ExpressionNode, own: Type, other: Type) -> tuple[ExpressionNode, Type]:
        if other.kind is ValueKind.EXACT and isinstance(part, Literal) and isinstance(part.value, str):
            text = part.value
            if not _RATIO.fullmatch(text):
                self._report(
                    "type-mismatch",
                    say("“{text}”不是数值", text=text),
                    say("比例如 '5%'，小数如 '1234.50'"),
                    text,
                )
                return part, ANY
            value = exact_number(text)
            if value > 1 and other.unit == RATIO and not text.endswith("%"):
                self._report(
                    "ratio-without-percent",
                    say("与比例比较的“{text}”是 {text}00%", text=text),
                    say("写法如 '{text}%'", text=text),
                    text,
                )
            return written_number(text)
        return part, own

    def _without_percent(self, part: ExpressionNode, other: ExpressionNode, found: Type) -> None:
        """Note a number above one that a ratio is compared with as it stands; a product may be in hundredths."""
        value = part.value if isinstance(part, Literal) else None
        if found.unit == RATIO and isinstance(other, Name) and type(value) is int and value > 1:
            self._report(
                "ratio-without-percent",
                say("与比例比较的“{text}”是 {text}00%", text=str(value)),
                say("写法如 '{text}%'", text=str(value)),
                str(value),
            )

    def _literal(self, text: str, other: Type, own: Type) -> None:
        """Check a written text against what it is compared with."""
        if own.kind is not ValueKind.TEXT:
            return
        if other.kind is ValueKind.TEXT and other.choices is not None and text not in other.choices:
            by_text = next((code for code, shown in other.choices.items() if shown == text), None)
            hint = (
                say("“{text}”的代码是 '{code}'", text=text, code=by_text)
                if by_text is not None
                else did_you_mean(text, other.choices)
            )
            self._report("unknown-choice", say("选项里没有代码“{code}”", code=text), hint, text)
        elif other.time and not _TIME.fullmatch(text):
            self._report(
                "type-mismatch",
                say("“{text}”不是时间", text=text),
                say("时间写四位数字，如 '{example}'", example="09:30"),
                text,
            )
        elif other.kind is ValueKind.DATE and not _is_date(text):
            self._report(
                "type-mismatch", say("“{text}”不是日期", text=text), say("日期如 '2024-04-20'"), text
            )


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _comparable(left: ExpressionNode, a: Type, right: ExpressionNode, b: Type) -> bool:
    if a.kind is b.kind or (a.number and b.number):
        return True
    texts = [
        other.kind for part, other in ((left, b), (right, a)) if isinstance(part, Literal) and _is_text(part)
    ]
    # A written text next to a date or an instant is checked on its own.
    return any(kind in (ValueKind.DATE, ValueKind.DATETIME) for kind in texts)


def _is_text(part: Literal) -> bool:
    return isinstance(part.value, str)


def date_call(
    report: Report,
    name: str,
    parts: Sequence[ExpressionNode],
    types: Sequence[Type],
    check_dates: Callable[[str, Iterable[tuple[ExpressionNode, Type]]], None],
) -> Type:
    """Check a call of a function that counts on the calendar, and return the type of its result.

    A sum of months over a sum of months would bring the day back into its month twice, and come to another day than one sum: it
    is refused before it runs (after CatalaLang/dates-calc).
    """
    if name == "working_days_between":
        check_dates(name, zip(parts, types, strict=True))
        return NUMBER
    check_dates(name, [(parts[0], types[0])])
    if len(parts) > 2:
        _count_of(report, name, types[1])
    period = _added(parts)
    if period is None and len(parts) > 2:
        seen = parts[2].value if isinstance(parts[2], Literal) else "…"
        report(
            "type-mismatch",
            say("add 的第三个参数是加引号的日、工作日、月或年，实为“{seen}”", seen=seen),
            say("如 add({example})", example="form.received_on, form.term, 'working days'"),
            str(seen),
        )
    elif period is None:
        seen = parts[1].value if isinstance(parts[1], Literal) else "…"
        report(
            "type-mismatch",
            say("add 的第二个参数是加引号的一段时间，实为“{seen}”", seen=seen),
            say("如 add({example})", example="today, '7 working days'"),
            str(seen),
        )
    elif period.unit.in_months and _adds_months(parts[0]):
        report(
            "ambiguous-date-sum",
            say("连着两次加月或年：每次都会退到月末，与一次加足的结果可能不同"),
            say("请写成一次，如 add({example})", example="today, '2 months'"),
            "add",
        )
    return DATE


def _period(part: ExpressionNode) -> Period | None:
    if not isinstance(part, Literal) or not isinstance(part.value, str):
        return None
    return days_of(part.value.removeprefix("-").strip())


def _added(parts: Sequence[ExpressionNode]) -> Period | None:
    """Return the period a call of ``add`` adds; where the number of its units is an answer, one of them."""
    if len(parts) < 3:
        return _period(parts[1])
    unit = parts[2]
    return days_of(f"1 {unit.value}") if isinstance(unit, Literal) and isinstance(unit.value, str) else None


def _count_of(report: Report, name: str, found: Type) -> None:
    """Check how many units ``add`` adds."""
    if not (found.vague or (found.kind is ValueKind.NUMBER and not found.unrounded)):
        report(
            "type-mismatch",
            say(
                "函数 {name} 要{wanted}，此处是{kind}",
                name=name,
                wanted=say("整数"),
                kind=kind_name(found.kind),
            ),
            None,
            name,
        )


def _adds_months(part: ExpressionNode) -> bool:
    """Tell whether a part is a sum of months, whatever is added to it on the way."""
    if not isinstance(part, Call) or part.name != "add":
        return False
    period = _added(part.arguments)
    return (period is not None and period.unit.in_months) or _adds_months(part.arguments[0])
