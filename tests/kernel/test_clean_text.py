"""What nobody sees in a text is taken out, and blanks of every width are blanks; what is seen stays."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.clean_text import (
    INVISIBLE_CLASS,
    OUTER,
    clean,
    clean_code,
    folded,
    has_invisible,
    is_invisible,
    without_forms,
)


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
