"""The repository of acts that two have to agree to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.app.ports.records import Proposal


class Proposals(Protocol):
    """Acts that two have to agree to."""

    def all(self) -> list[Proposal]:
        """Return every proposal ever made, in the order in which they were made."""
        ...

    def get(self, proposal_id: str) -> Proposal | None:
        """Return a proposal by its id."""
        ...

    def add(self, proposal: Proposal) -> None:
        """Store a new proposal. Raises ConflictError where its id is taken."""
        ...

    def decide(self, before: Proposal, status: str, by: str, at: datetime, reason: str | None) -> None:
        """Give a proposal another status. Raises ConflictError where it no longer has that of `before`."""
        ...
