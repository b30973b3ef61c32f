"""What was sent and what was not: the outbox as a log, for whoever looks after the deployment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query

if TYPE_CHECKING:
    from engine.app.ports.records import OutboxItem

__all__ = ["STATUSES", "Deliveries", "list_deliveries"]

#: What may have become of something that was to be sent.
STATUSES = "waiting sent incident dismissed"
#: Rows looked through where some of them are not shown.
_MAX_SEEN = 10_000


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Items of the outbox, newest first, and the channels of the deployment."""

    rows: Sequence[OutboxItem]
    channels: Sequence[str]


@query("incident.read")
def list_deliveries(context: QueryContext, status: str | None = None, limit: int = 100) -> Deliveries:
    """Return what was sent, or waits, or could not be sent: newest first, `limit` at most; of cases the viewer sees."""
    known = status if status in STATUSES.split() else None
    outbox = context.transaction.outbox
    if not context.limited:
        return Deliveries(outbox.listed(status=known, limit=limit), _channels(context))
    found = [one for one in outbox.listed(status=known, limit=_MAX_SEEN) if _sees(context, one)]
    return Deliveries(found[:limit], _channels(context))


def _sees(context: QueryContext, item: OutboxItem) -> bool:
    case = context.transaction.cases.get(item.case) if item.case else None
    return case is None or context.sees(case)


def _channels(context: QueryContext) -> tuple[str, ...]:
    return tuple(getattr(context.source, "channels", ()))
