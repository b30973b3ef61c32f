"""Periods in words."""

from __future__ import annotations

import pytest

from engine.lifecycle.deadlines.period_text import describe_period
from engine.worktime.periods import Period, PeriodUnit


@pytest.mark.parametrize(
    ("unit", "said"),
    [*zip(PeriodUnit, ("3 个工作日", "3 日", "3 个月", "3 年", "3 小时", "3 个办公小时"), strict=True)],
)
def test_every_unit_has_its_words(unit: PeriodUnit, said: str) -> None:
    assert str(describe_period(Period(3, unit))) == said
