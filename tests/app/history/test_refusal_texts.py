"""What was typed in a refused attempt stands beside the history, is read while it is there, and goes without breaking the chain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from engine.app.audit.refused_attempts import newest_refused
from engine.app.audit.verify_deployment import verify
from engine.app.history.refusal_texts import TEXTS, add_refusal, ids_of_texts, with_texts, without_texts
from engine.app.ports.audit.personal_values import OF_REFUSALS, DestroyedKey
from engine.app.registers.forgetting import destroy_listed, destroy_past
from engine.lifecycle.chain import canonical
from engine.lifecycle.forms.personal import FORGOTTEN
from engine.store.memory import MemoryStore

NOW = datetime(2024, 5, 1, tzinfo=UTC)
TYPED = "司马示例，13800000001"
REASONS = [{"code": "form", "message": f"“{TYPED}”不是日期", "field": TYPED}]
BODY = {"verb": "advance", "attempt": "登记", "about": TYPED, "reasons": REASONS, "request": "r-1"}


def entropy(purpose: str, count: int) -> bytes:
    return sha256(purpose.encode()).digest()[:count]


def refused(store: MemoryStore, at: datetime = NOW, **more: object) -> None:
    with store.write() as transaction:
        add_refusal(transaction, at, "anna", {**BODY, **more}, entropy)


def test_nothing_that_was_typed_is_in_the_entry() -> None:
    store = MemoryStore()
    refused(store)
    refused(store, attempt=TYPED)
    with store.write() as transaction:
        first, second = transaction.events.of("office")
        assert (first.body["reasons"], first.body["request"]) == ([{"code": "form"}], "r-1")
        assert not any(TYPED in canonical(dict(one.body)) for one in (first, second))
        assert first.body[TEXTS] != second.body[TEXTS]
        assert ids_of_texts([first.body, {}, second.body]) == [first.body[TEXTS], second.body[TEXTS]]
        opened = with_texts(transaction, [first.body, {"verb": "x"}])
        assert opened == [{**BODY, "credential": "machine"}, {"verb": "x"}]


def test_words_of_the_definition_stay_and_without_entropy_all_does() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        kept = without_texts(transaction, NOW, ("visit-1", 4), BODY, entropy, {"登记"})
        assert kept["attempt"] == "登记"
        assert "attempt" not in without_texts(transaction, NOW, ("visit-1", 5), BODY, entropy)
        assert without_texts(transaction, NOW, ("visit-1", 6), BODY, None) == BODY
        plain = {"verb": "sign-in", "locked": None}
        assert without_texts(transaction, NOW, ("sign-in", 1), plain, entropy) == plain
        (row, other) = transaction.personal_values.of_subject(OF_REFUSALS)
        assert row.key != other.key


def test_after_the_term_who_and_the_kind_of_reason_stay() -> None:
    store = MemoryStore()
    for days in (0, 1, 9):
        refused(store, NOW + timedelta(days=days))
    listed: list[DestroyedKey] = []
    with store.write() as transaction:
        assert (
            destroy_past(transaction, NOW, "personal_values", NOW + timedelta(days=99), 9, listed.extend) == 0
        )
        before = NOW + timedelta(days=2)
        assert destroy_past(transaction, NOW, "refusals", before, 9, listed.extend) == 2
    assert listed == [DestroyedKey(OF_REFUSALS, NOW + timedelta(days=1))]
    with store.read() as transaction:
        new, _, old = newest_refused(transaction, "office", 9)
        assert (new.about, new.reasons) == (TYPED, (REASONS[0]["message"],))
        assert (old.person, old.verb, old.about, old.reasons) == ("anna", "advance", FORGOTTEN, (FORGOTTEN,))
        assert list(verify(transaction)) == []


@pytest.mark.parametrize(("days", "left"), [(0, 2), (1, 1), (5, 1)])
def test_an_older_backup_loses_what_was_destroyed(days: int, left: int) -> None:
    store = MemoryStore()
    for number in (0, 1, 9):
        refused(store, NOW + timedelta(days=number))
    with store.write() as transaction:
        keys = [DestroyedKey(OF_REFUSALS, NOW + timedelta(days=days)), DestroyedKey(OF_REFUSALS, NOW)]
        assert destroy_listed(transaction, NOW, keys) == 3 - left
        assert len(transaction.personal_values.of_subject(OF_REFUSALS)) == left
