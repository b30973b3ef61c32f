from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Table

from engine.app.ports import records
from engine.store import codec, people_codec
from engine.store.sql import tables

NOW, DAY = datetime(2027, 3, 1, tzinfo=UTC), date(2027, 3, 1)


@pytest.mark.parametrize(
    ("table", "row", "read"),
    [
        (
            tables.task,
            codec.task_row(records.Task("c", "p:a", "w", "s", "t", "ct", None, None, DAY, NOW, False, NOW)),
            codec.task_of,
        ),
        (
            tables.outbox,
            codec.outbox_row(
                records.OutboxItem(
                    id="i",
                    kind="message",
                    channel="log",
                    recipient=None,
                    case=None,
                    payload={},
                    created_at=NOW,
                )
            ),
            codec.outbox_of,
        ),
        (
            tables.register_snapshot,
            codec.snapshot_row(records.Snapshot("s", "objects", NOW, 1, "a", "b", b"c", "p")),
            codec.snapshot_of,
        ),
        (
            tables.idempotency_key,
            codec.idempotency_row(records.IdempotencyRecord("r", "d", {}, NOW)),
            codec.idempotency_of,
        ),
        (
            tables.credential,
            people_codec.credential_row(records.Credential("p", "h", NOW)),
            people_codec.credential_of,
        ),
        (
            tables.token,
            people_codec.token_row(records.Token("t", "p", "l", NOW, NOW, NOW, "d")),
            people_codec.token_of,
        ),
        (
            tables.web_session,
            people_codec.web_session_row(
                records.WebSession("s", "session", "p", "password", NOW, NOW, NOW, "d")
            ),
            people_codec.web_session_of,
        ),
        (
            tables.sign_in_attempt,
            people_codec.attempt_row(records.FailedAttempt("person:p", 1, NOW, NOW)),
            people_codec.attempt_of,
        ),
        (
            tables.daemon,
            codec.heartbeat_row(records.Heartbeat("d", NOW, "v", True, None, False)),
            codec.heartbeat_of,
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Table) else "",
)
def test_a_row_has_a_value_for_every_column(table: Table, row: tuple[Any, ...], read: Any) -> None:
    assert len(row) == len(table.columns)
    for value, column in zip(row, table.columns, strict=True):
        if value is None:
            assert column.nullable, column.name
        else:
            assert isinstance(value, column.type.python_type), column.name
    again: Any = {
        "task": codec.task_row,
        "outbox": codec.outbox_row,
        "register_snapshot": codec.snapshot_row,
        "idempotency_key": codec.idempotency_row,
        "credential": people_codec.credential_row,
        "token": people_codec.token_row,
        "web_session": people_codec.web_session_row,
        "sign_in_attempt": people_codec.attempt_row,
        "daemon": codec.heartbeat_row,
    }[table.name]
    assert again(read(row)) == row
