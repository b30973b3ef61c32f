"""What nobody sees in a text is taken out, and blanks of every width are blanks; what is seen stays."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.clean_text import (
    INVISIBLE_CLASS,
    MAX_QUOTED,
    OUTER,
    clean,
    clean_code,
    explain_unseen,
    folded,
    has_invisible,
    is_invisible,
    not_as_it_seems,
    quoted,
    quoted_text,
    unseen_at,
    wide_at,
    without_forms,
    without_invisible,
    words_not_as_they_seem,
)
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term


def test_every_format_character_of_unicode_and_every_blank_is_known() -> None:
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char) == "Cf":
            assert is_invisible(char), hex(code)
            assert has_invisible(char), hex(code)
            assert clean(f"甲{char}乙") == "甲乙", hex(code)
            assert char in OUTER
        elif unicodedata.category(char) == "Zs":
            assert clean(f"甲{char}乙") == "甲 乙", hex(code)
            assert char in OUTER


#: Default_Ignorable_Code_Point of Unicode 15.1 (``DerivedCoreProperties.txt``), which `unicodedata` does not have.
IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip


def test_every_ignorable_character_and_what_looks_blank_is_known() -> None:
    codes = [code for first, last in IGNORABLE for code in range(first, last + 1)]
    for code in (*codes, 0x2800, 0x1D159):
        char = chr(code)
        assert is_invisible(char), hex(code)
        assert has_invisible(f"企{char}业"), hex(code)
        assert folded(f"企{char}业") == clean_code(f"企{char}业") == "企业", hex(code)
        assert re.fullmatch(f"[{INVISIBLE_CLASS}]", char), hex(code)
        form = "VARIATION SELECTOR" in unicodedata.name(char, "")
        assert clean(f"企{char}业") == (f"企{char}业" if form else "企业"), hex(code)
        assert has_invisible(without_forms(f"企{char}业")) is not form, hex(code)


def test_a_form_is_of_the_letter_before_it() -> None:
    assert without_forms("葛\U000e0100城\ufe00") == "葛城"
    assert without_forms("\u1820\u180b") == "\u1820"
    for text in ("\ufe00葛", "1\ufe0f", "葛\ufe00\ufe01", "葛 \ufe00"):
        assert has_invisible(without_forms(text)), text


@pytest.mark.parametrize(
    ("text", "cleaned", "as_code", "as_word"),
    [
        (" 企业\u200b名称\ufeff ", "企业名称", "企业名称", "企业名称"),
        ("\u202e示例\u00a0甲", "示例 甲", "示例 甲", "示例甲"),
        ("示例（甲）公司", "示例（甲）公司", "示例(甲)公司", "示例(甲)公司"),
        ("ＡＢ１２－３", "ＡＢ１２－３", "AB12-3", "ab12-3"),
        ("e\u0301", "é", "é", "é"),
        ("  Ab c ", "Ab c", "Ab c", "abc"),
        ("甲\u3164", "甲", "甲", "甲"),
    ],
)
def test_three_ways_to_clean(text: str, cleaned: str, as_code: str, as_word: str) -> None:
    assert (clean(text), clean_code(text), folded(text)) == (cleaned, as_code, as_word)


@given(st.text(max_size=30))
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_code(clean_code(text)) == clean_code(text)
    assert not any(unicodedata.category(char) == "Cf" for char in clean(text))


def test_line_ends_and_tabs_are_no_fault_and_other_control_characters_are() -> None:
    assert not has_invisible("甲\r\n乙\t丙")
    assert has_invisible("甲\x00")
    assert has_invisible("a\x1b[31m")
    assert is_invisible("\x07")


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("annual_plan", "annual_plan"),
        ("年度计划（2026）", "年度计划（2026）"),
        ("annual_plan\u200b", "annual_plan\\u200b"),
        ("a\nb\tc", "a\\u000ab\\u0009c"),
        ("\x1b[31m", "\\u001b[31m"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("a\ufe0f\u2800", "a\\ufe0f\\u2800"),
        ("\ud800", "\\ud800"),
        ("a" * 100_000, "a" * (MAX_QUOTED - 1) + "…"),
        ("e" + "\u0301" * 190, "e" + "\u0301" * 190),
    ],
)
def test_a_word_said_again(text: str, again: str) -> None:
    assert quoted_text(text) == again


def test_a_word_of_the_product_stays_one() -> None:
    word = term("经办人")
    assert quoted_text(word) is word


def test_a_sentence_within_a_sentence() -> None:
    inner = say("“{word}”", word="a\nb")
    message = say("{inner} {many} {count}", inner=inner, many=["x\u200b", "y"], count=3)
    assert str(quoted(message)) == "“a\\u000ab” x\\u200b、y 3"
    plain = say("“{word}”", word="a")
    assert quoted(plain) is plain


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("annual_plan", None),
        ("示例（集团）公司", None),
        ("示例１", None),
        ("annual_plan\u200b", "“annual_plan\\u200b”第 12 位是看不见的字符（U+200B），请删去"),
        ("示\u2060例", "“示\\u2060例”第 2 位是看不见的字符（U+2060），请删去"),
        ("ａnnual_plan", "“ａnnual_plan”第 1 位的“ａ”是全角字符，请改为半角“a”"),
        ("insp－01", "“insp－01”第 5 位的“－”是全角字符，请改为半角“-”"),
    ],
)
def test_an_id_that_is_not_what_it_seems(text: str, wrong: str | None) -> None:
    found = not_as_it_seems(text)
    assert (None if found is None else str(found)) == wrong
    whole = words_not_as_they_seem(say("没有“{word}”", word=text))
    assert (None if whole is None else str(whole)) == wrong


def test_signs_are_named_by_their_place() -> None:
    assert [str(one) for one in explain_unseen("a\u200bb\r\n\u00ad")] == [
        "第 2 位是看不见的字符（U+200B），请删去",
        "第 6 位是看不见的字符（U+00AD），请删去",
    ]
    assert explain_unseen("甲乙") == ()
    assert str(unseen_at(3, "\ufeff")) == "第 3 位是看不见的字符（U+FEFF），请删去"
    assert str(wide_at(3, "７")) == "第 3 位的“７”是全角字符，请改为半角“7”"


def test_every_refusal_says_so() -> None:
    reason = RefusalReason("workflow", say("没有已发布的流程“{workflow}”", workflow="annual_plan\u200b"))
    refusal = Refusal(None, "annual\nplan", (reason,))
    said = str(refusal)
    assert "“annual\\u000aplan”" in said
    assert said.endswith("“annual_plan\\u200b”第 12 位是看不见的字符（U+200B），请删去")
    assert reason.as_json()["hint"] == "“annual_plan\\u200b”第 12 位是看不见的字符（U+200B），请删去"
    long = RefusalReason("case", say("案件 {case} 不存在", case="a" * 100_000))
    assert len(str(long)) < 250


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("葛\U000e0100\U000e0101城", "葛\U000e0100城"),
        ("\ufe01\ufe02", ""),
        ("7\ufe0f月（\ufe00一）", "7月（一）"),
        ("\u3164\ufe0f查", "查"),
    ],
)
def test_a_selector_stays_after_a_letter_alone(text: str, cleaned: str) -> None:
    assert clean(text) == without_invisible(text) == cleaned
