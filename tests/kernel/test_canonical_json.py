"""One value has one text; what has no exact text is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.canonical_json import MAX_INTEGER, canonical_json, read_canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    text = canonical_json(value)
    assert read_canonical(text) == value == json.loads(text)
    assert canonical_json(read_canonical(text)) == text


def test_keys_are_sorted_by_utf_16_and_nothing_is_padded() -> None:
    # The example of RFC 8785 section 3.2.3: an emoji sorts before U+FB33 by its surrogates, after it by code points.
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7}
    assert list(json.loads(canonical_json(value))) == [
        "\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip
    assert canonical_json({"b": (1, None), "a": "甲"}) == '{"a":"甲","b":[1,null]}'


@pytest.mark.parametrize("value", [1.0, float("nan"), {1: "a"}, {"a": 1.5}, [b"x"], {"a"}, object()])
def test_other_kinds_have_no_text(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [MAX_INTEGER + 1, -MAX_INTEGER - 1, "\ud800", {"\ud800": 1}])
def test_what_is_not_read_alike_everywhere_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"integer too large|surrogates not allowed|illegal UTF-16"):
        canonical_json(value)


def test_the_largest_integer_is_allowed() -> None:
    assert canonical_json([MAX_INTEGER, -MAX_INTEGER]) == "[9007199254740991,-9007199254740991]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"b":1,"a":2}', "not canonical"),
        ('{"a":1,"a":1}', "“a”写了两次"),
        ('{"a": 1}', "not canonical"),
        ('"\\u0041"', "not canonical"),
        ("1.0", "floats are not allowed: 1.0"),
        ("NaN", "floats are not allowed: NaN"),
        ("{", "Expecting"),
    ],
)
def test_any_other_text_of_a_value_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_canonical(text)
