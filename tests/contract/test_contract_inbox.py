from __future__ import annotations

import pytest
from sample_rows import HARD, NAIVE, after, ids, make_inbox

from engine.app.ports.store import Store


def test_an_entry_comes_back_as_it_was(store: Store) -> None:
    full = make_inbox("b", urgent=True, acked_at=after(hours=1), title=HARD, created_at=after(seconds=1))
    bare = make_inbox("a", case=None)
    with store.write() as transaction:
        transaction.inbox.put([bare, full])
        transaction.inbox.put([make_inbox("a", text="一句别的话")])
    with store.read() as transaction:
        assert transaction.inbox.of("p-1") == [full, bare]
        assert transaction.inbox.of("p-1", unacked=True) == [bare]
        assert transaction.inbox.of("p-1", limit=1) == [full]
        assert transaction.inbox.of("p-2") == []


def test_only_the_receiver_acknowledges_and_only_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.inbox.put([make_inbox(i) for i in "abc"])
        assert transaction.inbox.ack("p-2", ["a"], after(hours=1)) == []
        assert transaction.inbox.ack("p-1", ["b", "a", "a", "unknown"], after(hours=1)) == ["b", "a"]
        assert transaction.inbox.ack("p-1", ["a", "c"], after(hours=2)) == ["c"]
    with store.read() as transaction:
        found = {entry.id: entry.acked_at for entry in transaction.inbox.of("p-1")}
        assert found == {"a": after(hours=1), "b": after(hours=1), "c": after(hours=2)}
        assert ids(transaction.inbox.of("p-1", unacked=True)) == []


def test_instants_without_a_zone_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="2027"), store.write() as transaction:
        transaction.inbox.put([make_inbox(created_at=NAIVE)])
    with pytest.raises(ValueError, match="2027"), store.write() as transaction:
        transaction.inbox.ack("p-1", ["a"], NAIVE)
