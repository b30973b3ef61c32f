"""Calendars of lotteries: which years pass, and which day an issue is on."""

from __future__ import annotations

import pytest
from v2_factories import CALENDAR

from engine.draw.v2.randomness.calendars import DRAWN_ON, day_of_issue, make_year, year_fault


@pytest.mark.parametrize("kind", sorted(DRAWN_ON))
@pytest.mark.parametrize("year", [2024, 2026])
def test_a_year_without_gaps_passes(kind: str, year: int) -> None:
    days = make_year(kind, year)
    assert year_fault(kind, str(year), days) == ""
    assert year_fault(kind, str(year), days[:40]) == ""
    assert len(days) == {3: 156, 7: 365}[len(DRAWN_ON[kind])] + (
        len(days) - {3: 156, 7: 365}[len(DRAWN_ON[kind])]
    )


def test_the_first_issues_of_a_year_by_hand() -> None:
    """1 January 2026 is a Thursday, on which 双色球 is drawn."""
    assert make_year("ssq", 2026)[:4] == ["2026-01-01", "2026-01-04", "2026-01-06", "2026-01-08"]
    assert make_year("dlt", 2026)[:3] == ["2026-01-03", "2026-01-05", "2026-01-07"]


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        (["2026-01-04"], "2026-01-04"),
        (["2026-01-01", "2026-01-02"], "2026-01-02"),
        (["2026-01-01", "2026-01-06"], "2026-01-06"),
        (["2026-01-04", "2026-01-01"], "2026-01-04"),
        (["2025-12-30"], "2025-12-30"),
        ([day for day in make_year("ssq", 2026) if not "2026-02-01" <= day <= "2026-02-28"], "2026-12-31"),
        (
            [day for day in make_year("ssq", 2026) if day != "2026-10-09" and day != "2026-10-11"],
            "2026-10-13",
        ),
        ([day for day in make_year("ssq", 2026) if not "2026-02-10" <= day <= "2026-02-26"], ""),
        ([day for day in make_year("ssq", 2026) if not "2026-10-01" <= day <= "2026-10-08"], ""),
    ],
)
def test_gaps_are_allowed_in_the_long_holidays_alone(days: list[str], fault: str) -> None:
    assert year_fault("ssq", "2026", days) == fault


def test_unknown_lotteries_and_years_have_no_calendar() -> None:
    assert year_fault("kl8", "2026", [])
    assert year_fault("ssq", "26", [])


def test_the_day_of_an_issue() -> None:
    assert day_of_issue(CALENDAR, "ssq", "2026001") == "2026-01-01"
    assert [day_of_issue(CALENDAR, "ssq", issue) for issue in ("2026000", "2026999", "2027001")] == [""] * 3
    assert day_of_issue(CALENDAR, "pl3", "2026001") == ""
