"""Private values stand beside the history of a register, and are read through it until they are destroyed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.app.daemons.retention import LEFT, REPLACED
from engine.app.ports.audit.personal_values import DestroyedKey
from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import Transaction
from engine.app.registers.changes import UndoPlan, history_of, plan_undo, stream_of, undo_import
from engine.app.registers.forgetting import (
    DamagedListError,
    destroy_listed,
    destroy_past,
    list_text,
    read_list,
)
from engine.app.registers.import_entries import plan_entries, write_entries
from engine.app.registers.maintenance import put_one
from engine.app.registers.sealed_values import open_values, seal_values
from engine.kernel.refusal import RefusalReason
from engine.lifecycle.forms.personal import FORGOTTEN
from engine.store.memory import MemoryStore
from engine.synthetic.entropy import seeded_entropy

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
OLD, NEW, CARD = "13800000001", "13900000002", "ZF-0001"
ENTROPY = seeded_entropy("test")


def entry(phone: str, status: str = "active", entry_id: str = "insp-01") -> RegisterEntry:
    return RegisterEntry(
        "inspectors",
        entry_id,
        "甲",
        "one",
        {"phone": phone, "cert_no": CARD, "status": status, "level": "一级"},
    )


def put(transaction: Transaction, entries: list[RegisterEntry], at: datetime, *, only: bool = False) -> None:
    before = {one.id: one for one in transaction.registers.all("inspectors")}
    plan = plan_entries("inspectors", before, entries, source="x.csv", remove_missing=only)
    write_entries(transaction, at, plan, "keeper", ENTROPY)


@pytest.fixture
def store() -> MemoryStore:
    """An inspector whose number has changed a day later, and one who was taken out two days later."""
    made = MemoryStore()
    with made.write() as transaction:
        put(transaction, [entry(OLD), entry(OLD, entry_id="insp-02")], NOW)
        put(transaction, [entry(NEW), entry(OLD, entry_id="insp-02")], NOW + timedelta(days=1))
        put(transaction, [entry(NEW)], NOW + timedelta(days=2), only=True)
    return made


def chain(transaction: Transaction) -> str:
    return json.dumps(
        [one.body for one in transaction.events.of(stream_of("inspectors"))], ensure_ascii=False
    )


def test_no_private_value_is_in_the_history_and_each_is_read_through_it(store: MemoryStore) -> None:
    with store.read() as transaction:
        text = chain(transaction)
        assert all(value not in text for value in (OLD, NEW, CARD))
        assert "一级" in text
        first, changed = history_of(transaction, "inspectors", "insp-01")
        assert changed.columns == {"phone": (OLD, NEW)}
        assert first.columns == {}
        *_, removed = history_of(transaction, "inspectors")
        assert removed.body["changes"]["removed"]["insp-02"]["data"]["cert_no"] == CARD
        assert {one.key for one in transaction.personal_values.past(NOW + timedelta(days=9), 9)} != {""}


def test_an_import_is_taken_back_with_what_is_kept_apart(store: MemoryStore) -> None:
    with store.write() as transaction:
        plan = plan_undo(transaction, "inspectors")
        assert isinstance(plan, UndoPlan)
        undo_import(transaction, NOW + timedelta(days=3), "inspectors", plan, "keeper", ENTROPY)
        back = transaction.registers.get("inspectors", "insp-02")
        assert back is not None
        assert back.data["phone"] == OLD


def test_past_its_term_it_is_gone_and_the_history_says_so(store: MemoryStore) -> None:
    noted: list[DestroyedKey] = []
    later = NOW + timedelta(days=100)
    with store.write() as transaction:
        assert destroy_past(transaction, later, REPLACED, NOW + timedelta(days=1), 9, noted.extend) == 0
        assert destroy_past(transaction, later, REPLACED, later, 1, noted.extend) == 1
        assert destroy_past(transaction, later, REPLACED, later, 9, noted.extend) == 1
    with store.write() as transaction:
        _, changed = history_of(transaction, "inspectors", "insp-01")
        assert changed.columns == {"phone": (FORGOTTEN, FORGOTTEN)}
        assert isinstance(plan_undo(transaction, "inspectors"), RefusalReason)
        present = transaction.registers.get("inspectors", "insp-01")
        assert present is not None
        assert present.data["phone"] == NEW
    assert [one.subject for one in noted] == ["inspectors/insp-01", "inspectors/insp-02"]
    assert read_list(list_text(noted)) == noted


def test_whoever_has_left_keeps_name_and_id_alone(store: MemoryStore) -> None:
    left = NOW + timedelta(days=5)
    noted: list[DestroyedKey] = []
    with store.write() as transaction:
        put(transaction, [entry(NEW, "left"), entry(OLD, entry_id="insp-03")], left)
        assert destroy_past(transaction, left, LEFT, left, 9, noted.extend) == 0
        later = left + timedelta(days=100)
        assert destroy_past(transaction, later, LEFT, later, 9, noted.extend) == 1
        assert destroy_past(transaction, later, LEFT, later + timedelta(days=9), 9, noted.extend) == 0
        gone, active = (transaction.registers.get("inspectors", one) for one in ("insp-01", "insp-03"))
        assert gone is not None
        assert active is not None
        assert (gone.data, gone.name) == ({"status": "left", "level": "一级"}, "甲")
        assert active.data["phone"] == OLD
        last = transaction.events.last(stream_of("inspectors"))
        assert last is not None
        assert (last.kind, last.body["ids"]) == ("forgotten", ["insp-01"])
    assert noted == [DestroyedKey("inspectors/insp-01", left)]


def test_a_database_from_before_is_held_against_the_list() -> None:
    """Of before the change: the row has the old number. Of after it: the old one is kept apart, the row has the new."""
    listed = [DestroyedKey("inspectors/insp-01", NOW + timedelta(days=1)), DestroyedKey("inspectors/no", NOW)]
    for changes, phone in ((1, None), (2, NEW)):
        store = MemoryStore()
        with store.write() as transaction:
            for day, value in enumerate([OLD, NEW][:changes]):
                put(transaction, [entry(value)], NOW + timedelta(days=day))
        with store.write() as transaction:
            assert destroy_listed(transaction, NOW + timedelta(days=9), listed) == 1
            found = transaction.registers.get("inspectors", "insp-01")
            assert found is not None
            assert found.data.get("phone") == phone
            assert transaction.personal_values.of_subject("inspectors/insp-01") == []


@pytest.mark.parametrize("text", ["{}", "[1]", "x", '{"subject": "a", "until": "nie"}', "\n"])
def test_a_damaged_list_names_its_line(text: str) -> None:
    good = list_text([DestroyedKey("inspectors/\u2028", NOW)])
    assert read_list(good) == [DestroyedKey("inspectors/\u2028", NOW)]
    assert read_list("") == []
    with pytest.raises(DamagedListError, match="2"):
        read_list(good + text + "\n")


def test_an_entry_typed_in_and_confirmed_values_are_kept_apart_too() -> None:
    confirmed = {
        "confirmed": [
            {"id": "insp-01", "column": "phone", "value": OLD, "reason": f"{OLD} 已拨通"},
            {"id": "a", "column": "level", "value": "b", "reason": "c"},
        ]
    }
    store = MemoryStore()
    with store.write() as transaction:
        put_one(transaction, NOW, entry(OLD), "keeper", confirmed, ENTROPY)
        (event,) = transaction.events.of(stream_of("inspectors"))
        assert OLD not in chain(transaction)
        body: dict[str, Any] = open_values(transaction, "inspectors", event.body)
        assert body["data"] == dict(entry(OLD).data)
        assert body["confirmed"] == confirmed["confirmed"]


def test_without_entropy_nothing_is_kept_apart() -> None:
    with MemoryStore().write() as transaction:
        body = {"id": "insp-01", "data": {"phone": OLD}}
        assert seal_values(transaction, NOW, "inspectors", body, None) == body
