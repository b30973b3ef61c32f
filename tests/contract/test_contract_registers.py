from __future__ import annotations

from typing import Any

import pytest
from sample_rows import HARD, IN_BYTES, NAIVE, NOW, after, ids, make_delegation, make_entry

from engine.app.ports.records import Snapshot
from engine.app.ports.store import ConflictError, Store


def make_snapshot(snapshot_id: str = "s1", **more: Any) -> Snapshot:
    values = {
        "id": snapshot_id,
        "kind": "objects",
        "taken_at": NOW,
        "rows": 2,
        "sha256": "a" * 64,
        "sm3": "b" * 64,
        "content": b"\x00\xff" + HARD.encode(),
        "by": "p-1",
    }
    return Snapshot(**{**values, **more})


def test_an_entry_comes_back_as_it_was(store: Store) -> None:
    with store.write() as transaction:
        transaction.registers.put(
            [make_entry(section="labour", data={"标签": ["A", None, 1]}), make_entry("乙")], NOW
        )
    with store.read() as transaction:
        assert transaction.registers.get("objects", "甲-1") == make_entry(
            section="labour", data={"标签": ["A", None, 1]}
        )
        assert transaction.registers.get("objects", "丙") is None
        assert transaction.registers.get("people", "甲-1") is None


@pytest.mark.parametrize("role", ["clerk", "科长", 'a"b', "a%b", "a_b", "a/b", "a\\b"])
def test_entries_that_mention_a_word_are_found(store: Store, role: str) -> None:
    with store.write() as transaction:
        transaction.registers.put(
            [
                make_entry("甲", kind="people", data={"roles": ["other", role]}),
                make_entry("乙", kind="people", data={"roles": ["nothing"]}),
                make_entry("丙", kind="inspectors", data={"roles": [role]}),
            ],
            NOW,
        )
    with store.read() as transaction:
        assert transaction.registers.mentioning("people", role) == ["甲"]
        assert transaction.registers.mentioning("inspectors", role) == ["丙"]
        assert transaction.registers.mentioning("objects", role) == []
        assert transaction.registers.with_role("people", role) == ["甲"]
        assert transaction.registers.with_role("inspectors", role) == ["丙"]
        assert transaction.registers.with_role("objects", role) == []


def test_an_entry_is_replaced_by_the_next_of_its_id(store: Store) -> None:
    with store.write() as transaction:
        transaction.registers.put([make_entry(), make_entry(kind="people")], NOW)
        transaction.registers.put([make_entry(name="改名", data={})], after(days=1))
    with store.read() as transaction:
        assert transaction.registers.all("objects") == [make_entry(name="改名", data={})]
        assert transaction.registers.all("people") == [make_entry(kind="people")]
        assert transaction.registers.summary() == {"objects": (1, after(days=1)), "people": (1, NOW)}


def test_ordered_by_bytes(store: Store) -> None:
    with store.write() as transaction:
        transaction.registers.put([make_entry(i) for i in reversed(IN_BYTES)], NOW)
    with store.read() as transaction:
        assert ids(transaction.registers.all("objects")) == IN_BYTES
        assert transaction.registers.all("nothing") == []
        found = transaction.registers.some("objects", ["𠮷", "unknown", "Z"])
    assert set(found) == {"𠮷", "Z"}
    assert found["𠮷"] == make_entry("𠮷")


def test_taking_out(store: Store) -> None:
    with store.write() as transaction:
        transaction.registers.put([make_entry(i) for i in "abc"], NOW)
        transaction.registers.remove("objects", ["a", "c", "unknown"])
        transaction.registers.remove("objects", [])
        transaction.registers.remove("people", ["b"])
    with store.read() as transaction:
        assert ids(transaction.registers.all("objects")) == ["b"]
        assert transaction.registers.some("objects", []) == {}
    with store.write() as transaction:
        transaction.registers.remove("objects", ["b"])
        assert transaction.registers.summary() == {}


def test_snapshots_newest_first(store: Store) -> None:
    rows = [
        make_snapshot("s1"),
        make_snapshot("s2", taken_at=after(days=1)),
        make_snapshot("s3", kind="items"),
    ]
    with store.write() as transaction:
        for row in rows:
            transaction.registers.put_snapshot(row)
    with store.read() as transaction:
        assert transaction.registers.snapshots() == [rows[1], rows[2], rows[0]]
        assert transaction.registers.snapshots("objects") == [rows[1], rows[0]]
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.registers.put_snapshot(make_snapshot(content=b"changed"))


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.registers.put([make_entry()], NAIVE)


def test_large_batches(store: Store, many: int) -> None:
    with store.write() as transaction:
        transaction.registers.put([make_entry(f"e{n:05}") for n in range(many)], NOW)
    with store.write() as transaction:
        assert len(transaction.registers.all("objects")) == many
        assert len(transaction.registers.some("objects", [f"e{n:05}" for n in range(20_000)])) == many
        transaction.registers.remove("objects", [f"e{n:05}" for n in range(many - 1)])
        assert transaction.registers.summary() == {"objects": (1, NOW)}


def test_a_unit_tells_that_it_has_written_registers_or_settings(store: Store) -> None:
    """What is kept of people in memory must not come from a transaction that may yet be undone."""
    writes = {
        "put": lambda transaction: transaction.registers.put([make_entry()], NOW),
        "remove": lambda transaction: transaction.registers.remove("objects", ["e1"]),
        "setting": lambda transaction: transaction.settings.put("name", 1),
        "no setting": lambda transaction: transaction.settings.drop("name"),
        "delegation": lambda transaction: transaction.delegations.add(make_delegation()),
        "no delegation": lambda transaction: transaction.delegations.end("delegation-1"),
    }
    for name, write in writes.items():
        with store.write() as transaction:
            transaction.registers.get("people", "p")
            assert not transaction.touched, name
            write(transaction)
            assert transaction.touched, name
        with store.read() as transaction:
            assert not transaction.touched, name
