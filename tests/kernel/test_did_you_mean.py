"""The nearest known name, or the names there are, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.did_you_mean import did_you_mean, nearest

WORDS = ("title", "states", "transitions", "deadline", "名称", "环节")


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("titel", "title"),
        ("tilte", "title"),
        ("TITLE", "title"),
        ("state", "states"),
        ("dedline", "deadline"),
        ("名字", "名称"),
        ("xyz", None),
        ("", None),
        ("人员", None),
        ("t" * 70, None),
    ],
)
def test_the_nearest_name(word: str, found: str | None) -> None:
    assert nearest(word, WORDS) == found


def test_letters_in_another_order_go_before_a_letter_left_out() -> None:
    assert nearest("inspectosr", ["inspector", "inspectors"]) == "inspectors"
    assert nearest("inspectorr", ["inspector", "inspectors"]) == "inspector"


def test_swapped_neighbours_are_one_mistake_and_longer_words_forgive_more() -> None:
    assert nearest("ab", ["ba"]) == "ba"
    assert nearest("abcdef", ["abcxyz"]) is None
    assert nearest("abcdef", ["abcdxy"]) == "abcdxy"


def test_of_two_as_near_the_likelier_one_is_named() -> None:
    assert nearest("clrek", ["chief", "clerk"]) == "clerk"
    assert nearest("name", ["names", "game"]) == "names"


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=5))
def test_a_known_name_is_nearest_to_itself_and_what_is_found_is_known(word: str, known: list[str]) -> None:
    assert nearest(word, known) in {None, *known}
    found = nearest(word, [word, *known])
    assert found is not None
    assert found.casefold() == word.casefold()


def test_the_hint_is_the_nearest_name_or_the_few_there_are() -> None:
    assert str(did_you_mean("titel", WORDS)) == "是否想写“title”？"
    assert str(did_you_mean("xyz", ["open", "open", "done"])) == "可写：open、done"
    assert did_you_mean("xyz", []) is None
    twelve = [f"much longer name {n:02}" for n in range(12)]
    assert did_you_mean("xyz", twelve) is not None
    assert did_you_mean("xyz", [*twelve, "one name too many"]) is None
