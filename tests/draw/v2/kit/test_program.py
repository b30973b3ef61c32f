"""What the verifier says of commitments in the log, by day."""

from __future__ import annotations

from typing import Any

import pytest

from engine.draw.v2.kit.parts import program


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-03-01T15:59:59Z", "2026-03-01"),
        ("2026-03-01T16:00:00Z", "2026-03-02"),
        ("2026-12-31T20:00:00Z", "2027-01-01"),
    ],
)
def test_a_day_is_that_of_the_eighth_zone(at: str, day: str) -> None:
    assert program.day_of(at) == day


@pytest.mark.parametrize(
    ("seen", "today", "state"),
    [
        ({}, "2026-03-01", "open"),
        ({}, "2026-03-11", "lapsed"),
        ({"lapse": 1}, "2026-03-01", "lapsed"),
        ({"objects": 1}, "2026-03-11", "drawn"),
        ({"objects": 1, "void": 1}, "2026-03-11", "void"),
        ({"void": 1}, "2026-03-01", "void"),
    ],
)
def test_a_commitment_is_open_until_it_is_drawn_void_or_lapsed(
    seen: dict[str, int], today: str, state: str
) -> None:
    one: dict[str, Any] = {
        "seen": {"void": 0, "objects": 0, "lapse": 0, **seen},
        "body": {"draw_by": "2026-03-10"},
    }
    assert program.state(one, today) == state
