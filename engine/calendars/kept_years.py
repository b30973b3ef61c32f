"""Years of a calendar as they were read: the shipped ones are kept so beside their files, and need not be read at each start.

``python -m engine.calendars`` writes them; a test compares them with the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.worktime.calendar import UnusualDay, YearData


def written(years: Iterable[YearData]) -> str:
    """Return years as a text that `years_of` reads."""
    found = [
        {
            "year": one.year,
            "title": one.title,
            "source": one.source,
            "holidays": {day.isoformat(): name for day, name in one.holidays.items()},
            "workdays": sorted(day.isoformat() for day in one.workdays),
            "confirmed": _unusual(one.confirmed),
            "unusual": _unusual(one.unusual),
        }
        for one in years
    ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def years_of(content: bytes) -> tuple[YearData, ...]:
    """Return the years of a text `written` gave."""
    day = date.fromisoformat
    return tuple(
        YearData(
            one["year"],
            one["title"],
            one["source"],
            {day(text): name for text, name in one["holidays"].items()},
            frozenset(map(day, one["workdays"])),
            _days(one["confirmed"]),
            _days(one["unusual"]),
        )
        for one in json.loads(content)
    )


def _unusual(days: Iterable[UnusualDay]) -> list[list[str]]:
    return [[one.day.isoformat(), one.rule, one.reason, one.by] for one in days]


def _days(found: Iterable[list[Any]]) -> tuple[UnusualDay, ...]:
    return tuple(UnusualDay(date.fromisoformat(day), *rest) for day, *rest in found)
