"""Reads a history and makes a case again from it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.app.ports.store import Transaction
from engine.lifecycle.case import Case, Change, evolve
from engine.lifecycle.chain import Event

#: Events fetched at a time.
PAGE = 2000


def history(transaction: Transaction, stream: str) -> Iterator[Event]:
    """Yield all events of a stream, page by page."""
    after = 0
    while page := transaction.events.of(stream, after=after, limit=PAGE):
        yield from page
        after = page[-1].seq


def replay(events: list[Event]) -> Case:
    """Make a case again from its history. Raises ValueError for a history without entries."""
    if not events:
        raise ValueError("a history without entries makes no case")
    first, *rest = events
    case = begin(first)
    for event in rest:
        case = _after(case, event)
    return case


def begin(first: Event) -> Case:
    """Return the case as its first event makes it."""
    body = first.body
    begun = Change.from_json(body)
    return Case(
        id=first.stream,
        workflow=body["workflow"],
        version=body["version"],
        state=body["state"],
        rev=1,
        head=first.hash,
        title=body["title"],
        section=body["section"],
        opened_at=first.at,
        opened_by=first.actor,
        entered_at=first.at,
        parent=body["parent"],
        closed_at=first.at if body.get("final") else None,
        subject=body["subject"],
        fields=begun.fields,
        forms={begun.form: begun.answers or {}} if begun.form else {},
        parties=begun.parties,
        clocks={name: clock for name, clock in begun.clocks.items() if clock is not None},
    )


def _after(case: Case, event: Event) -> Case:
    return evolve(case, Change.from_json(event.body), event.at, event.seq, event.hash)
