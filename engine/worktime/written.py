"""Periods as they are written, in English and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from engine.worktime.periods import Period, PeriodUnit

#: How a unit is written -> the unit.
UNITS: Mapping[str, PeriodUnit] = {
    "working day": PeriodUnit.WORKING_DAYS,
    "working days": PeriodUnit.WORKING_DAYS,
    "个工作日": PeriodUnit.WORKING_DAYS,
    "工作日": PeriodUnit.WORKING_DAYS,
    "day": PeriodUnit.DAYS,
    "days": PeriodUnit.DAYS,
    "日": PeriodUnit.DAYS,
    "天": PeriodUnit.DAYS,
    "个自然日": PeriodUnit.DAYS,
    "month": PeriodUnit.MONTHS,
    "months": PeriodUnit.MONTHS,
    "个月": PeriodUnit.MONTHS,
    "year": PeriodUnit.YEARS,
    "years": PeriodUnit.YEARS,
    "年": PeriodUnit.YEARS,
    "hour": PeriodUnit.HOURS,
    "hours": PeriodUnit.HOURS,
    "office hour": PeriodUnit.OFFICE_HOURS,
    "office hours": PeriodUnit.OFFICE_HOURS,
    "个办公小时": PeriodUnit.OFFICE_HOURS,
    "办公小时": PeriodUnit.OFFICE_HOURS,
    "小时": PeriodUnit.HOURS,
    "个小时": PeriodUnit.HOURS,
}
#: A number and its unit.
PERIOD = re.compile(
    r"(0|[1-9]\d{0,4}) *(working days?|days?|months?|years?|office hours?|hours?|"
    r"个?工作日|个自然日|日|天|个月|年|个?办公小时|个?小时)"
)


@lru_cache(maxsize=1024)
def period_of(text: str) -> Period | None:
    """Return the period a text such as ``7 working days`` or ``3个月`` names; None where it names none."""
    found = PERIOD.fullmatch(text)
    return None if found is None else Period(int(found.group(1)), UNITS[found.group(2)])
