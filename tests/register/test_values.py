"""One reader per type of cell: what is kept, and what is said of a cell that cannot stand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.columns import CellType, RegisterColumn
from engine.register.profile import words
from engine.register.values import Context, Outcome, reader_for

CODE = "1" + "0" * 16 + "Y"
CITIZEN = "11010519491231002X"
CHOICES = {"active": ("在岗", "有效"), "left": ("离岗",)}
LISTS = {"sections": {"market": "市场股", "wages": "工资股"}}


def read(kind: CellType, text: str, header: str = "列", **column: Any) -> Outcome:
    made = RegisterColumn(id="c", title="列", type=kind, **column)
    return reader_for(made, Context(words(), LISTS, header))(text)


def fault(kind: CellType, text: str, **column: Any) -> tuple[str, str]:
    value, wrong = read(kind, text, **column)
    assert wrong is not None
    # What may be confirmed comes with the value that is kept then.
    assert (value is None) is (wrong.rule is None)
    return str(wrong[0]), "" if wrong[1] is None else str(wrong[1])


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (CellType.OBJECT_ID, CODE, CODE),
        (CellType.OBJECT_ID, "130100000000001", "130100000000001"),
        (CellType.OBJECT_ID, "case-7", "case-7"),
        (CellType.ID, "insp_01", "insp_01"),
        (CellType.IDS, "case-9；case-1;case-9", ["case-1", "case-9"]),
        (CellType.TEXT, "甲\n 乙", "甲 乙"),
        (CellType.TEXT, "e\u0301", "é"),
        (CellType.LONG_TEXT, " 甲  乙 \n\n丙 ", "甲 乙\n丙"),
        (CellType.PRINTABLE, "示字第 01 号", "示字第 01 号"),
        (CellType.DATE, "２０２４年４月２０日", "2024-04-20"),
        (CellType.DATE, "长期", None),
        (CellType.INTEGER, "1,234", 1234),
        (CellType.INTEGER, "-5", -5),
        (CellType.RATIO, " 1 / 20", "1/20"),
        (CellType.RATIO, "５％", "5%"),
        (CellType.PHONE, "（0311）86000000；13900000000", "0311-86000000；13900000000"),
        (CellType.EMAIL, "name@example.cn", "name@example.cn"),
        (CellType.BOOLEAN, "是", True),
        (CellType.BOOLEAN, "否", False),
        (CellType.LIST, "工资、合同、工资", ["工资", "合同"]),
        (CellType.CODE, "anything", "anything"),
    ],
)
def test_what_is_kept(kind: CellType, text: str, kept: object) -> None:
    assert read(kind, text) == (kept, None)


@pytest.mark.parametrize(
    ("kind", "text", "expected", "hint"),
    [
        (CellType.ID, CITIZEN, "不应填个人身份证号码", "单位内部的编号"),
        (CellType.OBJECT_ID, CITIZEN, "不应填个人身份证号码", "个人信息保护法 第六条"),
        (CellType.ID, "甲１", "应为 1 至 64 个半角字母、数字", "第 2 位的“１”是全角字符"),
        (CellType.ID, "9.1E+17", "应为 1 至 64 个半角字母", "Excel 把编号当作数字"),
        (CellType.ID, "甲", "应为 1 至 64 个半角字母", ""),
        (CellType.OBJECT_ID, CODE[:-1] + "X", "应为 18 位统一社会信用代码（或 15 位注册号）：", ""),
        (CellType.OBJECT_ID, "1 " + CODE[1:-1] + "X", "应为 18 位统一社会信用代码", ""),
        (CellType.IDS, "case-1；甲", "其中“甲”：应为 1 至 64 个半角字母", ""),
        (CellType.TEXT, "甲\u200b", "文字中有看不见的字符", "第 2 位是看不见的字符（U+200B）"),
        (CellType.LONG_TEXT, "甲\n乙\u200b", "文字中有看不见的字符", "U+200B"),
        (CellType.TEXT, "示例\u034f甲", "文字中有看不见的字符", "第 3 位是看不见的字符（U+034F）"),
        (
            CellType.TEXT,
            "示例（甲\u2800）",
            "文字中有看不见的字符",
            "第 5 位是看不见的字符（U+2800），请删去",
        ),
        (CellType.TEXT, "\ufe0f示例", "文字中有看不见的字符", "第 1 位是看不见的字符（U+FE0F）"),
        (CellType.LONG_TEXT, "甲\n乙\u17b4", "文字中有看不见的字符", "第 4 位是看不见的字符（U+17B4）"),
        (CellType.LONG_TEXT, "甲\u3164乙", "文字中有看不见的字符", "U+3164"),
        (CellType.LIST, "甲；乙\u115f", "其中“乙\u115f”：文字中有看不见的字符", "U+115F"),
        (
            CellType.TEXT,
            "葛\U000e0100某",
            "文字中有看不见的异体字选择符",
            "第 2 位是异体字选择符（U+E0100），规定前面的“葛”用哪种写法",
        ),
        (
            CellType.PRINTABLE,
            "冀\ufe00A1",
            "证号中有看上去一样、其实不同的字符",
            "第 2 位是看不见的字符（U+FE00）",
        ),
        (CellType.PRINTABLE, "1.2E+16", "Excel 把证号当作数字，末几位已经丢失", "“文本”格式"),
        (CellType.PRINTABLE, "示В", "证号中有看上去一样、其实不同的字符", "西里尔字母"),
        (CellType.DATE, "2024-02-30", "没有这一天", "月份为 1 至 12"),
        (CellType.DATE, "45402", "应为日期，如 2024-04-20", "Excel 内部的日期序号"),
        (CellType.DATE, "2024-4/20", "应为日期", ""),
        (CellType.INTEGER, "12人", "应为整数", "只写数字，不写单位"),
        (CellType.INTEGER, "1,23", "应为整数", "只写数字"),
        (CellType.RATIO, "不低于5%", "应为比例，如 5%、1/20 或 0.05", "只写比例本身"),
        (CellType.RATIO, "1/0", "应为比例", ""),
        (CellType.RATIO, "5", "比例不应超过 100%", "百分之五写作 5%"),
        (CellType.PHONE, "1.39E+10", "Excel 把号码当作数字，已经看不出原样", "“文本”格式"),
        (CellType.PHONE, "王某 13900000000", "应为电话号码", "几个号码之间用“；”隔开"),
        (CellType.EMAIL, "name＠example.cn", "应为电子邮箱，如 name@example.cn", "全角字符"),
        (CellType.EMAIL, "name", "应为电子邮箱", ""),
        (CellType.BOOLEAN, "也许", "应为“是”或“否”", ""),
    ],
)
def test_what_is_refused(kind: CellType, text: str, expected: str, hint: str) -> None:
    said = fault(kind, text)
    assert said[0].startswith(expected)
    assert hint in said[1]


def test_bounds_of_numbers_and_texts() -> None:
    assert read(CellType.INTEGER, "3", least=3, most=3) == (3, None)
    assert fault(CellType.INTEGER, "2", least=3) == ("不得少于 3", "")
    assert fault(CellType.INTEGER, "4", most=3) == ("不得多于 3", "")
    assert read(CellType.TEXT, "甲乙丙", most=3) == ("甲乙丙", None)
    for kind in (CellType.TEXT, CellType.LONG_TEXT, CellType.PRINTABLE):
        assert fault(kind, "甲乙丙丁", most=3) == ("最多 3 字，实为 4 字", "")


def test_a_title_may_ask_for_a_credit_code() -> None:
    only = {"code_only_under": frozenset({"统一社会信用代码"})}
    assert read(CellType.OBJECT_ID, "case-7", "编号", **only) == ("case-7", None)
    value, wrong = read(CellType.OBJECT_ID, "case-7", "统一社会信用代码", **only)
    assert value is None
    assert wrong is not None
    assert str(wrong[0]).startswith("应为 18 位统一社会信用代码")


def test_choices_are_known_by_code_and_by_every_word() -> None:
    for text in ("active", "在岗", " 有 效"):
        assert read(CellType.CHOICE, text, choices=CHOICES) == ("active", None)
    assert fault(CellType.CHOICE, "离冈", choices=CHOICES) == ("应为下列之一：在岗、离岗", "是否想写“离岗”？")
    assert fault(CellType.CHOICE, "xyz", choices=CHOICES) == ("应为下列之一：在岗、离岗", "")
    assert read(CellType.CHOICES, "在岗；left；有效", choices=CHOICES) == (["active", "left"], None)
    assert fault(CellType.CHOICES, "在岗；xyz", choices=CHOICES)[0] == "其中“xyz”：应为下列之一：在岗、离岗"


def test_a_reader_of_choices_says_the_same_twice() -> None:
    reader = reader_for(
        RegisterColumn(id="c", title="列", type=CellType.CHOICE, choices=CHOICES), Context(words(), {}, "列")
    )
    assert reader("xyz") is reader("xyz")
    assert reader("left") == ("left", None)


def test_codes_are_of_the_list_of_the_bureau() -> None:
    assert read(CellType.CODE, "市场股", codes="sections") == ("market", None)
    assert read(CellType.CODE, "wages", codes="sections") == ("wages", None)
    assert fault(CellType.CODE, "other", codes="sections")[0] == "应为下列之一：市场股、工资股"
    assert read(CellType.CODES, "市场股、wages", codes="sections") == (["market", "wages"], None)
    assert read(CellType.CODES, "a、b", codes="roles") == (["a", "b"], None)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
@settings(max_examples=25)
def test_every_day_is_read_in_every_form(day: date) -> None:
    forms = (day.isoformat(), f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}")
    assert {read(CellType.DATE, form) for form in forms} == {(day.isoformat(), None)}


@given(st.integers(-(10**14), 10**14))
@settings(max_examples=25)
def test_numbers_come_back_with_and_without_commas(number: int) -> None:
    assert read(CellType.INTEGER, str(number)) == read(CellType.INTEGER, f"{number:,}") == (number, None)


@given(st.fractions(0, 2, max_denominator=1000))
@settings(max_examples=25)
def test_a_ratio_is_at_most_one(value: Fraction) -> None:
    text = f"{value.numerator}/{value.denominator}"
    kept, wrong = read(CellType.RATIO, text)
    assert kept == text
    assert (wrong is None) is (value <= 1)
    assert wrong is None or wrong.rule == "ratio_above_whole"


@pytest.mark.parametrize(
    ("kind", "text", "rule"),
    [
        (CellType.OBJECT_ID, "10000000000000000X", "credit_code_check_digit"),
        (CellType.OBJECT_ID, "1301000000001", None),
        (CellType.OBJECT_ID, "110105491231002", None),
        (CellType.OBJECT_ID, "420106520601336", "registration_number_check_digit"),
        (CellType.ID, "420106520601336", None),
        (CellType.PHONE, "00852-2345 6789", "phone_shape"),
        (CellType.PHONE, "张三", None),
        (CellType.RATIO, "200%", "ratio_above_whole"),
        (CellType.TEXT, "葛\U000e0100某", "variation_selector"),
        (CellType.LONG_TEXT, "甲\n葛\ufe01某", "variation_selector"),
        (CellType.LIST, "甲；葛\U000e01ef某", "variation_selector"),
        (CellType.TEXT, "葛\U000e0100\u200b某", None),
        (CellType.OBJECT_ID, "10000000000000000\ufe00X", None),
        (CellType.IDS, "10000000000000000X、1" + "0" * 16 + "Y", "credit_code_check_digit"),
    ],
)
def test_what_may_be_confirmed(kind: CellType, text: str, rule: str | None) -> None:
    _, wrong = read(kind, text)
    assert (wrong.rule if wrong else None) == rule


@pytest.mark.parametrize(
    ("kind", "text", "rule"),
    [
        (CellType.ID, "110105-19491231-002X", None),
        (CellType.ID, "110105_19491231_002x", None),
        (CellType.OBJECT_ID, "110105-19491231-002X", None),
        (CellType.PRINTABLE, CITIZEN, "certificate_like_citizen_number"),
        (CellType.PRINTABLE, "110105 19491231 002X", "certificate_like_citizen_number"),
        (CellType.PRINTABLE, "110105-19491231-002x", "certificate_like_citizen_number"),
    ],
)
def test_an_identity_number_is_seen_with_signs_between_its_groups(
    kind: CellType, text: str, rule: str | None
) -> None:
    value, wrong = read(kind, text)
    assert wrong is not None
    assert "身份证号码" in str(wrong.expected)
    assert (value, wrong.rule) == (text if rule else None, rule)


@pytest.mark.parametrize("text", ["110105-19491231-0021", "110105-19491331-002X", "01-0000-0001", "130-012"])
def test_what_only_looks_like_one_is_kept(text: str) -> None:
    assert read(CellType.ID, text) == (text, None)
    assert read(CellType.PRINTABLE, text) == (text, None)


def test_an_old_registration_number_under_the_title_of_a_code_may_be_confirmed() -> None:
    value, wrong = read(
        CellType.OBJECT_ID, "1301000000001", "信用代码", code_only_under=frozenset({"信用代码"})
    )
    assert value == "1301000000001"
    assert wrong is not None
    assert wrong.rule == "registration_number_length"


@pytest.mark.parametrize("text", ["1000000000000000XY", "1000000000000000OY", "1" + "0" * 15 + "Y", CITIZEN])
def test_what_no_licence_can_say_may_not_be_confirmed(text: str) -> None:
    value, wrong = read(CellType.OBJECT_ID, text, "信用代码", code_only_under=frozenset({"信用代码"}))
    assert wrong is not None
    if wrong.rule is None:
        assert value is None
    assert (wrong.rule is None) == (text != "1000000000000000XY")


@pytest.mark.parametrize(
    ("text", "kept", "rule"),
    [
        ("1899-12-30", "1899-12-30", "unlikely_year"),
        ("2071年3月1日", "2071-03-01", "unlikely_year"),
        ("1949/10/1", "1949-10-01", None),
        ("20501231", "2050-12-31", None),
    ],
)
def test_a_year_far_away_may_be_confirmed(text: str, kept: str, rule: str | None) -> None:
    value, wrong = read(CellType.DATE, text, least=1949, most=2050)
    assert (value, wrong.rule if wrong else None) == (kept, rule)
    assert read(CellType.DATE, text) == (kept, None)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (CellType.TEXT, "张三130102199001011237"),
        (CellType.LONG_TEXT, "法定代表人\n１３０１０２１９９００１０１１２３７"),
        (CellType.PHONE, "130102199001011237"),
        (CellType.PHONE, "13012345678；130102-19900101-1237"),
        (CellType.EMAIL, "130102199001011237@example.cn"),
        (CellType.LIST, "甲；130102199001011237"),
        (CellType.OBJECT_ID, "１３０１０２１９９００１０１１２３７"),
    ],
)
def test_an_identity_number_is_refused_in_whatever_column_it_stands(kind: CellType, text: str) -> None:
    value, wrong = read(kind, text)
    assert (value, wrong is None) == (None, False)
    assert wrong is not None
    assert ("身份证号码" in str(wrong.expected), wrong.rule) == (True, None)
