"""Which tasks a command for many means."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.ports.worklist import WorkItem
from engine.app.worklist.bulk import BulkItem, BulkReport, TaskFilter
from engine.app.worklist.work_items import work_items

__all__ = ["BulkItem", "BulkReport", "TaskFilter", "select_tasks"]

#: Tasks looked at for one bulk command.
MAX_TASKS = 100_000


@query("task.read")
def select_tasks(context: QueryContext, wanted: TaskFilter) -> Sequence[WorkItem]:
    """Return the open tasks that are meant and that the viewer sees, earliest due first."""
    found = work_items(context.transaction, context.now, limit=MAX_TASKS)
    return [
        item for item in found if wanted.fits(item) and context.lists_task(item.task.section, item.task.case)
    ]
