"""The inbox of a person: what they were told, until they say that they have read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.records import InboxEntry
    from engine.app.services import Services

#: Everything somebody has not acknowledged is taken at once; nobody has more than this.
MOST = 100_000


def as_json(entry: InboxEntry) -> dict[str, Any]:
    """Return plain values of an entry."""
    return {
        "id": entry.id,
        "case": entry.case,
        "about": entry.about,
        "title": entry.title,
        "text": entry.text,
        "urgent": entry.urgent,
        "created_at": entry.created_at.isoformat(),
        "acked_at": entry.acked_at.isoformat() if entry.acked_at else None,
    }


def acknowledge(
    services: Services, person: str, ids: Sequence[str] | None
) -> tuple[list[str], list[Message]]:
    """Note that `person` has read entries of their own inbox (all of them for None).

    Returns the ids this changed and what could not be done. Acknowledging twice does no harm and changes nothing.
    """
    from engine.app.people.directory import find_actor

    with services.store.write() as transaction:
        if find_actor(transaction, person) is None:
            return [], [say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=person)]
        mine = {entry.id for entry in transaction.inbox.of(person, unacked=ids is None, limit=MOST)}
        wanted = list(mine) if ids is None else [one for one in ids if one in mine]
        marked = transaction.inbox.ack(person, sorted(wanted), services.clock.now())
        if marked:
            add_entry(transaction, services.clock.now(), "acknowledged", person, {"messages": marked})
    strange = [] if ids is None else [one for one in ids if one not in mine]
    problems = [
        say("“{person}”的收件箱里没有消息“{id}”；用 ssj inbox list --as {person} 查看", person=person, id=one)
        for one in strange
    ]
    return marked, problems
