"""Refused attempts are found in a history from its newest entry back."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.audit import refused_attempts as module
from engine.app.audit.refused_attempts import RefusedAttempt, newest_refused
from engine.app.history.journal import add_entry
from engine.store.memory import MemoryStore

NOW = datetime(2024, 5, 1, tzinfo=UTC)


def test_the_newest_come_first_over_several_pages() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        for number in range(7):
            body = {"verb": "case.read", "about": f"c-{number}", "reasons": [{"message": "不许"}]}
            add_entry(transaction, NOW, "refused", "anna", body)
            add_entry(transaction, NOW, "done", "anna", {"verb": "x"})
        add_entry(transaction, NOW, "refused", "bela", {"attempt": "办结"}, "visit-1")
    before, module._PAGE = module._PAGE, 3
    try:
        with store.read() as transaction:
            found = newest_refused(transaction, "office", 3)
            assert [one.about for one in found] == ["c-6", "c-5", "c-4"]
            assert found[0] == RefusedAttempt(NOW, "anna", "case.read", "c-6", ("不许",))
            assert len(newest_refused(transaction, "office", 99)) == 7
            assert newest_refused(transaction, "nothing", 9) == []
            (own,) = newest_refused(transaction, "visit-1", 9)
    finally:
        module._PAGE = before
    assert (own.about, own.verb, own.as_json()["reasons"]) == ("visit-1", "办结", [])
