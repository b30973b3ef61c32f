"""Texts as YAML takes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.authoring.xlsform.yaml_lines import comment, scalar
from engine.yamltext.plain import read_plain


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20))
def test_a_text_is_read_back_as_it_was(text: str) -> None:
    found, problems = read_plain(f"{comment(text)}\nx: {scalar(text)}\n".encode(), "f")
    assert problems == []
    assert isinstance(found, dict)
    assert isinstance(found["x"], str)


def test_words_of_yaml_are_quoted() -> None:
    assert [scalar(text) for text in ("yes", "甲", "a: b", "1", "")] == ['"yes"', "甲", '"a: b"', '"1"', '""']
