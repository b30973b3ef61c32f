from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.store.sql.repositories.settings import SqlSettings
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import setting


def test_values_are_canonical_json(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.settings, SqlSettings)
        transaction.settings.put("b", {"乙": 1, "a": [None]})
        transaction.settings.put("a", None)
        transaction.settings.put("c", 1)
        transaction.settings.drop("c")
        assert transaction.settings.names("") == ["a", "b"]
    assert sorted(rows(setting)) == [("a", "null"), ("b", '{"a":[null],"乙":1}')]
