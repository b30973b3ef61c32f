"""Bytes that follow from a seed."""

from __future__ import annotations

from engine.synthetic.entropy import seeded_entropy


def test_keys_follow_from_the_seed_and_what_they_are_for() -> None:
    take = seeded_entropy("1")
    assert take("a", 32) == seeded_entropy("1")("a", 32) != take("b", 32) != seeded_entropy("2")("b", 32)
    assert len(take("a", 16)) == 16
