"""JSON is measured before it is parsed: bytes, depth, nodes; texts in quotes count for nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.budget import (
    Budget,
    BudgetExceededError,
    RepeatedKeyError,
    check_size,
    json_depth,
    read_json,
)

SMALL = Budget(bytes=1000, depth=4, nodes=20)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(values)
def test_the_depth_of_a_text_is_that_of_its_value(value: object) -> None:
    assert json_depth(json.dumps(value), 100) == depth(value) or json_depth(json.dumps(value), 1) > 1
    assert json_depth(json.dumps(value, ensure_ascii=False), 0) == min(depth(value), 1)


@pytest.mark.parametrize("text", ['"[[[["', '"\\"[[[["', '["\\\\", "[["]', '"[[[[', '"[[[[\\'])
def test_brackets_in_texts_do_not_count(text: str) -> None:
    assert json_depth(text, 1) <= 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b" " * 1001, "1001 字节"),
        (b"[" * 5, "嵌套超过 4 层"),
        (b'{"a":' * 5, "嵌套超过 4 层"),
        (b"[" + b"1," * 21, "超过 20 项"),
    ],
)
def test_what_is_too_much_is_not_parsed(content: bytes, says: str) -> None:
    with pytest.raises(BudgetExceededError) as refused:
        read_json(content, SMALL)
    assert says in refused.value.message.render("zh_CN")
    # Whoever only knows "no JSON" says so.
    assert isinstance(refused.value, ValueError)


def test_what_is_within_is_what_json_says() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": [1, [2, [3]]]}', SMALL) == {"a": [1, [2, [3]]]}
    with pytest.raises(ValueError, match="Expecting"):
        read_json(b"[", SMALL)
    with pytest.raises(UnicodeDecodeError):
        read_json(b"\xff", SMALL)


def test_the_size_of_a_named_file() -> None:
    check_size(1000, SMALL)
    with pytest.raises(BudgetExceededError) as refused:
        check_size(1001, SMALL, "a.yaml")
    assert str(refused.value.message.render("zh_CN")).startswith("“a.yaml”有 1001 字节")


@pytest.mark.parametrize(
    "text", [r'"\ud800"', r'"a\uDFFF b"', r'["\ud83d\ud83d\ude00"]', r'{"\udc00\ud800": 1}']
)
def test_half_a_character_is_no_text(text: str) -> None:
    with pytest.raises(ValueError, match="半个字符"):
        read_json(text, SMALL)


@pytest.mark.parametrize("text", [r'"\ud83d\ude00"', r'"\\ud800"', r'"\u4e00\\\ud83d\ude00"', '"\\u00e9"'])
def test_whole_characters_are_read(text: str) -> None:
    assert read_json(text, SMALL) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"off": true, "off": false}', "off"),
        ('{"a": [1, {"b": 1, "c": 2, "b": 1}]}', "b"),
        (r'{"a": 1, "\u0061": 2}', "a"),
        (r'{"\u001b[31m": 1, "\u001b[31m": 2}', "\\u001b[31m"),
        ('{"' + "k" * 90 + '": 1, "' + "k" * 90 + '": 2}', "k" * 60),
    ],
)
def test_a_key_written_twice_is_named(text: str, key: str) -> None:
    with pytest.raises(RepeatedKeyError) as refused:
        read_json(text, Budget(bytes=1000))
    assert refused.value.message.render("zh_CN") == f"“{key}”写了两次，只能写一次"


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=word):
        read_json(f'{{"a": [{word}]}}', SMALL)
