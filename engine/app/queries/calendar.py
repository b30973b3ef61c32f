"""What a new calendar year would bring."""

from __future__ import annotations

from engine.app.access.query import QueryContext, query
from engine.app.execution.calendar_change import CalendarChange, plan_change
from engine.app.execution.recompute import MovedDeadline
from engine.app.services import Services
from engine.worktime.calendar import YearData

__all__ = ["CalendarChange", "MovedDeadline", "preview_year"]


@query("calendar.change")
def preview_year(context: QueryContext, data: YearData) -> CalendarChange:
    """Return what taking up `data` would change in the calendar, and which running deadlines it would move."""
    source = context.source
    services = Services(source.store, source.clock, source.definitions)
    return plan_change(services, context.transaction, context.now, data)
