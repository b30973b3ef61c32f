"""回执: the receipts of copies of a case, in its history and in the inbox of who has read them; one brings the other about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lifecycle.case import EventKind
from engine.lifecycle.command import Actor
from engine.lifecycle.verbs.circulate import Read, unread

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


def give_receipt(uow: UnitOfWork, case_id: str, person: str) -> None:
    """Enter into the history of a case that `person` has read their copy, where they have one they have not read."""
    from engine.app.execution.execute import execute

    case = uow.case(case_id)
    if case is not None and person in unread(case):
        execute(uow, case, Read(actor=uow.people.actor(person) or Actor(person)))
