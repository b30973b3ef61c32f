"""Reads a history and makes a case again from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.app.ports.store import Transaction
from engine.lifecycle.case import Case, Change, evolve
from engine.lifecycle.chain import Event
from engine.lifecycle.forms.personal import KeptTexts, read_back, without_texts

#: Events fetched at a time.
PAGE = 2000


def history(transaction: Transaction, stream: str) -> Iterator[Event]:
    """Yield all events of a stream, page by page."""
    after = 0
    while page := transaction.events.of(stream, after=after, limit=PAGE):
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].seq


def replay(events: list[Event], personal: KeptTexts | None = None) -> Case:
    """Make a case again from its history. Raises ValueError for a history without entries.

    `personal` are the texts the case keeps beside it; without them their ids stand in their place.
    """
    if not events:
        raise ValueError("a history without entries makes no case")
    if personal is not None:
        events = [with_texts(event, personal) for event in events]
    first, *rest = events
    case = begin(first)
    for event in rest:
        case = after_event(case, event)
    return case


def other_facts(made: Case, case: Case) -> list[str]:
    """Return the names of what a case says otherwise than one made from its history; both with ids in the place of personal texts.

    Of cases begun before it was kept, nothing says who opened them.
    """
    if made == case and case.opened_by in (None, made.opened_by):
        return []
    return [
        name
        for name in Case.__dataclass_fields__
        # The personal texts are beside the case: no history makes them.
        if name != "personal"
        and getattr(made, name) != getattr(case, name)
        and (name != "opened_by" or case.opened_by is not None)
    ]


def with_texts(event: Event, personal: KeptTexts | None) -> Event:
    """Return an entry of a case with the personal texts the case keeps beside it, to be read and not to be hashed."""
    return event if personal is None else replace(event, body=read_back(event.body, personal), text="")


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


def in_history(case: Case) -> Case:
    """Return a case as its history alone makes it: with ids in the place of the personal texts it keeps."""
    if case.personal is None:
        return case
    return replace(
        case,
        subject=without_texts(case.subject),
        fields=without_texts(case.fields),
        forms=without_texts(case.forms),
        signing={
            step: replace(one, answers=without_texts(one.answers)) for step, one in case.signing.items()
        },
        asked=without_texts(case.asked),
        branches=without_texts(case.branches),
        entrusted=without_texts(case.entrusted),
        copies=without_texts(case.copies),
    )


def after_event(case: Case, event: Event) -> Case:
    """Return a case as the next entry of its history leaves it."""
    return evolve(case, Change.from_json(event.body), event.at, event.seq, event.hash)
