"""Characters a text may hold, and how the others are shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from engine.kernel.plain_text import (
    encodable,
    find_forbidden,
    shortened,
    visible,
    visible_on_terminal,
    visible_value,
    width,
)

HOSTILE = [
    "\x00",
    "\x07",
    "\x0b",
    "\x1b",
    "\r",
    "\x7f",
    "\x85",
    "\x9b",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
]
HOSTILE += ["\ufffa", "\udcff", "\ud800", "\ufdd0", "\ufffe", "\U0001ffff", "\U0010fffe", "\U000e0041"]
SOUND = ["", "示例甲有限公司", "示例𠮷野", "示例䶮", "买买提·阿布都", "a b", "全　角", "é", "ئۇيغۇر", "👍"]
SOUND += ["\ue000", "\u200e", "\ufeff"]

ANY = st.text(st.one_of(st.characters(), st.sampled_from(HOSTILE), st.sampled_from("\t\n")), max_size=40)


@pytest.mark.parametrize("char", HOSTILE)
def test_a_character_nobody_means_is_found_with_its_place(char: str) -> None:
    for lines in (False, True):
        assert find_forbidden(f"示例{char}甲", lines=lines) == (3, char)


@pytest.mark.parametrize("text", SOUND)
def test_what_people_write_may_stand(text: str) -> None:
    assert find_forbidden(text) is None
    assert visible(text) == text
    assert visible_on_terminal(text, "utf-8") == text


def test_line_ends_and_tabs_stand_in_texts_of_several_lines_only() -> None:
    assert find_forbidden("一\n二\t三", lines=True) is None
    assert find_forbidden("一\n二") == (2, "\n")
    assert find_forbidden("一\t二") == (2, "\t")
    assert visible("一\n二\t") == "一\\u000a二\\u0009"
    assert visible("一\n二\t", lines=True) == "一\n二\t"
    assert visible("一\r\n二\r三", lines=True) == "一\n二\\u000d三"


@given(ANY)
def test_what_is_shown_may_stand(text: str) -> None:
    assert find_forbidden(visible(text)) is None
    assert find_forbidden(visible(text, lines=True), lines=True) is None
    assert (visible(text) == text) == (find_forbidden(text) is None)
    assert visible(visible(text, lines=True), lines=True) == visible(text, lines=True)


@given(ANY)
def test_a_terminal_gets_no_control_characters(text: str) -> None:
    shown = visible_on_terminal(text, "utf-8")
    assert find_forbidden(shown.replace("\r\n", "\n"), lines=True) is None
    assert visible_on_terminal("一\r\n二", "utf-8") == "一\r\n二"
    assert visible_on_terminal("一\r二", "utf-8") == "一\\u000d二"


@given(ANY, st.sampled_from(["utf-8", "gbk", "gb18030", "ascii", "latin-1", "cp437", "no-such-encoding"]))
def test_every_encoding_gets_what_it_can_hold_and_json_stays_json(text: str, encoding: str) -> None:
    shown = visible_on_terminal(json.dumps([text], ensure_ascii=False), encoding)
    shown.encode("ascii" if encoding == "no-such-encoding" else encoding)
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(shown) in ([text], [joined])


def test_only_what_is_missing_is_escaped() -> None:
    assert encodable("示例𠮷野", "gbk") == "示例\\ud842\\udfb7野"
    assert encodable("示例", "ascii") == "\\u793a\\u4f8b"
    assert encodable("示例", "utf-8") == "示例"


def test_a_chinese_character_takes_two_places() -> None:
    assert [width(text) for text in ("", "ab", "示例", "（a）")] == [0, 2, 4, 5]


def test_only_plain_texts_are_made_visible() -> None:
    assert visible_value("一\n\x1b") == "一\n\\u001b"
    assert visible_value(7) == 7
    marked = Markup("\x1b")
    assert visible_value(marked) is marked


def test_a_long_text_is_cut_with_a_mark() -> None:
    assert shortened("一二三四", 4) == "一二三四"
    assert shortened("一二三四五", 4) == "一二三…"
