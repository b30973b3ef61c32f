"""One message into the inboxes of several people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.ports.records import InboxEntry

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction


def put_into_inboxes(
    transaction: Transaction,
    now: datetime,
    people: Iterable[str],
    *,
    name: str,
    about: str,
    title: object,
    text: object,
    urgent: bool = False,
) -> None:
    """Put a message that is about no case into the inboxes of `people`, each of them once.

    `name` tells the message from every other: where somebody has it already, theirs is left as it is, read or not.
    """
    entries = [
        InboxEntry(
            id=f"{name}:{one}",
            recipient=one,
            case=None,
            about=about,
            title=str(title),
            text=str(text),
            urgent=urgent,
            created_at=now,
        )
        for one in dict.fromkeys(people)
    ]
    if entries:
        transaction.inbox.put(entries)
