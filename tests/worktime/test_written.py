"""Periods as they are written."""

from __future__ import annotations

import pytest

from engine.worktime.periods import Period, PeriodUnit
from engine.worktime.written import period_of


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("7 working days", Period(7, PeriodUnit.WORKING_DAYS)),
        ("3个月", Period(3, PeriodUnit.MONTHS)),
        ("1 month", Period(1, PeriodUnit.MONTHS)),
        ("2年", Period(2, PeriodUnit.YEARS)),
        ("10日", Period(10, PeriodUnit.DAYS)),
        ("3月", None),
        ("07 days", None),
        ("-7 days", None),
    ],
)
def test_what_is_a_period(text: str, period: Period | None) -> None:
    assert period_of(text) == period
