"""Delegations in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.records import Delegation
from engine.app.ports.store import ConflictError
from engine.store.people_codec import delegation_of, delegation_row
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core.people import delegations as core
else:
    core = kept("people.delegations")


class SqlDelegations:
    """`engine.app.ports.repositories.Delegations`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def all(self) -> list[Delegation]:
        """Return every delegation ever made, in the order in which they were made."""
        return [delegation_of(row) for row in self._driver.run(core.ALL)]

    def add(self, delegation: Delegation, number: int | None = None) -> None:
        """Store a new delegation. Raises ConflictError where its id is taken.

        `number` is its place among all ever made; without it every row is looked at to find that.
        """
        self._driver.touched = True
        if number is None:
            number = self._driver.run(core.NEXT).scalar_one()
        first, *rest = delegation_row(delegation)
        row = (first, number, *rest)
        if self._driver.run(core.ADD, row).rowcount != 1:
            raise ConflictError(delegation.id)
        self._driver.wrote("delegation", [row])

    def end(self, delegation_id: str) -> None:
        """Mark a delegation as taken back before its last day."""
        self._driver.touched = True
        if self._driver.run(core.END, (delegation_id,)).rowcount:
            self._driver.changed("delegation.ended", [(delegation_id, True)])
