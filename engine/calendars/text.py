"""Calendars as people and programs read them: the list of years, and one year in full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.calendars.year import ranges
from engine.language import Message, say
from engine.worktime.calendar import Calendar, DayKind, DayStatus


def years_as_text(calendar: Calendar) -> str:
    """Return a line for each published year: year, days off, make-up days, source; tabs between."""
    lines = [
        f"{data.year}\t{say('放假 {off} 天', off=len(data.holidays))}"
        f"\t{say('调休上班 {worked} 天', worked=len(data.workdays))}\t{data.source}"
        for data in calendar.years
    ]
    through = calendar.published_through
    if through is not None:
        lines.append(str(say("放假安排公布到 {through} 年，其后的推算为暂定", through=through)))
    return "\n".join(lines)


def years_as_json(calendar: Calendar) -> dict[str, Any]:
    """Return the same as plain values."""
    return {
        "calendar": calendar.version,
        "published_through": calendar.published_through,
        "years": [
            {
                "year": data.year,
                "title": data.title,
                "source": data.source,
                "days_off": len(data.holidays),
                "make_up_days": len(data.workdays),
            }
            for data in calendar.years
        ],
    }


def year_as_text(calendar: Calendar, year: int) -> str:
    """Return one year: its source, the days off by name, the make-up days, the bureau's own days."""
    data = calendar.year(year)
    days = calendar.days(year)
    lines: list[Message | str] = []
    if data is not None:
        lines += [data.title, say("来源：{source}", source=data.source)]
    else:
        lines.append(say("{year} 年（暂定：放假安排尚未公布）", year=year))
    for name, found in _by_name(days, DayKind.HOLIDAY):
        lines.append(say("放假  {name}  {days}", name=name, days=list(ranges(found))))
    made_up = [day for day, status in days if status.kind is DayKind.MAKE_UP]
    if made_up:
        lines.append(say("调休上班  {days}", days=[day.isoformat() for day in made_up]))
    for name, found in _by_name(days, DayKind.CLOSURE):
        lines.append(say("本单位不办公  {days}  {name}", name=name, days=list(ranges(found))))
    for name, found in _by_name(days, DayKind.OPENING):
        lines.append(say("本单位照常办公  {days}  {name}", name=name, days=list(ranges(found))))
    lines.append(say("全年工作日 {count} 天", count=working_days_in(calendar, year)))
    return "\n".join(str(entry) for entry in lines)


def year_as_json(calendar: Calendar, year: int) -> dict[str, Any]:
    """Return one year as plain values."""
    data = calendar.year(year)
    return {
        "year": year,
        "title": data.title if data else None,
        "source": data.source if data else None,
        "provisional": data is None,
        "working_days": working_days_in(calendar, year),
        "days": [
            {"date": day, "kind": status.kind.value, "name": status.name, "working": status.working}
            for day, status in calendar.days(year)
        ],
        "calendar": calendar.version,
    }


def working_days_in(calendar: Calendar, year: int) -> int:
    """Return how many days of `year` are worked."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return calendar.table.number_up_to(last) - calendar.table.number_up_to(first - 1)


def _by_name(days: Iterable[tuple[date, DayStatus]], kind: DayKind) -> list[tuple[str, list[date]]]:
    found: dict[str, list[date]] = {}
    for day, status in days:
        if status.kind is kind:
            found.setdefault(status.name, []).append(day)
    return list(found.items())
