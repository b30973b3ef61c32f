"""委托: who acts for whom, from which day to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.app.access.query import QueryContext, query
from engine.app.people.delegation import delegations, delegations_by_one
from engine.app.ports.records import Delegation

__all__ = ["Delegation", "list_delegations"]


@query("delegation.read")
def list_delegations(context: QueryContext, *, everything: bool = False) -> Sequence[Delegation]:
    """Return the delegations that run or will run, oldest first; with `everything` those that are over too.

    Each says whether one person alone gave it for another (单人办理).
    """
    alone = delegations_by_one(context.transaction)
    return [
        replace(one, single_handed=one.id in alone)
        for one in delegations(context.transaction)
        if everything or (not one.ended and one.ends > context.now)
    ]
