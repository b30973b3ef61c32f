"""回执: who has said that they have read the copy of a case need not acknowledge the message about it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork

#: More messages nobody has who has not acknowledged them.
MAX_ENTRIES = 10_000


def mark_read(uow: UnitOfWork, case_id: str, person: str) -> None:
    """Acknowledge the messages about the copies of a case in the inbox of whoever has read it."""
    uow.flush()
    found = uow.transaction.inbox.of(person, unacked=True, limit=MAX_ENTRIES)
    about = EventKind.CIRCULATED.value
    ids = sorted(entry.id for entry in found if entry.case == case_id and entry.about == about)
    if ids:
        uow.transaction.inbox.ack(person, ids, uow.now)
