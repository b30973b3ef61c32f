"""Rows of an older database are stated at its upgrade, as taken over; what is changed afterwards is found."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, delete

from engine.app.audit.verify_rows import VerifiedRows, verify_rows
from engine.store import migrations
from engine.store.sql import open_store
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import metadata, row_statement
from engine.store.sql.taking_over import take_over

AT = "2027-03-01T01:02:03.000000Z"
HEAD = "0" * 64
#: Table -> a row as the revision before statements has it.
ROWS: dict[str, dict[str, Any]] = {
    "setting": {"name": "a", "body": "1"},
    "token": {"id": "t", "person": "p", "label": "", "created_at": AT, "expires_at": AT, "sha256": HEAD},
    "document": {"id": "d", "case_id": "c", "kind": "k", "name": "n", "sha256": HEAD, "content": b"", "made_at": AT},
    "event": {"stream": "s", "seq": 1, "at": AT, "actor": "p", "kind": "k", "body": "{}", "previous": HEAD, "hash": HEAD},
}  # fmt: skip


def test_an_upgrade_states_what_is_there_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0004")
        old = MetaData()
        old.reflect(connection)
        for table, row in ROWS.items():
            connection.execute(old.tables[table].insert().values(row))
    engine.dispose()
    with closing(open_store(path, create=True, synchronous="NORMAL")) as store:
        verified = VerifiedRows()
        with store.read() as transaction:
            # Taken over as it is; the digest in the row is held against its bytes all the same.
            assert [(one.table, one.key) for one in verify_rows(transaction, verified)] == [
                ("document", ("d",))
            ]
            assert {one.kind for one in transaction.statements.of()} == {"taken_over"}
        assert verified.taken_over >= 4
        with store.write() as transaction:
            transaction.settings.put("new", 1)
            transaction.connection.execute(delete(metadata.tables["token"]))
        with store.read() as transaction:
            assert {one.table for one in verify_rows(transaction)} == {"document", "token"}


def test_an_empty_database_has_nothing_to_take_over(store: SqlStore) -> None:
    with store.read() as transaction:
        assert transaction.statements.of() == []


def test_only_the_tables_named_are_stated_anew(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.settings.put("a", 1)
        transaction.definitions.put_texts({"d": b"text"})
    with store.write() as transaction:
        take_over(transaction.connection, {"setting"})
    with store.read() as transaction:
        assert [one.kind for one in transaction.statements.of()] == ["written", "taken_over"]
        assert "definition_source" not in transaction.statements.of()[-1].rows


@pytest.mark.parametrize("revision", ["0004", "0003"])
def test_what_the_revisions_since_have_changed_is_stated(revision: str, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        migrations.upgrade(connection, revision)
        connection.execute(metadata.tables["setting"].insert().values(name="a", body="1"))
        migrations.upgrade(connection)
        (row,) = connection.execute(row_statement.select()).all()
        assert (row.kind, row.events) == ("taken_over", "[]")
    engine.dispose()
