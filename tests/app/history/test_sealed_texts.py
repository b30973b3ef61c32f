"""Values beside a history: an id in their places, read through it as long as they are kept."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from engine.app.history.sealed_texts import SEALED, apart, is_sealed, opened, personal_value
from engine.lifecycle.forms.personal import FORGOTTEN
from engine.store.memory import MemoryStore

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def entropy(what: str, size: int) -> bytes:
    return hashlib.shake_128(what.encode()).digest(size)


def test_an_id_and_a_place_stand_for_each_value_until_they_are_destroyed() -> None:
    with MemoryStore().write() as transaction:
        body = {"id": "a", **apart(transaction, NOW, "x/a", {"phone": "110", "codes": ["b"]}, entropy)}
        assert body["id"] == "a"
        assert is_sealed(body["phone"])
        assert is_sealed(body["codes"])
        assert body["phone"][SEALED] == body["codes"][SEALED]
        assert opened(transaction, [body, {"id": "b"}]) == [
            {"id": "a", "phone": "110", "codes": ["b"]},
            {"id": "b"},
        ]
        (row,) = transaction.personal_values.of_subject("x/a")
        transaction.personal_values.destroy([row.id])
        assert opened(transaction, [body]) == [{"id": "a", "phone": FORGOTTEN, "codes": FORGOTTEN}]


def test_nothing_is_kept_apart_without_entropy_or_values() -> None:
    with MemoryStore().write() as transaction:
        assert apart(transaction, NOW, "x/a", {"phone": "110"}, None) == {"phone": "110"}
        assert apart(transaction, NOW, "x/a", {}, entropy) == {}
        assert transaction.personal_values.of_subject("x/a") == []


def test_two_rows_of_one_instant_have_two_ids() -> None:
    one, other = (personal_value(NOW, "x/a", {}, entropy, what) for what in (" phone", " codes"))
    assert one.id != other.id
    assert not is_sealed({"sealed": one.id})
