"""A value of whatever kind in whatever column is a finding of its own, and what else is wrong is found beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from heads_fixtures import HeadBureau
from sqlalchemy import Table, Text, literal_column, select, update
from sqlalchemy.exc import IntegrityError
from writing_acts import written_by_all

from engine.app.audit.finding import AuditFinding
from engine.app.audit.seals import seal
from engine.app.audit.signed_heads.history import HeadHistory, read_newest
from engine.app.audit.verify_deployment import verify
from engine.app.audit.verify_since import verify_since
from engine.app.commands.application import NewCase
from engine.app.ports.store import Transaction
from engine.store.sql import SqlStore, open_store
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.tables import metadata
from engine.store.sql.transaction import SqlTransaction

#: What is put in the place of any value, and of numbers and flags as well.
VALUES, OF_NUMBERS = ("x'ff00'", "cast(x'ff41' as text)"), ("1.5", "'x'", "null")
#: What is wrong beside it, and is found all the same.
OTHER = update(metadata.tables["credential"]).values(person="other")
#: Rows of which only the order is asked, or that may differ (`audit verify --covered`).
ALLOWED = {("outbox", one) for one in ("attempts", "next_at", "error", "leases")} | {
    ("daemon", one) for one in ("at", "leads", "ahead_ms", "ended")
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqlStore, HeadHistory]]:
    """Yield a small deployment with a head, and then something in every table, and the newest history of heads."""
    path = tmp_path_factory.mktemp("kinds") / "ssj.db"
    with closing(open_store(path, create=True, synchronous="NORMAL")) as store:
        bureau = HeadBureau(store)
        bureau.day("甲")
        first = bureau.history
        bureau.services.start("errand", "anna", NewCase(title="乙"))
        written_by_all(store, but="cases.")
        assert seal(bureau.services) is not None
        yield store, first


def findings(store: SqlStore, history: HeadHistory, *statements: object) -> dict[str, list[AuditFinding]]:
    """Return what both checks find after something was done by hand, which is undone."""
    found: dict[str, list[AuditFinding]] = {}
    with store.engine.connect() as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount  # type: ignore[call-overload] # an update
        transaction: Transaction = SqlTransaction(DriverConnection(connection, writing=False))
        assert history.last is not None
        found["whole"] = list(verify(transaction))
        found["since"] = list(verify_since(transaction, history, history.last))
        read_newest(transaction) if not statements else None
        connection.rollback()
    return found


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_a_value_of_any_kind_is_a_finding_of_its_own(
    table: Table, made: tuple[SqlStore, HeadHistory]
) -> None:
    store, history = made
    assert findings(store, history) == {"whole": [], "since": []}
    with store.reader.connect() as connection:
        newest = select(table).order_by(*(column.desc() for column in table.primary_key))
        if table.name == "event":
            newest = newest.where(table.c.stream == "errand-2")
        row = connection.execute(newest).mappings().first()
    assert row is not None
    wrong = []
    for column in table.columns:
        for value in VALUES + (() if isinstance(column.type, Text) else OF_NUMBERS):
            done = update(table).where(*(one == row[one.name] for one in table.primary_key))
            done = done.values({column.name: literal_column(value)})
            same = {"null": None, "'x'": "x"}.get(value, ...) == row[column.name]
            try:
                both = findings(store, history, done, OTHER)
            except IntegrityError:
                # The database refuses it.
                continue
            for which, found in both.items():
                beside = [one for one in found if getattr(one, "table", "") == "credential"]
                others = [one for one in found if one not in beside]
                text = "\n".join(map(str, found))
                text.encode()
                json.dumps([one.as_json() for one in found], ensure_ascii=False).encode()
                if table.name != "credential" and not beside:
                    wrong.append((column.name, value, which, "the other is not found", text))
                if "没有做完" in text:
                    wrong.append((column.name, value, which, "not done", text))
                if which == "since" or same or (table.name, column.name) in ALLOWED:
                    # That of a night does not read what was written before.
                    continue
                if not others and table.name != "credential":
                    wrong.append((column.name, value, which, "not found", text))
    assert wrong == []
