"""The removal of what is past its term, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, delete, func, select

from engine.app.ports.audit.readings import KINDS
from engine.kernel.instants import to_text
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.tables import metadata, outbox

#: Kind -> the column a row counts from; messages count from their delivery.
_COLUMN: Mapping[str, str] = {
    "inbox": "created_at",
    "requests": "at",
    "readings": "at",
    "drafts": "saved_at",
    "sessions": "expires_at",
    "sign_in_attempts": "at",
    "snapshots": "taken_at",
}


class SqlPruning:
    """`engine.app.ports.audit.readings.Pruning`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def prune(self, kind: str, before: datetime, limit: int) -> int:
        """Remove at most `limit` rows of a kind from before an instant, with their bytes in the file of the database."""
        table = metadata.tables[KINDS[kind]]
        moment = to_text(before)
        if kind == "messages":
            past = and_(
                outbox.c.status.in_(("sent", "dismissed")),
                func.coalesce(outbox.c.sent_at, outbox.c.created_at) < moment,
            )
        else:
            past = and_(table.c[_COLUMN[kind]] < moment)
        columns = list(table.primary_key.columns)
        connection = self._driver.connection
        if connection.dialect.name == "sqlite":
            # What is deleted is overwritten, and not only given free.
            connection.exec_driver_sql("PRAGMA secure_delete = ON").close()
        keys = [tuple(row) for row in connection.execute(select(*columns).where(past).limit(limit))]
        for key in keys:
            this = [column == value for column, value in zip(columns, key, strict=True)]
            connection.execute(delete(table).where(*this))
        self._driver.removed(table.name, keys)
        return len(keys)
