"""What has happened since a cursor, in one order over all cases: by the statements in which transactions said what they wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.access.query import QueryContext, query
from engine.kernel.budget import TEXT, read_json

if TYPE_CHECKING:
    from engine.lifecycle.chain import Event

__all__ = ["EventsSince", "events_since"]

#: Statements looked at for one answer.
MAX_STATEMENTS = 500


@dataclass(frozen=True, slots=True)
class EventsSince:
    """Events of cases the viewer sees, in the order in which they were committed, and where to go on from."""

    events: Sequence[tuple[int, Event]]
    #: The cursor of the next call; the same as before where nothing has happened since.
    cursor: int
    #: Whether there is more behind the cursor already.
    more: bool


@query("case.read")
def events_since(context: QueryContext, after: int = 0, limit: int = 100) -> EventsSince:
    """Return events of cases behind the cursor `after`: about `limit`, never part of what one transaction wrote."""
    statements = context.transaction.statements
    settled = statements.settled()
    found: list[tuple[int, Event]] = []
    cursor = after
    seen: dict[str, bool] = {}
    for one in statements.of(after=after, limit=MAX_STATEMENTS):
        if one.position > settled:
            # Another transaction may yet say something of a smaller position.
            return EventsSince(found, cursor, False)
        if len(found) >= limit:
            return EventsSince(found, cursor, True)
        spans: Sequence[Sequence[Any]] = read_json(one.events.encode(), TEXT)
        for stream, first, last, _ in spans:
            if seen.setdefault(stream, _sees(context, stream)):
                events = context.transaction.events.of(stream, after=first - 1, limit=last - first + 1)
                found += [(one.position, event) for event in events]
        cursor = one.position
    return EventsSince(found, cursor, cursor < settled)


def _sees(context: QueryContext, stream: str) -> bool:
    case = context.transaction.cases.get(stream)
    return case is not None and context.sees(case)
