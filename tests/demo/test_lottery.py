"""Made-up results and keys: the same for the same seed, and written as the protocol writes them."""

from __future__ import annotations

import pytest

from engine.demo.lottery import made_up_result, seeded_entropy
from engine.draw.v2.randomness.sources import value_problems


@pytest.mark.parametrize(
    ("kind", "issue", "digits"),
    [("ssq", "2026023", None), ("dlt", "2026022", None), ("pl5", "2026061", None), ("dice", None, 8)],
)
def test_results_are_of_their_kind_and_the_same_for_everybody(
    kind: str, issue: str | None, digits: int | None
) -> None:
    source = {"kind": kind, "issue": issue, "round": None, "digits": digits, "day": "2026-03-03"}
    value = made_up_result(source, "1")
    assert list(value_problems([source], [value])) == []
    assert value == made_up_result(dict(source), "1") != made_up_result(source, "2")


def test_keys_follow_from_the_seed_and_what_they_are_for() -> None:
    take = seeded_entropy("1")
    assert take("a", 32) == seeded_entropy("1")("a", 32) != take("b", 32) != seeded_entropy("2")("b", 32)
    assert len(take("a", 16)) == 16
