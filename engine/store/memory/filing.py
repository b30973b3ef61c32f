"""Signatures and records of retention in memory."""

from __future__ import annotations

from engine.app.ports.retention import RetentionRecord
from engine.app.ports.signatures import SignatureRecord
from engine.app.ports.store import ConflictError
from engine.store import filing_codec
from engine.store.memory.undo_log import Groups, MemoryTable, UndoLog


class MemorySignatures:
    """`engine.app.ports.signatures.SignatureRecords`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._of_case: Groups[str, SignatureRecord] = Groups(lambda one: one.case)
        self._rows = MemoryTable(
            undo_log, self._of_case, table="signature", row=lambda _, one: filing_codec.signature_row(one)
        )

    def add(self, signature: SignatureRecord) -> None:
        """Store a signature. Raises ConflictError where its id is taken."""
        if self._rows.get(signature.id) is not None:
            raise ConflictError(signature.case)
        self._rows.put(signature.id, filing_codec.signature_of(filing_codec.signature_row(signature)))

    def of_case(self, case_id: str) -> list[SignatureRecord]:
        """Return the signatures of a case, in the order in which they were entered."""
        found = [self._rows.rows[key] for key in self._of_case.of(case_id)]
        return sorted(found, key=lambda one: (one.at, one.id))


class MemoryRetention:
    """`engine.app.ports.retention.Retention`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._rows: MemoryTable[str, RetentionRecord] = MemoryTable(
            undo_log, table="retention", row=lambda _, one: filing_codec.retention_row(one)
        )

    def get(self, case_id: str) -> RetentionRecord | None:
        """Return the record of a case."""
        return self._rows.get(case_id)

    def put(self, record: RetentionRecord) -> None:
        """Store the record of a case; the one before it is replaced."""
        self._rows.put(record.case, filing_codec.retention_of(filing_codec.retention_row(record)))

    def all(self) -> list[RetentionRecord]:
        """Return all records, ordered by case."""
        return [self._rows.rows[key] for key in sorted(self._rows.rows)]
