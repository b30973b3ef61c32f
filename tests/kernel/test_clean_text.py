"""What nobody sees in a text is taken out, and blanks of every width are blanks; what is seen stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.clean_text import OUTER, clean, clean_code, folded, has_invisible, is_invisible


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
