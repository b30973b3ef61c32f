"""The years a policy knows the draw days of."""

from __future__ import annotations

from datetime import date

from engine.lifecycle.model.draw_policy import DrawPolicy


def test_the_years_are_those_whose_rest_is_written_down() -> None:
    closed = ((date(2025, 12, 30), date(2026, 1, 2)), (date(2026, 10, 1), date(2026, 10, 4)))
    assert DrawPolicy(closed=closed).years() == (2025, 2026)
    assert DrawPolicy().years() == ()
