"""Rows of drafts as the database has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from engine.app.ports.records import Draft
from engine.store.sql.repositories.drafts import SqlDrafts
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import draft

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_a_later_draft_replaces_an_earlier_one_and_one_is_dropped_once(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    one = Draft("a", "w-1", "check", "visit", 1, "open", NOON, {"x": "甲"}, NOON)
    later = replace(one, answers={"x": "乙"})
    with store.write() as transaction:
        assert isinstance(transaction.drafts, SqlDrafts)
        transaction.drafts.put(one)
        transaction.drafts.put(later)
        transaction.drafts.put(replace(one, person="b"))
        assert transaction.drafts.get("a", "w-1", "check") == later
        assert transaction.drafts.drop("b", "w-1", "check")
        assert not transaction.drafts.drop("b", "w-1", "check")
    (row,) = rows(draft)
    assert '{"x":"乙"}' in row
