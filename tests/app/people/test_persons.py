from __future__ import annotations

from datetime import UTC, datetime

from engine.app.people.persons import Person, everybody, person_of
from engine.app.ports.records import RegisterEntry
from engine.lifecycle.command import Actor
from engine.store.memory import MemoryStore

AT = datetime(2027, 3, 1, tzinfo=UTC)
PEOPLE = [
    RegisterEntry("people", "p-2", "人员02", "one", {"roles": ["clerk"]}),
    RegisterEntry("people", "p-1", "人员01", "one", {"roles": ["chief"], "status": "left"}),
    RegisterEntry("inspectors", "p-2", "检查员02", "two", {"status": "active"}),
    RegisterEntry("inspectors", "p-3", "检查员03", "two", {"status": "left"}),
    RegisterEntry("people", "p-4", "人员04", None, {"roles": ["head"], "status": "left"}),
    RegisterEntry("inspectors", "p-4", "检查员04", "two", {"status": "active"}),
    RegisterEntry("objects", "o-1", "示例企业"),
]
KNOWN = [
    Person(Actor("p-1", "one", frozenset(), "人员01"), ("people",), False),
    Person(Actor("p-2", "one", frozenset({"clerk", "inspector"}), "人员02"), ("people", "inspectors"), True),
    Person(Actor("p-3", "two", frozenset(), "检查员03"), ("inspectors",), False),
    Person(Actor("p-4", "two", frozenset({"inspector"}), "检查员04"), ("people", "inspectors"), True),
]


def test_everybody_also_who_has_left() -> None:
    store = MemoryStore()
    with store.read() as transaction:
        assert everybody(transaction) == []
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, AT)
    with store.read() as transaction:
        assert everybody(transaction) == KNOWN
        assert [person_of(transaction, person.actor.id) for person in KNOWN] == KNOWN
        assert person_of(transaction, "o-1") is None
        assert person_of(transaction, "p-9") is None
