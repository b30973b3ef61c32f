"""Proposals in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, func, literal_column, select, update

from engine.app.ports.records import Proposal
from engine.app.ports.store import ConflictError
from engine.kernel.instants import to_text
from engine.store.people_codec import proposal_of, proposal_row
from engine.store.sql.building import bind, insert_new
from engine.store.sql.prepared import DriverConnection, PreparedStatement
from engine.store.sql.tables import proposal

_COLUMNS = [column for column in proposal.c if column.name != "number"]

ALL = PreparedStatement(select(*_COLUMNS).order_by(proposal.c.number, proposal.c.id))
GET = PreparedStatement(select(*_COLUMNS).where(proposal.c.id == bind(proposal, "id")), "id")
NEXT = PreparedStatement(
    select(
        func.coalesce(func.max(proposal.c.number), literal_column("0", Integer))
        + literal_column("1", Integer)
    )
)
ADD = insert_new(proposal)
DECIDE = PreparedStatement(
    update(proposal)
    .where(
        proposal.c.id == bind(proposal, "id", "proposal_id"),
        proposal.c.status == bind(proposal, "status", "seen"),
    )
    .values(
        status=bind(proposal, "status"),
        decided_by=bind(proposal, "decided_by"),
        decided_at=bind(proposal, "decided_at"),
        reason=bind(proposal, "reason"),
    ),
    "status",
    "decided_by",
    "decided_at",
    "reason",
    "proposal_id",
    "seen",
)


class SqlProposals:
    """`engine.app.ports.proposals.Proposals`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def all(self) -> list[Proposal]:
        """Return every proposal ever made, in the order in which they were made."""
        return [proposal_of(row) for row in self._driver.run(ALL)]

    def get(self, proposal_id: str) -> Proposal | None:
        """Return a proposal by its id."""
        row = self._driver.first(GET, (proposal_id,))
        return None if row is None else proposal_of(row)

    def add(self, proposal: Proposal) -> None:
        """Store a new proposal. Raises ConflictError where its id is taken."""
        number = self._driver.run(NEXT).scalar_one()
        first, *rest = proposal_row(proposal)
        row = (first, number, *rest)
        if self._driver.run(ADD, row).rowcount != 1:
            raise ConflictError(proposal.id)
        self._driver.wrote("proposal", [row])

    def decide(self, before: Proposal, status: str, by: str, at: datetime, reason: str | None) -> None:
        """Give a proposal another status. Raises ConflictError where it no longer has that of `before`."""
        decided = (status, by, to_text(at), reason)
        if self._driver.run(DECIDE, (*decided, before.id, before.status)).rowcount != 1:
            raise ConflictError(before.id)
        self._driver.changed("proposal.decided", [(before.id, *decided)])
