"""Signatures and records of retention in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.retention import RetentionRecord
from engine.app.ports.signatures import SignatureRecord
from engine.app.ports.store import ConflictError
from engine.store.filing_codec import retention_of, retention_row, signature_of, signature_row
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core.filing import signatures as core
else:
    core = kept("filing.signatures")


class SqlSignatures:
    """`engine.app.ports.signatures.SignatureRecords`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def add(self, signature: SignatureRecord) -> None:
        """Store a signature. Raises ConflictError where its id is taken."""
        row = signature_row(signature)
        if self._driver.run(core.ADD, row).rowcount != 1:
            raise ConflictError(signature.case)
        self._driver.wrote("signature", [row])

    def of_case(self, case_id: str) -> list[SignatureRecord]:
        """Return the signatures of a case, in the order in which they were entered."""
        return [signature_of(row) for row in self._driver.run(core.OF_CASE, (case_id,))]


class SqlRetention:
    """`engine.app.ports.retention.Retention`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, case_id: str) -> RetentionRecord | None:
        """Return the record of a case."""
        row = self._driver.first(core.GET, (case_id,))
        return None if row is None else retention_of(row)

    def put(self, record: RetentionRecord) -> None:
        """Store the record of a case; the one before it is replaced."""
        row = retention_row(record)
        if (found := self._driver.first(core.GET, (record.case,))) is not None:
            self._driver.replaces("retention", [found])
        self._driver.run(core.PUT, row)
        self._driver.wrote("retention", [row])

    def all(self) -> list[RetentionRecord]:
        """Return all records, ordered by case."""
        return [retention_of(row) for row in self._driver.run(core.ALL)]
