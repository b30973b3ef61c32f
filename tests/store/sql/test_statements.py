"""Statements as the tables have them, and rows page by page with the digests of their parts."""

from __future__ import annotations

from engine.store.sql.repositories.statements import rows_of
from engine.store.sql.store import SqlStore
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
