"""What requests answered, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.records import IdempotencyRecord
from engine.app.ports.store import ConflictError
from engine.store.codec import idempotency_of, idempotency_row
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import ASK, DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core import idempotency as core
else:
    core = kept("idempotency")


class SqlIdempotencyRecords:
    """What requests answered."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, request_id: str) -> IdempotencyRecord | None:
        """Return what a request answered, if it has been carried out."""
        ahead = self._driver.ahead
        row = ASK if ahead is None else ahead.pop(("request", request_id), ASK)
        if row is ASK:
            row = self._driver.first(core.GET, (request_id,))
        return None if row is None else idempotency_of(row)

    def put(self, record: IdempotencyRecord) -> None:
        """Store the answer of a request. Raises ConflictError where its id is taken."""
        row = idempotency_row(record)
        if self._driver.piped:
            # Where its id is taken the transaction fails, and is tried again.
            self._driver.send("idempotency_key", (core.ADD, [row]))
        elif self._driver.run_many(core.PUT, [row]) != 1:
            raise ConflictError(record.request_id)
        self._driver.wrote("idempotency_key", [row])
