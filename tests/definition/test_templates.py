"""Texts with ``{{ names }}`` in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.templates import MAX_LENGTH, parse_template
from engine.definition.types import EXACT, TEXT, record

NAMES = {"case": record({"title": TEXT, "share": EXACT})}


def test_expressions_stand_between_texts() -> None:
    template, faults = parse_template("“{{case.title}}” 占 {{ case.share }}", NAMES)
    assert faults == []
    assert template is not None
    assert [part if isinstance(part, str) else part.source for part in template.parts] == [
        "“", "case.title", "” 占 ", "case.share",
    ]  # fmt: skip
    # A decimal stays as it was written.
    assert template.render({"case": {"title": "甲", "share": "5.50"}}) == "“甲” 占 5.50"


@given(st.lists(st.sampled_from(["甲", " ", "{{ case.title }}", "{", "}", "%", "a.b"]), max_size=8))
@settings(max_examples=100)
def test_a_text_without_stray_marks_is_kept_whole(pieces: list[str]) -> None:
    source = "".join(pieces)
    template, faults = parse_template(source, NAMES)
    assert (template is None) is bool(faults)
    if template is not None:
        assert template.source == source
        assert template.render({"case": {"title": "{{ case.title }}"}}) == source


@pytest.mark.parametrize(
    ("source", "rule", "message", "at", "length"),
    [
        ("a {{ b", "template-syntax", "双花括号没有配对", 2, 2),
        ("a }} {{ case.title }}", "template-syntax", "双花括号没有配对", 2, 2),
        ("{% if %}", "template-syntax", "文字模板里只能用双花括号，不能用“{%”", 0, 2),
        ("a {# b", "template-syntax", "文字模板里只能用双花括号，不能用“{#”", 2, 2),
        ("甲{{  case.titel }}", "unknown-name", "", 10, 5),
        ("x" * (MAX_LENGTH + 1), "template-syntax", "文字模板有 4001 个字符，最多 4000 个", 0, 1),
    ],
)
def test_faults_stand_at_their_place(source: str, rule: str, message: str, at: int, length: int) -> None:
    template, faults = parse_template(source, NAMES)
    assert template is None
    (fault,) = faults
    assert (fault.rule, fault.at, fault.length) == (rule, at, length)
    assert not message or str(fault.message) == message


def test_all_faults_of_a_text_are_told() -> None:
    _, faults = parse_template("{{ a }} }} {{ b }} %}", NAMES)
    assert [fault.rule for fault in faults] == [
        "unknown-name",
        "template-syntax",
        "unknown-name",
        "template-syntax",
    ]
