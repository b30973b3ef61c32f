"""Numbers of a class by its size, and teams by section, as the rows of a plan say them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.app.draws.quotas import Band, bands_of, ratio_by_size, team_of
from engine.draw.refused import DrawRefused


def test_a_number_and_a_rule_by_size() -> None:
    rows = [
        {"class": "A", "count": 8},
        {"class": "B", "ratio": "50%"},
        {"class": "B", "up_to": 10, "count": 2},
        {"class": "C", "ratio": "5%"},
    ]
    found = bands_of(rows)
    assert set(found) == {"A", "B"}
    assert found["B"] == (Band(10, 2, None), Band(None, None, "50%"))
    assert [ratio_by_size(found["B"], size) for size in (1, 4, 10, 11)] == ["1/1", "2/4", "2/10", "50%"]
    assert [ratio_by_size(found["A"], size) for size in (0, 5, 40)] == ["1/1", "5/5", "8/40"]
    assert found["B"][0].as_json() == {"up_to": 10, "count": 2, "ratio": None}
    assert bands_of("5%") == {}


@pytest.mark.parametrize(
    "rows",
    [
        [{"class": "A"}],
        [{"class": "A", "count": 1, "ratio": "5%"}],
        [{"class": "A", "count": 1, "up_to": 10}],
        [{"class": "A", "count": 1}, {"class": "A", "count": 2}],
        [
            {"class": "A", "count": 1, "up_to": 5},
            {"class": "A", "count": 2, "up_to": 5},
            {"class": "A", "ratio": "5%"},
        ],
    ],
)
def test_rows_that_leave_a_size_out_or_say_it_twice_are_refused(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(DrawRefused):
        bands_of(rows)


def test_a_team_by_section() -> None:
    assert team_of([{"section": "north", "count": 2}, {"section": "south", "count": 1}]) == {
        "north": 2,
        "south": 1,
    }
    assert team_of(2) == {}
