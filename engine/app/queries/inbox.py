"""收件箱: what a person was sent."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.ports.records import InboxEntry

__all__ = ["InboxEntry", "list_inbox"]


@query("inbox.read", about="person")
def list_inbox(
    context: QueryContext, *, person: str, everything: bool = False, limit: int = 200
) -> Sequence[InboxEntry]:
    """Return what `person` was sent and has not acknowledged, newest first; with `everything` the rest too."""
    return context.transaction.inbox.of(person, unacked=not everything, limit=limit)
