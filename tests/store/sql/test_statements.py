"""Statements as the tables have them, and rows page by page with the digests of their parts."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from access_factories import BUREAU, services_over

from engine.app.audit.heads import consistency_of, head_of, statement_leaves
from engine.app.audit.kit import verify_head
from engine.app.commands.application import Application
from engine.store.sql.repositories.statements import rows_of
from engine.store.sql.store import SqlStore, open_store
from engine.store.sql.tables import COPY, setting


def test_statements_come_in_order_and_rows_page_by_page(store: SqlStore) -> None:
    for name in "abc":
        with store.write() as transaction:
            transaction.settings.put(name, 1)
    with store.read() as transaction:
        assert [one.position for one in transaction.statements.of(after=1, limit=5)] == [2, 3]
        assert transaction.statements.last() == 3
        first = transaction.statements.present("setting", limit=2)
        rest = transaction.statements.present("setting", after=first[-1].key, limit=2)
        assert [row.key for row in (*first, *rest)] == [("a",), ("b",), ("c",)]
        assert transaction.statements.some("setting", [("c",), ("d",)]) == rest
        assert [len(page) for page in rows_of(transaction.connection, "setting", 2)] == [2, 1]


def test_what_a_copy_is_a_copy_of_is_no_row_to_be_stated(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.connection.execute(setting.insert().values(name=COPY, body="{}"))
    with store.read() as transaction:
        assert transaction.statements.present("setting") == []
        assert transaction.statements.of() == []


def test_on_one_file_all_that_is_seen_is_settled(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.settings.put("a", 1)
        with pytest.raises(RuntimeError):
            transaction.statements.settled()
    with store.read() as transaction:
        assert transaction.statements.settled() == transaction.statements.last() == 1


@pytest.mark.parametrize("kept", [True, False])
def test_on_a_server_a_statement_before_one_that_is_seen_is_waited_for(
    postgres_database: str, tmp_path: Path, kept: bool
) -> None:
    """The first of two transactions that write has its position, and ends after the second."""
    with closing(open_store(postgres_database, create=True)) as store:
        services = services_over(store, BUREAU, people=True)
        before = head(services)
        looked = threading.Event()
        found: list[Any] = []

        def look() -> None:
            with store.read() as transaction:
                last = transaction.statements.last()
                looked.set()
                found.append((last, transaction.statements.settled()))
                found.append(len(statement_leaves(transaction)))

        watcher = threading.Thread(target=look)
        with suppress(LookupError), store.write() as first:
            first.settings.put("a", 1)
            first.state()
            put(store, "b")
            with store.read() as transaction:
                held = transaction.statements.last()
            watcher.start()
            looked.wait()
            if not kept:
                raise LookupError
        watcher.join()
        (last, settled), leaves = found
        assert last == held
        # What is kept lies before what was seen, and comes with the next head; what was undone leaves a gap for good.
        assert settled == (held - 2 if kept else held)
        assert leaves == before["size"] + (0 if kept else 1)
        put(store, "c")
        after = head(services)
        assert after["size"] == before["size"] + (3 if kept else 2)
        with store.read() as transaction:
            proof = consistency_of(transaction, before["size"], after["size"])
        paths = []
        for name, content in (("before", before), ("after", after), ("proof", proof)):
            paths.append(tmp_path / name)
            paths[-1].write_text(json.dumps(content), "utf-8")
        assert verify_head.main([str(path) for path in paths]) == 0


def put(store: SqlStore, name: str) -> None:
    with store.write() as transaction:
        transaction.settings.put(name, 1)


def head(services: Application) -> Mapping[str, Any]:
    with services.store.read() as transaction:
        return head_of(transaction, services.clock.now())
