"""On which day which issue of a lottery is drawn, as the kit holds it.

The calendar of a year lists the days in order; the number of an issue is its place, so a day cannot be given to another
issue without moving all that follow. A draw day is left out only in the two long holidays, and not often.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.draw.v2.shapes import Table, day, one_of

CALENDAR_SPEC = "ssj-draw-calendar/2"
#: Lottery -> the days of the week it is drawn on, Monday being 1.
DRAWN_ON: Mapping[str, tuple[int, ...]] = {
    "ssq": (2, 4, 7),
    "dlt": (1, 3, 6),
    "fc3d": (1, 2, 3, 4, 5, 6, 7),
    "pl3": (1, 2, 3, 4, 5, 6, 7),
    "pl5": (1, 2, 3, 4, 5, 6, 7),
}
#: The days of a year on which draws may be left out: around the Spring Festival, and in the week of the National Day.
HOLIDAYS = (("01-15", "03-05"), ("10-01", "10-08"))
#: How many draws of a year may be left out, for lotteries of three draws a week and of one a day.
MAX_LEFT_OUT = (8, 20)
CALENDAR = {"spec": one_of(CALENDAR_SPEC), "issues": Table(Table([day]))}


def year_fault(kind: str, year: str, days: list[str]) -> str:
    """Return the first day at which a lottery's year is not as lotteries are drawn, or an empty text."""
    if kind not in DRAWN_ON or not (len(year) == 4 and year.isascii() and year.isdigit() and year > "2000"):
        return f"{kind} {year}"
    left, at = 0, date(int(year), 1, 1)
    for text in days:
        given = date.fromisoformat(text)
        if given < at or given.isoweekday() not in DRAWN_ON[kind] or text[:4] != year:
            return text
        while at < given:
            if at.isoweekday() in DRAWN_ON[kind]:
                left += 1
                if not any(start <= at.isoformat()[5:] <= end for start, end in HOLIDAYS):
                    return text
            at += timedelta(days=1)
        at = given + timedelta(days=1)
    return days[-1] if left > MAX_LEFT_OUT[len(DRAWN_ON[kind]) == 7] else ""


def day_of_issue(calendar: Mapping[str, Any], kind: str, issue: str) -> str:
    """Return the day on which an issue is drawn, or an empty text where the calendar does not have it."""
    days = calendar["issues"].get(kind, {}).get(issue[:4], [])
    place = int(issue[4:])
    return str(days[place - 1]) if 1 <= place <= len(days) else ""


def make_year(kind: str, year: int, without: frozenset[str] = frozenset()) -> list[str]:
    """Return the draw days of a lottery in a year, without those of `without`."""
    first = date(year, 1, 1)
    all_days = [first + timedelta(days=number) for number in range(366)]
    return [
        one.isoformat()
        for one in all_days
        if one.year == year and one.isoweekday() in DRAWN_ON[kind] and one.isoformat() not in without
    ]
