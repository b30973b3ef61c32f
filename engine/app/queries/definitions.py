"""Rules: published definitions, whether files differ from them, and what a new calendar year would bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.definitions.publishing import Published, compare_with_published
from engine.app.execution.calendar_change import CalendarChange, plan_change
from engine.app.execution.recompute import MovedDeadline
from engine.app.ports.records import Version
from engine.app.services import Services
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.lifecycle.process import Process
    from engine.worktime.calendar import YearData

__all__ = [
    "CalendarChange",
    "MovedDeadline",
    "Published",
    "Version",
    "compare_definitions",
    "list_definitions",
    "preview_year",
    "show_definition",
]


@query("definition.read")
def list_definitions(context: QueryContext) -> Sequence[Version]:
    """Return every published version."""
    return context.transaction.definitions.versions()


@query("definition.read")
def show_definition(context: QueryContext, workflow: str) -> Process | Refusal:
    """Return a workflow as it was published last."""
    found = context.source.definitions.latest(context.transaction, workflow)
    if found is not None:
        return found
    reason = RefusalReason(
        "workflow",
        say("没有已发布的流程“{workflow}”", workflow=workflow),
        next=NextAction("list_definitions"),
    )
    return Refusal(None, "", (reason,))


@query("definition.read")
def compare_definitions(context: QueryContext, loaded: Loaded) -> Published:
    """Return which workflows of `loaded` differ from what is published."""
    return compare_with_published(context.transaction, loaded)


@query("calendar.read")
def preview_year(context: QueryContext, data: YearData) -> CalendarChange:
    """Return what taking up `data` would change in the calendar, and which running deadlines it would move."""
    source = context.source
    services = Services(source.store, source.clock, source.definitions)
    return plan_change(services, context.transaction, context.now, data)
