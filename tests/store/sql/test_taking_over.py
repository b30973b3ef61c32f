"""Rows of an older database are stated at its upgrade, as taken over; what is changed afterwards is found."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, text
from writing_acts import written_by_all

from engine.app.audit.verify_rows import VerifiedRows, verify_rows
from engine.store import migrations
from engine.store.sql import open_store
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import metadata, row_statement
from engine.store.sql.taking_over import take_over


def older(path: Path) -> None:
    """Make a database of the revision before statements of one that has some."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE row_statement"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    engine.dispose()


def test_an_upgrade_states_what_is_there_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(open_store(path, create=True, synchronous="NORMAL")) as store:
        written_by_all(store)
    older(path)
    with closing(open_store(path, create=True, synchronous="NORMAL")) as store:
        verified = VerifiedRows()
        with store.read() as transaction:
            assert list(verify_rows(transaction, verified)) == []
            assert {one.kind for one in transaction.statements.of()} == {"taken_over"}
        assert verified.taken_over > 50
        with store.write() as transaction:
            transaction.settings.put("new", 1)
            transaction.connection.execute(delete(metadata.tables["token"]))
        with store.read() as transaction:
            found = {one.table for one in verify_rows(transaction)}
        assert found == {"token"}


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
