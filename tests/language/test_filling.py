"""Names alone stand in the places of a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.filling import FillingError, FillingTooLongError, fill, places


class Secret:
    inside = "secret"

    def __getitem__(self, key: object) -> str:
        return self.inside

    def __format__(self, spec: str) -> str:
        raise AssertionError(spec)

    def __repr__(self) -> str:
        return self.inside

    def __str__(self) -> str:
        return "甲"


def test_names_are_filled_and_doubled_braces_are_braces() -> None:
    assert fill("{{{a}}} 与 {b}", {"a": 1, "b": Secret(), "c": "unused"}) == "{1} 与 甲"
    assert fill("没有", {}) == "没有"
    assert places("甲{乙}") == (("甲", "乙"), ("", ""))


@pytest.mark.parametrize(
    "text",
    [
        "{a.inside}", "{a.__class__.__mro__}", "{a[0]}", "{a[inside]}", "{a!r}", "{a!s}", "{a:>20000000}", "{a:}", "{}",
        "{0}", "{ a}", "{a }", "{a", "a}", "{", "}", "{{a}", "{a:{b}}", "{a.b:{a}}", "{*a}", "{a=}", "{a\n}", "{-a}",
    ],
)  # fmt: skip
def test_nothing_else_is_a_place(text: str) -> None:
    with pytest.raises(FillingError) as wrong:
        fill(text, {"a": Secret(), "b": 9})
    assert not wrong.value.known
    assert wrong.value.place in text


def test_a_name_without_a_value_is_named() -> None:
    with pytest.raises(FillingError) as wrong:
        fill("{a}{b}", {"a": 1})
    assert (wrong.value.place, wrong.value.known) == ("{b}", True)


def test_a_long_place_is_quoted_short() -> None:
    with pytest.raises(FillingError) as wrong:
        fill("{a." + "b" * 10_000 + "}", {"a": 1})
    assert len(wrong.value.place) == 40


def test_no_text_grows_longer_than_it_may() -> None:
    assert fill("{a}{a}", {"a": "12"}, 4) == "1212"
    for text in ("{a}{a}{a}", "{a}123", "12345"):
        with pytest.raises(FillingTooLongError):
            fill(text, {"a": "12"}, 4)


@given(st.text("{}ab.!:[]0 ", max_size=30))
def test_what_is_filled_is_what_python_fills(text: str) -> None:
    values = {"a": "1", "b": "2", "ab": "3", "ba": "4"}
    try:
        filled = fill(text, values)
    except FillingError:
        return
    assert filled == text.format(**values)
