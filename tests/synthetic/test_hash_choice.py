"""Choices depend on their parts alone, lie in their bounds and come as often as their weights say."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.synthetic.hash_choice import by_weight, hash_mod, pick

PARTS = st.lists(st.integers() | st.text(max_size=5), max_size=3)


def test_the_numbers_are_the_same_on_every_machine() -> None:
    # The SHA-256 of "a", NUL, "1", read as a number.
    assert hash_mod(10**6, "a", 1) == hash_mod(10**6, "a", "1") == 518350
    assert [hash_mod(10, "seed", n) for n in range(8)] == [3, 8, 4, 9, 2, 1, 4, 2]


@given(st.integers(1, 10**9), PARTS)
def test_a_number_lies_below_its_bound(below: int, parts: list[object]) -> None:
    assert 0 <= hash_mod(below, *parts) < below
    assert hash_mod(below, *parts) == hash_mod(below, *parts)


def test_parts_are_kept_apart() -> None:
    assert hash_mod(2**64, "ab", "c") != hash_mod(2**64, "a", "bc")


@given(st.lists(st.integers(), min_size=1, max_size=6), PARTS)
def test_one_of_the_items_is_picked(items: list[int], parts: list[object]) -> None:
    assert pick(items, *parts) == items[hash_mod(len(items), *parts)]


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9)), min_size=1, max_size=5), PARTS)
def test_what_weighs_nothing_is_never_taken(weighed: list[tuple[str, int]], parts: list[object]) -> None:
    items, weights = [item for item, _ in weighed], [weight for _, weight in weighed]
    if sum(weights):
        assert by_weight(items, weights, *parts) in {item for item, weight in weighed if weight}


def test_items_come_in_the_shares_of_their_weights() -> None:
    found = Counter(by_weight("abc", (6, 3, 1), "shares", n) for n in range(2000))
    assert 1120 <= found["a"] <= 1280
    assert 520 <= found["b"] <= 680
    assert 140 <= found["c"] <= 260


def test_items_and_weights_must_pair_up() -> None:
    with pytest.raises(ValueError, match="longer"):
        by_weight("ab", (0, 0, 5), "x")
