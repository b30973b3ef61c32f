from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.app.ports.store import ConflictError
from engine.lifecycle.case import Case
from engine.store.sql.repositories.cases import SqlCases
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import case, sequence_counter

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def make(case_id: str, **more: Any) -> Case:
    values = {
        "id": case_id,
        "workflow": "w",
        "version": 1,
        "state": "s",
        "rev": 1,
        "head": "a",
        "title": "t",
        "section": None,
    }
    return Case(**{**values, "opened_at": NOW, "entered_at": NOW, **more})


def test_saving_in_place_writes_no_column_of_an_index(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.cases, SqlCases)
        transaction.cases.add([make("a"), make("b")])
        transaction.cases.save_in_place([(make("a", rev=2, head="b", state="other", assignee="p"), 1)])
        with pytest.raises(ConflictError, match="b"):
            transaction.cases.save_in_place([(make("b", rev=3), 2)])
    names = [column.name for column in case.columns]
    found = {row[0]: dict(zip(names, row, strict=True)) for row in rows(case)}
    kept = [found["a"][name] for name in ("rev", "head", "state", "assignee")]
    assert kept == [2, "b", "s", "p"]


def test_open_children_outside_some_states(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.cases.add([make(f"c{n}", parent="p", state=f"s{n}") for n in range(3)])
        cases = transaction.cases
        assert cases.has_open_children_outside("p", "w", ["s0", "s1"])
        cases.save(replace(make("c2", parent="p", state="s2", rev=2), closed_at=NOW), 1)
        assert not cases.has_open_children_outside("p", "w", ["s0", "s1"])
        assert set(cases.lock_available(["c0", "c9"])) == {"c0"}


def test_numbers_of_a_sequence(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        assert [transaction.cases.number("w", 3), transaction.cases.number("w")] == [1, 4]
    assert rows(sequence_counter) == [("w", 4)]
