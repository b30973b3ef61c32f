"""Shares: any m of n give the key back, fewer fit every key."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.refused import DrawRefused
from engine.draw.v2.randomness import custodians

KEY, NAMES = bytes(range(32)), ["甲", "乙", "丙"]


@settings(max_examples=10)
@given(
    st.binary(min_size=4, max_size=4), st.integers(2, 5), st.integers(0, 3), st.randoms(use_true_random=False)
)
def test_any_m_of_n_give_the_key(key: bytes, threshold: int, more: int, chance: object) -> None:
    count = threshold + more
    filler = bytes((7 * place + 3) % 256 for place in range((threshold - 1) * len(key)))
    shares = dict(enumerate(custodians.split(key, threshold, count, filler), 1))
    for some in combinations(shares, threshold):
        assert custodians.join({index: shares[index] for index in some}) == key
    assert custodians.join(shares) == key


def test_fewer_shares_fit_every_key() -> None:
    """With one share of two, each value of the other gives another key: all 256 of them."""
    one = custodians.split(b"\x2a", 2, 2, b"\x63")[0]
    assert {custodians.join({1: one, 2: bytes([other])}) for other in range(256)} == {
        bytes([key]) for key in range(256)
    }


def test_split_asks_for_what_fits() -> None:
    for threshold, count, filler in ((0, 3, b""), (4, 3, bytes(96)), (2, 3, bytes(31)), (2, 256, bytes(32))):
        with pytest.raises(ValueError, match="do not fit"):
            custodians.split(KEY, threshold, count, filler)


def test_without_custodians_the_code_is_zero() -> None:
    assert custodians.key_of(None, []) == bytes(32)
    with pytest.raises(DrawRefused, match="没有保管人"):
        custodians.key_of(None, [{"name": "甲", "index": 1, "share": "00" * 32}])


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": 1},
        {"threshold": 4},
        {"shares": [{"name": name, "index": 1, "sha256": "0" * 64} for name in NAMES]},
        {"shares": [{"name": "甲", "index": index, "sha256": "0" * 64} for index in (1, 2, 3)]},
    ],
)
def test_custodians_of_a_commitment(change: dict[str, object]) -> None:
    made = custodians.commit_to(KEY, NAMES, custodians.split(KEY, 2, 3, bytes(32)), 2)
    assert not list(custodians.custodian_problems(made))
    assert list(custodians.custodian_problems(made | change))


def test_shares_of_another_key_are_refused() -> None:
    shares = custodians.split(KEY, 2, 3, bytes(range(32)))
    made = custodians.commit_to(bytes(32), NAMES, shares, 2)
    given_in = [
        {"name": "甲", "index": 1, "share": shares[0].hex()},
        {"name": "乙", "index": 2, "share": shares[1].hex()},
    ]
    with pytest.raises(DrawRefused, match="密钥与承诺不符"):
        custodians.key_of(made, given_in)
