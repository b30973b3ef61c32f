"""Tasks by the day they are due: a month in weeks, or one week."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta

from engine.app.queries.worklist import tasks_between
from engine.kernel.refusal import Refusal
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit


def show(visit: PageVisit) -> Answer:
    """Show the month, or with ``week`` the week, of a day of the address; of one's own tasks or of one's section."""
    day = _day(visit)
    week = visit.query.get("as") == "week"
    section = visit.query.get("of") == "section"
    if week:
        monday = day - timedelta(days=day.weekday())
        weeks = [[monday + timedelta(days=number) for number in range(7)]]
        before, after = monday - timedelta(days=7), monday + timedelta(days=7)
    else:
        weeks = Calendar().monthdatescalendar(day.year, day.month)
        before, after = day.replace(day=1) - timedelta(days=1), day.replace(day=28) + timedelta(days=4)
    found = tasks_between(
        visit.workbench.application, visit.person, weeks[0][0], weeks[-1][-1], section=section
    )
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(
        visit,
        "agenda.html",
        day=day,
        today=visit.workbench.today(),
        weeks=weeks,
        found=found,
        week=week,
        section=section,
        before=before,
        after=after.replace(day=1) if not week else after,
    )


def _day(visit: PageVisit) -> date:
    """Return the day of the address, between the years 1900 and 2200; today without one."""
    try:
        day = date.fromisoformat(visit.query.get("day", ""))
    except ValueError:
        return visit.workbench.today()
    return day if 1900 <= day.year <= 2200 else visit.workbench.today()
