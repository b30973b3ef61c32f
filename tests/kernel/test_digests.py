"""Two digests of the same bytes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from engine.kernel.digests import Digests


def test_both_digests_in_lower_case_hex() -> None:
    found = Digests.of(b"abc")
    assert found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert found.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_equal_bytes_have_equal_digests_and_others_have_not() -> None:
    assert Digests.of(b"abc") == Digests.of(b"abc")
    assert Digests.of(b"abc") != Digests.of(b"abd")
    with pytest.raises(FrozenInstanceError):
        Digests.of(b"").sm3 = ""  # type: ignore[misc]
