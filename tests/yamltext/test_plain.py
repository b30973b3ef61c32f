"""Data files are read as strictly as definitions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.yamltext.plain import read_plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\nb: [x, true, 1.50, null, '']\n", {"a": 1, "b": ["x", True, "1.50", None, ""]}),
        ('{"a": null, "b": 1.50, "c": "\\ud83d\\ude00"}', {"a": None, "b": "1.50", "c": "😀"}),
        ("{a: 1, b: x}", {"a": 1, "b": "x"}),
        ("code: 0123\nday: 2024-04-20\n", {"code": "0123", "day": "2024-04-20"}),
        ("", None),
    ],
)
def test_values(text, value):
    assert read_plain(text, "f") == (value, [])


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2\n", '{"a": 1, "a": 2}', "a: *x\n", "a: [", "名称： x\nb: 1\n", b"\xc3\x28"]
)
def test_problems_have_a_place(text):
    value, problems = read_plain(text, "answers.yaml")
    assert value is None
    assert problems[0].startswith("answers.yaml:")


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_never_raises(content):
    read_plain(content, "f")
    read_plain("[" * 5000, "f")
