"""The sheet of an inspector, and the tasks somebody holds."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.people.persons import Person, person_of
from engine.app.ports.worklist import WorkItem
from engine.app.registers.private_columns import note_shown, private_columns_of
from engine.app.reports.inspector_sheet import InspectorSheet, cases_with, leave_of
from engine.app.reports.reports import instant_in
from engine.app.worklist.work_items import work_items_of
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

__all__ = ["InspectorSheet", "WorkItem", "inspector_sheet", "tasks_held"]

#: Tasks of one person that are listed.
MAX_TASKS = 10_000


@query("task.read")
def inspector_sheet(context: QueryContext, person: str, year: int | None = None) -> InspectorSheet | Refusal:
    """Return the sheet of a person for a year; cases of other sections are counted only."""
    found = _known(context, person)
    if isinstance(found, Refusal):
        return found
    zone = context.source.definitions.time.zone
    now = instant_in(year, context.now, zone)
    entry = context.transaction.registers.get("inspectors", person)
    private = private_columns_of(context, "inspectors")
    if entry is not None:
        note_shown(context, private, f"inspectors/{person}", [entry])
    cases, hidden = cases_with(context.transaction, person, now, zone, context.lists)
    return InspectorSheet(
        found,
        now.astimezone(zone).year,
        private.without(entry) if entry is not None else None,
        [
            one
            for one in work_items_of(context.transaction, person, context.now, MAX_TASKS) or ()
            if _shown(context, one)
        ],
        cases,
        leave_of(context.transaction, person),
        hidden,
    )


@query("task.read")
def tasks_held(context: QueryContext, person: str) -> Sequence[WorkItem] | Refusal:
    """Return the tasks that are a person's own, by name or because they took them on: what is handed over when they leave."""
    found = _known(context, person)
    if isinstance(found, Refusal):
        return found
    items = work_items_of(context.transaction, person, context.now, MAX_TASKS) or ()
    return [
        one
        for one in items
        if (f"p:{person}" in one.holders or one.task.assignee == person) and _shown(context, one)
    ]


def _shown(context: QueryContext, item: WorkItem) -> bool:
    return context.lists_task(item.task.section, item.task.case)


def _known(context: QueryContext, person: str) -> Person | Refusal:
    found = person_of(context.transaction, person)
    if found is None:
        message = say("名录中没有“{person}”这个人", person=person)
        return Refusal(None, "", (RefusalReason("unknown-person", message, next=NextAction("list_people")),))
    return found
