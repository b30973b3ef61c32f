"""No cell of ours is run by a spreadsheet."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.formula_guard import guarded, unguarded

RUN = [
    "=1+1",
    "+1-800",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠甲",
]
RUN += ["\u00ad=1+1", "\u2062=cmd", "\u180e=1", "\u2009=1", "\u3164=1"]
RUN += [" =1", "\u3000=1", "\u200b=1", "\ufeff+1", "−1", "﹦1", "-", "+", "--", "-5"]


@pytest.mark.parametrize("text", [one for one in RUN if one != "-"])
def test_what_a_spreadsheet_might_run_is_kept_a_text(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "-", "示例甲", "2024-04-20", "'甲", "1+1", "a=b", "（-5）", " 甲"])
def test_other_texts_stay(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@pytest.mark.parametrize("value", [-5, 0, True, Fraction(-1, 3), date(2024, 4, 20), None])
def test_what_is_no_text_is_left_alone(value: object) -> None:
    assert guarded(value) == str(value)


@given(st.one_of(st.sampled_from(RUN), st.text(max_size=8)), st.text(max_size=8))
def test_what_was_guarded_is_found_again(begin: str, rest: str) -> None:
    text = begin + rest
    once = guarded(text)
    assert once in (text, f"'{text}")
    assert guarded(once) == once
    if once != text:
        assert unguarded(once) == text
