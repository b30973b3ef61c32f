"""A database of an earlier revision is brought up to date with what it holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine

from engine.store import migrations
from engine.store.sql import open_store

_ROW = "INSERT INTO outbox VALUES (?, 'message', 'mail', 'p-1', NULL, '{}', '2027-03-01T01:02:03.000000Z', ?, ?, NULL, NULL, NULL)"


def test_claims_that_were_counted_as_attempts_are_taken_out_of_the_count(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        # An earlier version counted two for a try that failed, and one for a claim that was under way.
        connection.executemany(_ROW, [("a", "incident", 14), ("b", "waiting", 3), ("c", "waiting", 0)])
    with closing(open_store(path, create=True)) as store, store.write() as unit:
        found = {item.id: (item.status, item.attempts, item.claims) for item in unit.outbox.listed()}
        assert found == {"a": ("incident", 7, 0), "b": ("waiting", 1, 0), "c": ("waiting", 0, 0)}
        assert unit.inbox.of("p-1") == []
        assert unit.outbox.retry("a")
