"""Periods in words."""

from __future__ import annotations

import pytest
from deadline_factories import PROCESS

from engine.lifecycle.deadlines.period_text import describe_limit, describe_period
from engine.lifecycle.model.deadline import Limit
from engine.worktime.periods import Beside, OnDay, Period, PeriodUnit, Roll, YearDate


@pytest.mark.parametrize(
    ("unit", "said"),
    [*zip(PeriodUnit, ("3 个工作日", "3 日", "3 个月", "3 年", "3 小时", "3 个办公小时"), strict=True)],
)
def test_every_unit_has_its_words(unit: PeriodUnit, said: str) -> None:
    assert str(describe_period(Period(3, unit))) == said


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (Limit(length=Period(3, PeriodUnit.MONTHS)), "期限 3 个月"),
        (
            Limit(length=Period(5, PeriodUnit.DAYS), first_day=True, roll=Roll.FORWARD),
            "期限 5 日（起算当日计入），末日遇休息日顺延",
        ),
        (Limit(length=YearDate(4, 20)), "4 月 20 日前"),
        (Limit(length=YearDate(4, 20, Roll.BACKWARD)), "4 月 20 日前，遇休息日提前到其前最后一个工作日"),
        (Limit(length=OnDay(Roll.FORWARD)), "遇休息日顺延"),
        (Limit(length=Beside(Period(2, PeriodUnit.DAYS), "visit")), "“visit”到期前 2 日"),
    ],
)
def test_every_kind_of_limit_has_its_words(limit: Limit, said: str) -> None:
    assert str(describe_limit(PROCESS.workflow, limit)) == said
