"""The in-memory store states what each transaction wrote, as it is at its end."""

from __future__ import annotations

import json

from engine.store.memory import MemoryStore


def test_a_row_written_twice_is_stated_once_and_pages_follow_the_keys() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        for value in (1, 2):
            transaction.settings.put("b", value)
        transaction.settings.put("a", 1)
        transaction.settings.put("gone", 1)
        transaction.settings.drop("gone")
    with store.read() as transaction:
        (found,) = transaction.statements.of()
        assert [row[1:2] for row in json.loads(found.rows)] == [[["gone"]], [["b"]], [["a"]]]
        assert transaction.statements.last() == found.position == 1
        assert [row.key for row in transaction.statements.present("setting")] == [("a",), ("b",)]
        assert [row.key for row in transaction.statements.present("setting", after=("a",))] == [("b",)]
        assert [row.key for row in transaction.statements.some("setting", [("b",), ("c",)])] == [("b",)]


def test_a_transaction_that_writes_nothing_states_nothing() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.settings.get("a")
    with store.read() as transaction:
        assert transaction.statements.of() == []
