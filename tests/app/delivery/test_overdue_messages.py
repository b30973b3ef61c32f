"""A message somebody has put off by hand is named once it has waited longer than any holiday."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sample_rows import NOW, make_outgoing

from engine.app.delivery.overdue_messages import WAITS_AT_MOST, messages_put_off
from engine.store.memory import MemoryStore


def test_a_message_put_off_is_named_and_one_that_was_sent_is_not() -> None:
    store = MemoryStore()
    late = [replace(make_outgoing(f"m-{n}"), created_at=NOW - timedelta(days=n)) for n in range(2)]
    with store.write() as transaction:
        transaction.outbox.put(late)
        transaction.outbox.failed("m-1", "x", NOW.replace(year=9999))
    with store.read() as transaction:
        assert messages_put_off(transaction, NOW + WAITS_AT_MOST - timedelta(days=1)) == []
        found = messages_put_off(transaction, NOW + WAITS_AT_MOST)
        assert [one.values["id"] for one in found] == ["m-1"]
    with store.write() as transaction:
        transaction.outbox.sent(["m-1"], NOW)
    with store.read() as transaction:
        assert messages_put_off(transaction, NOW + WAITS_AT_MOST) == []
