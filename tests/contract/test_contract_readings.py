"""Records of readings, and the removal of what is past its term."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sample_rows import (
    NOW,
    after,
    make_inbox,
    make_outgoing,
    make_reading,
    make_session,
)

from engine.app.ports.audit.readings import KINDS
from engine.app.ports.records import Draft, FailedAttempt, IdempotencyRecord, Snapshot
from engine.app.ports.store import Store, Transaction


def test_a_reading_is_recorded_once_a_day(store: Store) -> None:
    first, second = make_reading(), make_reading("p-2", at=after(hours=1))
    with store.write() as transaction:
        assert not transaction.readings.known("2026-03-02", "p-1", "register.read", "inspectors")
        transaction.readings.add([first, second])
        transaction.readings.add([make_reading(rows=9)])
    with store.read() as transaction:
        assert transaction.readings.known("2026-03-02", "p-1", "register.read", "inspectors")
        assert not transaction.readings.known("2026-03-03", "p-1", "register.read", "inspectors")
        assert transaction.readings.newest() == [second, first]
        assert transaction.readings.newest("p-1") == [first]
        assert transaction.readings.newest(limit=1) == [second]


def fill(transaction: Transaction) -> None:
    """Write one row of every kind that can be removed, and one that stays."""
    transaction.outbox.put([make_outgoing("o-1"), make_outgoing("o-2")])
    transaction.outbox.sent(["o-1"], NOW)
    transaction.inbox.put([make_inbox("i-1")])
    transaction.record_request(IdempotencyRecord("r-1", "d", {}, NOW))
    transaction.readings.add([make_reading()])
    transaction.drafts.put(Draft("p-1", "c-1", "s", "f", 1, "open", NOW, {}, NOW))
    transaction.web_sessions.add(make_session(expires_at=NOW))
    transaction.sign_in_attempts.add(FailedAttempt("person:a", 1, NOW))
    transaction.registers.put_snapshot(
        Snapshot("s-1", "objects", NOW, 0, sha256(b"").hexdigest(), "1" * 64, b"", "p-1")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_past_its_term_is_removed(kind: str, store: Store) -> None:
    with store.write() as transaction:
        fill(transaction)
        assert transaction.pruning.prune(kind, NOW, 10) == 0
        assert transaction.pruning.prune(kind, after(days=1), 0) == 0
        assert transaction.pruning.prune(kind, after(days=1), 10) == 1
        assert transaction.pruning.prune(kind, after(days=1), 10) == 0
    with store.read() as transaction:
        left = {one.id for one in transaction.outbox.listed()}
        assert left == ({"o-2"} if kind == "messages" else {"o-1", "o-2"})
