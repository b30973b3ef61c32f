from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.app.ports.records import RegisterEntry, Snapshot
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.repositories.registers import FEW, SqlRegisters
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import register_snapshot

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def test_few_and_many_ids_find_the_same(store: SqlStore) -> None:
    names = [f"e{n}" for n in range(3 * FEW)]
    with store.write() as transaction:
        assert isinstance(transaction.registers, SqlRegisters)
        transaction.registers.put([RegisterEntry("objects", name, name) for name in names], NOW)
        many = transaction.registers.some("objects", names)
        few: dict[str, RegisterEntry] = {}
        for name in names:
            few |= transaction.registers.some("objects", [name, "unknown"])
    assert many == few
    assert len(many) == len(names)


def test_signs_of_a_pattern_are_looked_for_as_they_are(store: SqlStore) -> None:
    entries = [RegisterEntry("objects", text, "n", data={"x": text}) for text in ("a%b", "a/b", "axb", "a_b")]
    with store.write() as transaction:
        transaction.registers.put(entries, NOW)
        for text in ("a%b", "a/b", "a_b"):
            assert transaction.registers.mentioning("objects", text) == [text]


def test_rows_of_snapshots(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        transaction.registers.put_snapshot(Snapshot("s", "objects", NOW, 2, "a", "b", b"\x00", "p"))
    assert rows(register_snapshot) == [
        ("s", "objects", "2027-03-01T00:00:00.000000Z", 2, "a", "b", b"\x00", "p")
    ]


def test_what_is_only_read_is_read_once(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    person = RegisterEntry("people", "p1", "甲")
    with store.write() as transaction:
        transaction.registers.put([person], NOW)
    asked: list[object] = []
    first = DriverConnection.first

    def counted(driver: DriverConnection, statement: Any, values: Any = ()) -> Any:
        asked.append(values)
        return first(driver, statement, values)

    monkeypatch.setattr(DriverConnection, "first", counted)
    with store.reading():
        for _ in range(3):
            with store.read() as transaction:
                assert transaction.registers.get("people", "p1") == person
                assert transaction.registers.some("people", ["p1", "p2"]) == {"p1": person}
    assert asked == [("people", "p1"), ("people", "p2")]
    # What writes asks each time: it may have written it.
    with store.write() as transaction:
        asked.clear()
        transaction.registers.get("people", "p1")
        transaction.registers.put([RegisterEntry("people", "p1", "乙")], NOW)
        found = transaction.registers.get("people", "p1")
        assert found is not None
        assert found.name == "乙"
    assert len(asked) >= 2
