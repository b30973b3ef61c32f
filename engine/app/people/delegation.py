"""委托: who acts for whom at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.app.ports.records import Delegation
    from engine.app.ports.store import Transaction


#: The stream of the history of delegations.
STREAM = "delegations"


def delegations(transaction: Transaction) -> list[Delegation]:
    """Return every delegation ever made, oldest first."""
    return transaction.delegations.all()


def principals_of(transaction: Transaction, person: str, now: datetime) -> list[str]:
    """Return the people `person` acts for at `now`."""
    return principals_in(delegations(transaction), person, now)


def principals_in(known: Iterable[Delegation], person: str, now: datetime) -> list[str]:
    """Return the people `person` acts for at `now` by these delegations."""
    return [found.principal for found in known if found.delegate == person and found.runs(now)]


def delegations_by_one(transaction: Transaction) -> frozenset[str]:
    """Return the ids of the delegations one person alone gave for another (单人办理), as their history says."""
    from engine.app.history.credential import SINGLE_HANDED
    from engine.app.history.replay import history

    return frozenset(
        str(event.body["id"])
        for event in history(transaction, STREAM)
        if event.kind == "delegated" and event.body.get(SINGLE_HANDED) is True
    )
