"""Characters that look like others are made plain, and each is explained by its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.clean_text import explain_unseen, has_invisible, is_invisible
from engine.register.confusables import explain, explain_forms, plain

printable_ascii = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)


@given(printable_ascii)
@settings(max_examples=25)
def test_half_width_text_is_plain_and_needs_no_word(text: str) -> None:
    assert plain(text) == text
    assert explain(text) == ()
    assert has_invisible(text) is False
    wide = "".join(chr(ord(char) + 0xFEE0) if char > " " else char for char in text)
    assert plain(wide) == text
    assert len(explain(wide)) == sum(char > " " for char in text)


def test_look_alikes_become_what_they_look_like() -> None:
    assert plain("ВСΑ１２３ухο") == "BCA123yxo"
    assert plain("甲公司") == "甲公司"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("1\u200b2", ["第 2 位是看不见的字符（U+200B），请删去"]),
        ("\x07", ["第 1 位是看不见的字符（U+0007），请删去"]),
        ("AВ", ["第 2 位的“В”是西里尔字母（U+0412），看上去像“B”，请改用键盘输入的“B”"]),
        ("Α", ["第 1 位的“Α”是希腊字母（U+0391），看上去像“A”，请改用键盘输入的“A”"]),
        ("a\u2011b", ["第 2 位的“\u2011”是另一种横线（U+2011），请改用键盘输入的“-”"]),
        ("a\u2212", ["第 2 位的“\u2212”是另一种横线（U+2212），请改用键盘输入的“-”"]),
        ("９", ["第 1 位的“９”是全角字符，请改为半角“9”"]),
        ("甲é\u3000", []),
        ("９\ufeff", ["第 1 位的“９”是全角字符，请改为半角“9”", "第 2 位是看不见的字符（U+FEFF），请删去"]),
    ],
)
def test_each_character_that_is_not_what_it_seems_is_explained(text: str, sentences: list[str]) -> None:
    assert [str(message) for message in explain(text)] == sentences


#: What ends up in a cell by copying from a web page or a PDF.
UNSEEN = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


@pytest.mark.parametrize("char", [*UNSEEN, "\x00", "\n", "\x7f", "\x85"])
def test_every_unseen_character_is_found(char: str) -> None:
    assert is_invisible(char)
    assert explain(f"甲{char}乙")


@pytest.mark.parametrize("text", ["", "甲 乙", "\u2028", "\U00031350"])
def test_other_characters_are_not_called_unseen(text: str) -> None:
    assert has_invisible(text) is False
    assert explain(text) == ()


def test_what_nobody_sees_is_explained_by_itself_and_a_form_by_its_letter() -> None:
    assert [str(one) for one in explain_unseen("９\u034f\n\u2800")] == [
        "第 2 位是看不见的字符（U+034F），请删去",
        "第 4 位是看不见的字符（U+2800），请删去",
    ]
    assert explain_unseen("９В") == ()
    assert [str(one) for one in explain_forms("甲葛\U000e0100")] == [
        "第 3 位是异体字选择符（U+E0100），规定前面的“葛”用哪种写法"
    ]
