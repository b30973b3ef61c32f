"""What requests answered, in SQL."""

from __future__ import annotations

from sqlalchemy import select

from engine.app.ports.records import IdempotencyRecord
from engine.app.ports.store import ConflictError
from engine.store.codec import idempotency_of, idempotency_row
from engine.store.sql.prepared import ASK, DriverConnection, PreparedStatement, bind, insert_new, insert_plain
from engine.store.sql.tables import idempotency_key

GET = PreparedStatement(
    select(idempotency_key).where(idempotency_key.c.id == bind(idempotency_key, "id")), "id"
)
PUT, ADD = insert_new(idempotency_key), insert_plain(idempotency_key)


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
            row = self._driver.first(GET, (request_id,))
        return None if row is None else idempotency_of(row)

    def put(self, record: IdempotencyRecord) -> None:
        """Store the answer of a request. Raises ConflictError where its id is taken."""
        row = idempotency_row(record)
        if self._driver.piped:
            # Where its id is taken the transaction fails, and is tried again.
            self._driver.send("idempotency_key", (ADD, [row]))
        elif self._driver.run_many(PUT, [row]) != 1:
            raise ConflictError(record.request_id)
        self._driver.wrote("idempotency_key", [row])
