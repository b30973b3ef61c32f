from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.app.ports.records import Version
from engine.app.ports.store import ConflictError
from engine.store.sql.repositories.definitions import SqlDefinitions
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import definition_source, workflow_version

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def test_rows_of_sources_and_versions(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    version = Version("w", 1, "d", {"b.yaml": "2", "a.yaml": "1"}, NOW, "p")
    with store.write() as transaction:
        assert isinstance(transaction.definitions, SqlDefinitions)
        transaction.definitions.put_texts({"1": b"first"})
        transaction.definitions.put_texts({"1": b"changed", "2": b"second"})
        transaction.definitions.add_version(version)
        with pytest.raises(ConflictError, match="w"):
            transaction.definitions.add_version(version)
    assert sorted(rows(definition_source)) == [("1", b"first"), ("2", b"second")]
    assert rows(workflow_version) == [
        ("w", 1, "d", '{"a.yaml":"1","b.yaml":"2"}', "2027-03-01T00:00:00.000000Z", "p", None)
    ]
