"""What a new calendar year would bring."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.execution.calendar_change import CalendarChange, plan_change
from engine.app.execution.recompute import MovedDeadline
from engine.app.services import Services
from engine.calendars.unusual import DayConfirmation, settle_year
from engine.kernel.refusal import Refusal, RefusalReason
from engine.worktime.calendar import YearData

__all__ = ["CalendarChange", "DayConfirmation", "MovedDeadline", "preview_year"]


@query("calendar.change")
def preview_year(
    context: QueryContext, data: YearData, confirm: Sequence[DayConfirmation] = ()
) -> CalendarChange | Refusal:
    """Return what taking up `data` would change in the calendar, and which running deadlines it would move.

    Its `data` says which unusual days are confirmed, and which are not.
    """
    source = context.source
    before = source.definitions.time.calendar.year(data.year)
    settled = settle_year(data, before, confirm, context.viewer.id)
    if isinstance(settled, RefusalReason):
        return Refusal(None, "", (settled,))
    data = settled
    services = Services(source.store, source.clock, source.definitions)
    return plan_change(services, context.transaction, context.now, data)
