"""Files whose time is near or over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.app.access.query import QueryContext, query
from engine.app.papers.retention import KeptUntil, kept_until
from engine.app.ports.records import CaseFilter
from engine.app.ports.retention import RetentionState
from engine.app.services import Services
from engine.app.session.unit_of_work import UnitOfWork

__all__ = ["KeptUntil", "RetentionState", "list_retention"]

#: More cases than any office files.
MAX_CASES = 1_000_000


@query("document.read")
def list_retention(
    context: QueryContext, by: date | None = None, *, every: bool = False
) -> Sequence[KeptUntil]:
    """Return the files whose notice has begun by a day (today), earliest end first; with `every` those of all closed cases."""
    source = context.source
    services = Services(source.store, source.clock, source.definitions)
    uow = UnitOfWork(services, context.transaction, context.now)
    day = by or context.now.astimezone(source.definitions.time.zone).date()
    found = []
    for case in context.transaction.cases.find(CaseFilter(open=False), limit=MAX_CASES):
        if not context.lists(case) or uow.process(case).workflow.archive is None:
            continue
        kept = kept_until(uow, case)
        begins = kept.notice or kept.until
        if every or (begins is not None and begins <= day) or kept.state is not RetentionState.KEPT:
            found.append(kept)
    return sorted(found, key=lambda one: (one.until or date.max, one.case))
