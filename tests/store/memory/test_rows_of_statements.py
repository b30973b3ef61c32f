"""Statements in memory: positions without gaps, ranges by position, rows that are gone."""

from __future__ import annotations

import json

from engine.store.memory.statements import MemoryStatements
from engine.store.memory.store import MemoryStore


def test_statements_are_numbered_and_read_from_a_position_on() -> None:
    store = MemoryStore()
    for value in range(3):
        with store.write() as transaction:
            transaction.settings.put("a", value)
    with store.read() as transaction:
        statements = transaction.statements
        assert isinstance(statements, MemoryStatements)
        assert [one.position for one in statements.of()] == [1, 2, 3]
        assert [one.position for one in statements.of(after=1, limit=1)] == [2]
        assert statements.last() == statements.settled() == 3
        assert len({one.hash for one in statements.of()}) == 3


def test_a_row_that_is_gone_is_stated_without_a_digest_and_no_longer_present() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.settings.put("a", 1)
    with store.write() as transaction:
        transaction.settings.drop("a")
    with store.read() as transaction:
        first, second = (json.loads(one.rows) for one in transaction.statements.of())
        ((part, key, digest),) = first
        assert digest is not None
        assert second == [[part, key, None]]
        assert transaction.statements.present("setting") == []
        assert transaction.statements.some("setting", [("a",)]) == []
