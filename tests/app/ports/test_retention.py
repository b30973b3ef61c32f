"""What was done with the file of a case is kept as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from engine.app.ports.retention import RetentionRecord, RetentionState

RECORD = RetentionRecord(
    case="visit-1",
    state=RetentionState.DESTROYED,
    at=datetime(2036, 3, 2, 8, tzinfo=UTC),
    by="anna",
    reason="保管期满",
    until=date(2036, 1, 1),
    destroyed={"visit-1/1": "ab" * 32},
)


def test_a_record_is_read_as_it_was_written() -> None:
    body = RECORD.as_json()
    assert (body["state"], body["until"], body["destroyed"]) == (
        "destroyed",
        "2036-01-01",
        {"visit-1/1": "ab" * 32},
    )
    assert RetentionRecord.from_json(body) == RECORD
    without = replace(RECORD, until=None, state=RetentionState.BIN)
    assert RetentionRecord.from_json(without.as_json()) == without
