"""Which values can meaningfully be compared, added or handed to a function."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from engine.definition.typecheck import Checker
from engine.definition.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    EXACT,
    NUMBER,
    TEXT,
    TIME,
    Type,
    ValueKind,
    coded,
    list_of,
    record,
)
from engine.definition.units import DAYS, MINUTES, PLAIN, RATIO, Unit, unit_of
from engine.lifecycle.expressions.expression import ExpressionNode, ListOf, Literal, Name

PLACE = Name(("form", "x"))
CODES = coded({"onsite": "现场", "written": "书面"})
ROWS = list_of(record({"what": TEXT, "due": DATE, "amount": EXACT}))


class Reports:
    """A checker and what it has reported."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str, str]] = []
        self.checker = Checker(
            lambda rule, message, hint, near: self.found.append((rule, str(message), str(hint or ""), near))
        )

    def compare(
        self, a: Type, op: str, b: Type, left: ExpressionNode = PLACE, right: ExpressionNode = PLACE
    ) -> tuple[ExpressionNode, ExpressionNode]:
        return self.checker.compare(left, a, op, right, b)


@pytest.mark.parametrize(
    ("a", "op", "b"),
    [
        (NUMBER, "<", EXACT),
        (TEXT, "==", TEXT),
        (DATE, ">=", DATE),
        (BOOLEAN, "!=", BOOLEAN),
        (ROWS, "==", ROWS),
        (ANY, "<", BOOLEAN),
        (TEXT, "in", list_of(TEXT)),
        (TEXT, "not in", TEXT),
        (ANY, "in", TEXT),
        (NUMBER, "in", ANY),
    ],
)
def test_what_may_be_compared(a: Type, op: str, b: Type) -> None:
    reports = Reports()
    assert reports.compare(a, op, b) == (PLACE, PLACE)
    assert reports.found == []


@pytest.mark.parametrize(
    ("a", "op", "b", "message", "hint"),
    [
        (BOOLEAN, "<", BOOLEAN, "“是或否”没有大小先后", ""),
        (ROWS, ">", NUMBER, "列表没有大小先后", "要比数目请用 length(……)"),
        (DATE, "==", NUMBER, "不能拿日期与整数比较", "要比天数请用 days_between(前, 后)"),
        (DATE, "<", EXACT, "不能拿日期与数值比较", "要比天数请用 days_between(前, 后)"),
        (ROWS, "==", NUMBER, "不能拿列表与整数比较", "要比数目请用 length(……)"),
        (TEXT, "==", ROWS, "不能拿文字与列表比较", "判断是否在列表里请用 in"),
        (TEXT, "==", NUMBER, "不能拿文字与整数比较", "代码和编号是文字，请加引号"),
        (TEXT, "==", BOOLEAN, "不能拿文字与是或否比较", "是或否直接写 true、false，不加引号"),
        (DATE, "==", DATETIME, "不能拿日期与时刻比较", ""),
        (NUMBER, "in", TEXT, "文字里只能找文字", ""),
        (TEXT, "in", NUMBER, "“in”的右边应是列表，此处是整数", "如 form.method in ['onsite', 'written']"),
    ],
)
def test_what_may_not_be_compared(a: Type, op: str, b: Type, message: str, hint: str) -> None:
    reports = Reports()
    reports.compare(a, op, b)
    assert reports.found == [("type-mismatch", message, hint, "")]


@pytest.mark.parametrize(
    ("text", "value"),
    [("5%", Fraction(1, 20)), ("1234.50", Fraction(2469, 2)), ("1/3", Fraction(1, 3)), ("-2", Fraction(-2))],
)
def test_a_written_number_beside_an_exact_one_becomes_a_fraction(text: str, value: Fraction) -> None:
    reports = Reports()
    assert reports.compare(EXACT, "<", TEXT, right=Literal(text)) == (PLACE, Literal(value))
    assert reports.compare(TEXT, ">", EXACT, left=Literal(text)) == (Literal(value), PLACE)
    assert reports.found == []


def test_written_texts_are_checked_against_what_they_meet() -> None:
    reports = Reports()
    reports.compare(EXACT, "<", TEXT, right=Literal("much"))
    reports.compare(CODES, "==", TEXT, right=Literal("onsight"))
    reports.compare(TEXT, "!=", CODES, left=Literal("现场"))
    reports.compare(DATE, "<", TEXT, right=Literal("2026-2-30"))
    reports.compare(CODES, "==", TEXT, right=Literal("onsite"))
    reports.compare(DATE, "<", TEXT, right=Literal("2026-02-28"))
    reports.compare(DATETIME, "<", TEXT, right=Literal("2026-02-28"))
    assert reports.found == [
        ("type-mismatch", "“much”不是数值", "比例如 '5%'，小数如 '1234.50'", "much"),
        ("unknown-choice", "选项里没有代码“onsight”", reports.found[1][2], "onsight"),
        ("unknown-choice", "选项里没有代码“现场”", "“现场”的代码是 'onsite'", "现场"),
        ("type-mismatch", "“2026-2-30”不是日期", "日期如 '2024-04-20'", "2026-2-30"),
    ]
    assert "onsite" in reports.found[1][2]


def test_members_of_a_list_are_checked_one_by_one() -> None:
    reports = Reports()
    listed = ListOf((Literal("onsite"), Literal("flying"), Literal(5), Literal(None), PLACE))
    reports.compare(CODES, "in", list_of(ANY), right=listed)
    reports.compare(
        NUMBER, "in", list_of(ANY), right=ListOf((Literal(1), Literal(Fraction(1, 2)), Literal(True)))
    )
    reports.compare(TEXT, "in", list_of(NUMBER), left=Literal("a"))
    reports.compare(TEXT, "in", list_of(DATE), left=Literal("a"))
    assert [(rule, message, near) for rule, message, _, near in reports.found] == [
        ("unknown-choice", "选项里没有代码“flying”", "flying"),
        ("type-mismatch", "不能拿文字与整数比较", "5"),
        ("type-mismatch", "不能拿整数与是或否比较", "True"),
        ("type-mismatch", "不能拿整数与文字比较", "a"),
        ("type-mismatch", "“a”不是日期", "a"),
    ]


def test_sides_of_and_or_are_yes_or_no() -> None:
    reports = Reports()
    reports.checker.boolean(PLACE, BOOLEAN, "and")
    reports.checker.boolean(PLACE, ANY, "and")
    reports.checker.boolean(PLACE, NUMBER, "or")
    reports.checker.boolean(Literal("x"), TEXT, "not")
    assert [(rule, message, near) for rule, message, _, near in reports.found] == [
        ("guard-not-boolean", "“or”两边应是“是或否”，此处是整数", "form.x"),
        ("guard-not-boolean", "“not”两边应是“是或否”，此处是文字", ""),
    ]


def test_sums_are_of_numbers() -> None:
    reports = Reports()
    assert reports.checker.arithmetic("+", NUMBER, NUMBER) == NUMBER
    assert reports.checker.arithmetic("-", NUMBER, EXACT) == EXACT
    assert reports.checker.arithmetic("+", ANY, NUMBER) == NUMBER
    assert reports.found == []
    assert reports.checker.arithmetic("+", DATE, NUMBER) == ANY
    assert reports.checker.arithmetic("+", NUMBER, ROWS) == ANY
    assert reports.checker.arithmetic("+", TEXT, TEXT) == ANY
    assert [(message, hint) for _, message, hint, _ in reports.found] == [
        (
            "“+”两边应是数字，此处是日期",
            "加减用 add(日期, '7 working days')，相差天数用 days_between(前, 后)",
        ),
        ("“+”两边应是数字，此处是列表", "要比数目请用 length(……)"),
        ("“+”两边应是数字，此处是文字", ""),
    ]


@pytest.mark.parametrize(
    ("name", "parts", "types", "result"),
    [
        ("length", [PLACE], [ROWS], NUMBER),
        ("length", [PLACE], [TEXT], NUMBER),
        ("unique", [PLACE], [list_of(TEXT)], list_of(TEXT)),
        ("days_between", [PLACE, Literal("2026-01-01")], [DATETIME, TEXT], replace(NUMBER, unit=DAYS)),
        ("minutes_between", [PLACE, PLACE], [DATETIME, ANY], replace(NUMBER, unit=MINUTES)),
        ("days_after", [PLACE, PLACE], [DATE, NUMBER], DATE),
        ("within", [PLACE, PLACE], [ROWS, ANY], BOOLEAN),
        ("filled", [PLACE], [TEXT], BOOLEAN),
        ("unheard_of", [PLACE], [TEXT], ANY),
    ],
)
def test_the_result_of_a_function(
    name: str, parts: list[ExpressionNode], types: list[Type], result: Type
) -> None:
    reports = Reports()
    assert reports.checker.call(name, parts, types) == result
    assert reports.found == []


@pytest.mark.parametrize(
    ("name", "parts", "types", "rule", "message"),
    [
        ("length", [PLACE], [NUMBER], "type-mismatch", "函数 length 要列表，此处是整数"),
        ("unique", [PLACE], [TEXT], "type-mismatch", "函数 unique 要列表，此处是文字"),
        ("disjoint", [PLACE, PLACE], [ROWS, DATE], "type-mismatch", "函数 disjoint 要列表，此处是日期"),
        ("days_between", [PLACE, PLACE], [DATE, NUMBER], "type-mismatch", "函数 days_between 要日期，此处是整数"),
        ("days_between", [PLACE, Literal("x")], [DATE, TEXT], "type-mismatch", "“x”不是日期"),
        ("days_after", [PLACE, PLACE], [DATE, EXACT], "type-mismatch", "函数 days_after 要整数天数，此处是数值"),
    ],
)  # fmt: skip
def test_arguments_that_cannot_be(
    name: str, parts: list[ExpressionNode], types: list[Type], rule: str, message: str
) -> None:
    reports = Reports()
    reports.checker.call(name, parts, types)
    assert [found[:2] for found in reports.found] == [(rule, message)]


YUAN, PERSON = unit_of("元"), unit_of("人")


@pytest.mark.parametrize(
    ("op", "a", "b", "unit"),
    [
        ("+", YUAN, YUAN, YUAN),
        ("-", YUAN, None, YUAN),
        ("*", YUAN, RATIO, YUAN),
        ("*", unit_of("元/日"), DAYS, YUAN),
        ("*", PERSON, DAYS, unit_of("人·日")),
        ("/", YUAN, PERSON, unit_of("元/人")),
        ("/", YUAN, YUAN, RATIO),
        ("/", PLAIN, PLAIN, None),
    ],
)
def test_units_are_worked_out(op: str, a: Unit | None, b: Unit | None, unit: Unit | None) -> None:
    reports = Reports()
    found = reports.checker.arithmetic(op, replace(EXACT, unit=a), replace(NUMBER, unit=b))
    assert (found.kind, found.unit, found.unrounded, reports.found) == (EXACT.kind, unit, op == "/", [])


@pytest.mark.parametrize("op", ["+", "-", "<", "=="])
def test_two_units_are_not_added_or_compared(op: str) -> None:
    reports = Reports()
    a, b = replace(EXACT, unit=YUAN), replace(NUMBER, unit=PERSON)
    if op in "+-":
        reports.checker.arithmetic(op, a, b)
    else:
        reports.compare(a, op, b)
    assert [rule for rule, *_ in reports.found] == ["unit-mismatch"]
    assert reports.found[0][1].startswith("不能把“元”与“人”")


def test_functions_over_rows_have_the_type_of_what_they_give() -> None:
    reports = Reports()
    checker, yuan = reports.checker, replace(EXACT, unit=YUAN)
    assert checker.over_rows("count", PLACE, BOOLEAN) == NUMBER
    assert checker.over_rows("some", PLACE, ANY) == BOOLEAN
    assert checker.over_rows("sum", PLACE, yuan) == checker.over_rows("max", PLACE, yuan) == yuan
    assert checker.over_rows("collect", PLACE, DATE) == list_of(DATE)
    checker.rows("count", ROWS)
    assert reports.found == []
    checker.rows("count", TEXT)
    checker.over_rows("every", PLACE, TEXT)
    checker.over_rows("sum", PLACE, DATE)
    checker.over_rows("min", PLACE, ROWS)
    assert [rule for rule, *_ in reports.found] == [
        "type-mismatch",
        "guard-not-boolean",
        "type-mismatch",
        "type-mismatch",
    ]


def test_rounding_gives_a_number_that_may_be_kept() -> None:
    reports = Reports()
    quotient = replace(EXACT, unit=YUAN, unrounded=True)
    assert reports.checker.call("round", [PLACE, Literal(2)], [quotient, NUMBER]) == replace(EXACT, unit=YUAN)
    assert reports.checker.call("round_up", [PLACE], [quotient]) == replace(NUMBER, unit=YUAN)
    assert reports.found == []
    reports.checker.call("round", [PLACE], [TEXT])
    reports.checker.call("round", [PLACE, PLACE], [EXACT, NUMBER])
    reports.checker.call("round_down", [PLACE, Literal(10)], [EXACT, NUMBER])
    assert [rule for rule, *_ in reports.found] == ["type-mismatch"] * 3


def test_the_lesser_of_two_is_of_one_unit_or_of_two_days() -> None:
    reports = Reports()
    call, yuan = reports.checker.call, replace(EXACT, unit=YUAN)
    assert call("lesser", [PLACE, PLACE], [yuan, replace(NUMBER, unit=YUAN)]) == yuan
    assert call("greater", [PLACE, PLACE], [DATE, DATE]) == DATE
    assert call("lesser", [PLACE, PLACE], [NUMBER, ANY]) == ANY
    assert reports.found == []
    call("lesser", [PLACE, PLACE], [yuan, replace(NUMBER, unit=PERSON)])
    call("greater", [PLACE, PLACE], [NUMBER, BOOLEAN])
    call("greater", [PLACE, PLACE], [NUMBER, DATE])
    assert [rule for rule, *_ in reports.found] == ["unit-mismatch", "type-mismatch", "type-mismatch"]


def test_the_first_filled_of_two_is_of_one_unit_of_two_days_or_of_one_kind() -> None:
    reports = Reports()
    call, yuan = reports.checker.call, replace(EXACT, unit=YUAN)
    assert call("first_filled", [PLACE, PLACE], [yuan, replace(NUMBER, unit=YUAN)]) == yuan
    assert call("first_filled", [PLACE, PLACE, PLACE], [TEXT, TEXT, TEXT]) == TEXT
    assert call("first_filled", [PLACE, PLACE], [DATE, DATETIME]) == ANY
    assert reports.found == []
    call("first_filled", [PLACE, PLACE], [yuan, replace(NUMBER, unit=PERSON)])
    call("first_filled", [PLACE, PLACE, PLACE], [DATE, DATE, NUMBER])
    assert [rule for rule, *_ in reports.found] == ["unit-mismatch", "type-mismatch"]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("5%", Fraction(1, 20), RATIO),
        ("1/20", Fraction(1, 20), None),
        ("0.05%/日", Fraction(1, 2000), unit_of("1/日")),
        ("25/人/天", Fraction(25), unit_of("1/人/日")),
    ],
)
def test_a_number_written_as_text_is_a_factor(text: str, value: Fraction, unit: Unit | None) -> None:
    found = Reports().checker.written(Literal(text), TEXT)
    assert found == (Literal(value), Type(ValueKind.EXACT, unit=unit))


@pytest.mark.parametrize("text", ["五", "5%/", "5/日/", "/日", "2024-04-20", "5%/1"])
def test_another_text_is_no_number(text: str) -> None:
    assert Reports().checker.written(Literal(text), TEXT) == (Literal(text), TEXT)


def test_a_time_of_day_is_written_with_four_digits() -> None:
    reports = Reports()
    reports.compare(TIME, "<", TEXT, right=Literal("09:30"))
    reports.compare(TIME, "in", list_of(TEXT), right=ListOf((Literal("23:59"),)))
    assert reports.found == []
    reports.compare(TIME, "<", TEXT, right=Literal("9:30"))
    reports.compare(TIME, "in", list_of(TEXT), right=ListOf((Literal("24:00"),)))
    assert [rule for rule, *_ in reports.found] == ["type-mismatch"] * 2
