"""Chance that is the same every time: as often as said, within its bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.synthetic.choice import between, digits, happens_with_probability


def test_something_happens_about_as_often_as_is_said() -> None:
    found = sum(happens_with_probability(250, "often", n) for n in range(2000))
    assert 430 <= found <= 570


@given(st.text(max_size=5))
def test_nothing_never_happens_and_a_thousand_in_a_thousand_always(part: str) -> None:
    assert not happens_with_probability(0, part)
    assert happens_with_probability(1000, part)
    # What happens at a low chance happens at every higher one.
    assert not happens_with_probability(300, part) or happens_with_probability(600, part)


@given(st.integers(-100, 100), st.integers(0, 100), st.text(max_size=5))
def test_a_number_lies_between_its_bounds(least: int, more: int, part: str) -> None:
    assert least <= between(least, least + more, part) <= least + more
    assert between(least, least, part) == least


def test_both_bounds_are_reached() -> None:
    assert {between(1, 3, "all", n) for n in range(40)} == {1, 2, 3}


def test_digits_are_as_many_as_asked_for_and_any_of_ten() -> None:
    found = digits(200, "dice")
    assert (len(found), set(found)) == (200, set("0123456789"))
    assert found.startswith(digits(6, "dice"))
    assert digits(0, "dice") == ""
