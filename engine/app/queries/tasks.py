"""Tasks: what a person, a section or the bureau has to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.ports.worklist import WorkItem
from engine.app.worklist.single_handed import marked_items
from engine.app.worklist.work_items import work_items, work_items_of
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.worklist import SheetLine, Week

__all__ = ["SheetLine", "Week", "WorkItem", "calendar_feed", "list_tasks", "week_sheet"]

#: Tasks read where a cut of them is asked for: the cut comes before the limit.
MAX_TASKS = 100_000


@query("task.read")
def list_tasks(
    context: QueryContext,
    *,
    person: str | None = None,
    section: str | None = None,
    overdue: bool = False,
    waiting: bool = False,
    mine: bool = False,
    this_week: tzinfo | None = None,
    limit: int = 200,
) -> Sequence[WorkItem] | Refusal:
    """Return open tasks, earliest due first: of `person`, or of everybody the viewer sees.

    `waiting`: tasks of others on cases the person has had a hand in. `mine`: named for the person, or claimed by them.
    `this_week`: due this week, as it is in that zone.
    """
    now, transaction = context.now, context.transaction
    cut = mine or waiting or this_week is not None or context.limited or person is not None
    most = (
        MAX_TASKS if cut and (person is None or mine or waiting or this_week or overdue or section) else limit
    )
    if person is None:
        found = work_items(transaction, now, section=section, overdue=overdue, limit=most)
        found = _listed(context, found)
    else:
        asked = _of_person(context, person, waiting, most)
        if asked is None:
            return _unknown(person)
        found = [
            item for item in asked if (not overdue or item.late) and section in (None, item.task.section)
        ]
    if mine or this_week is not None:
        from engine.app.worklist import cuts

        found = cuts.mine(found, person) if mine and person is not None else found
        found = cuts.due_within(found, *cuts.week_of(now, this_week)) if this_week is not None else found
    if not found and section is not None:
        from engine.app.definitions.codes import unknown_section

        if (unknown := unknown_section(context.bureau, section)) is not None:
            return unknown
    return marked_items(transaction, found[:limit])


@query("task.read")
def calendar_feed(context: QueryContext, person: str, name: Message) -> bytes | Refusal:
    """Return the deadlines of a person as an iCalendar file; of another's only those the viewer sees."""
    from engine.app.worklist.icalendar import calendar_feed as feed

    found = _of_person(context, person, False, MAX_TASKS)
    return _unknown(person) if found is None else feed(found, name)


@query("task.read")
def week_sheet(context: QueryContext, section: str) -> Week | Refusal:
    """Return what a section has to do this week."""
    from engine.app.definitions.codes import unknown_section
    from engine.app.worklist.cuts import week_sheet as sheet

    bureau = context.bureau
    if (unknown := unknown_section(bureau, section)) is not None:
        return unknown
    if not context.sees_section(section):
        message = say("“{person}”只能看本股室的待办", person=context.viewer.id)
        return Refusal(None, "", (RefusalReason("not-allowed", message),))
    title = bureau.sections[section] if bureau is not None else section
    return sheet(context.transaction, section, context.now, context.source.definitions.time.zone, title)


def _of_person(context: QueryContext, person: str, waiting: bool, most: int) -> list[WorkItem] | None:
    if waiting:
        from engine.app.worklist.cuts import waiting_for_others

        found = waiting_for_others(context.transaction, person, context.now, most)
    else:
        found = work_items_of(context.transaction, person, context.now, most)
    if found is None or person == context.viewer.id:
        return found
    return _listed(context, found)


def _listed(context: QueryContext, found: Iterable[WorkItem]) -> list[WorkItem]:
    """Return the work items that stand in the viewer's lists."""
    return [item for item in found if context.lists_task(item.task.section, item.task.case)]


def _unknown(person: str) -> Refusal:
    message = say("名录中没有“{person}”这个人", person=person)
    return Refusal(None, "", (RefusalReason("unknown-person", message, next=NextAction("list_staff")),))
