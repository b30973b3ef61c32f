"""委托: who acts for whom, from which day to which."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.people.delegation import delegations
from engine.app.ports.records import Delegation

__all__ = ["Delegation", "list_delegations"]


@query("delegation.read")
def list_delegations(context: QueryContext, *, everything: bool = False) -> Sequence[Delegation]:
    """Return the delegations that run or will run, oldest first; with `everything` those that are over too."""
    return [
        one
        for one in delegations(context.transaction)
        if everything or (not one.ended and one.ends > context.now)
    ]
