"""The days on which the calendar starts a case."""

from __future__ import annotations

from datetime import date

import pytest

from engine.lifecycle.model.calendar_start import CalendarStart, Cycle


@pytest.mark.parametrize(
    ("cycle", "days"),
    [
        (Cycle.YEAR, ["2024-08-31", "2025-08-31"]),
        (
            Cycle.QUARTER,
            [
                "2024-02-29",
                "2024-05-31",
                "2024-08-31",
                "2024-11-30",
                "2025-02-28",
                "2025-05-31",
                "2025-08-31",
            ],
        ),
    ],
)
def test_days_of_starts(cycle: Cycle, days: list[str]) -> None:
    starts = CalendarStart(8, 31, cycle, "chief")
    found = list(starts.days(date(2024, 1, 1), date(2025, 8, 31)))
    assert found == [date.fromisoformat(day) for day in days]
    # Looked for day by day they are the same.
    ordinals = range(date(2024, 1, 1).toordinal(), date(2025, 8, 31).toordinal())
    single = [day for n in ordinals for day in starts.days(date.fromordinal(n), date.fromordinal(n + 1))]
    assert single == found


@pytest.mark.parametrize(
    ("cycle", "title"),
    [(Cycle.YEAR, "甲（2024年）"), (Cycle.QUARTER, "甲（2024年第4季度）"), (Cycle.MONTH, "甲（2024年12月）")],
)
def test_titles(cycle: Cycle, title: str) -> None:
    assert str(CalendarStart(9, 1, cycle, "chief").title("甲", date(2024, 12, 1))) == title
