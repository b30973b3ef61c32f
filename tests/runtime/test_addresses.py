from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.app.ports.records import RegisterEntry
from engine.runtime.addresses import register_addresses
from engine.store.memory import MemoryStore

AT = datetime(2027, 3, 1, tzinfo=UTC)
PEOPLE = [
    RegisterEntry("people", "both", "人员01", None, {"email": "first@example.org"}),
    RegisterEntry("inspectors", "both", "人员01", None, {"email": "second@example.org"}),
    RegisterEntry("people", "one", "人员02", None, {"email": ""}),
    RegisterEntry("inspectors", "one", "人员02", None, {"email": "third@example.org"}),
    RegisterEntry("people", "none", "人员03", None, {}),
    RegisterEntry("objects", "firm", "示例企业", None, {"email": "firm@example.org"}),
]


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("both", "first@example.org"),
        ("one", "third@example.org"),
        ("none", None),
        ("firm", None),
        ("nobody", None),
        # A receiver outside the bureau, who is in no register.
        ("mailto:jd@example.org", "jd@example.org"),
    ],
)
def test_the_address_of_a_person(person: str, address: str | None) -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, AT)
    assert register_addresses(store)(person) == address


def test_a_change_is_seen_by_the_next_question() -> None:
    store = MemoryStore()
    look_up = register_addresses(store)
    assert look_up("new") is None
    with store.write() as transaction:
        transaction.registers.put(
            [RegisterEntry("people", "new", "", None, {"email": "new@example.org"})], AT
        )
    assert look_up("new") == "new@example.org"
