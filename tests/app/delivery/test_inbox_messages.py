"""One message for several people: each has it once, and keeps theirs as it is."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.delivery.inbox_messages import put_into_inboxes
from engine.store.memory import MemoryStore

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_each_has_the_message_once() -> None:
    with MemoryStore().write() as transaction:
        for text in ("甲", "乙"):
            put_into_inboxes(
                transaction, NOW, ["a", "b", "a"], name="x:1", about="x", title="题", text=text, urgent=True
            )
        for person in ("a", "b"):
            (entry,) = transaction.inbox.of(person)
            assert (entry.id, entry.text, entry.title) == (f"x:1:{person}", "甲", "题")
            assert (entry.case, entry.urgent, entry.created_at) == (None, True, NOW)
        put_into_inboxes(transaction, NOW, [], name="x:2", about="x", title="题", text="丙")
