"""Who holds a role is the same whether the store is asked for it or everybody is read."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.people.directory import Directory
from engine.app.ports.records import RegisterEntry
from engine.store.memory import MemoryStore

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
PEOPLE = [
    RegisterEntry("people", "p-1", "人员01", "one", {"roles": ["clerk", "head"]}),
    RegisterEntry("people", "p-2", "人员02", "two", {"roles": ["clerk"]}),
    # Has left: holds nothing.
    RegisterEntry("people", "p-3", "人员03", "one", {"roles": ["clerk"], "status": "left"}),
    # The word stands in another field.
    RegisterEntry("people", "p-4", "人员04", "one", {"roles": [], "note": "clerk"}),
    # The role stands in one register, the section in the other.
    RegisterEntry("people", "p-5", "人员05", "two", {}),
    RegisterEntry("inspectors", "p-5", "人员05", None, {"roles": ["clerk"], "status": "active"}),
    RegisterEntry("inspectors", "p-6", "人员06", "one", {"status": "active"}),
]


def test_holders_of_a_role_asked_for_and_read() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
    with store.read() as transaction:
        asked = Directory(transaction)
        read = Directory(transaction)
        assert set(read.all()) == {entry.id for entry in PEOPLE}
        assert asked.holders("clerk", None) == ["p-1", "p-2", "p-5"]
        assert asked.holders("clerk", "two") == ["p-2", "p-5"]
        assert asked.holders("inspector", None) == ["p-5", "p-6"]
        for role in ("clerk", "head", "inspector", "nobody"):
            for section in (None, "one", "two"):
                assert Directory(transaction).holders(role, section) == read.holders(role, section)
