from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.history.journal import add_entry
from engine.app.ports.store import ConflictError
from engine.lifecycle.chain import GENESIS, breaks, follow
from engine.store.memory import MemoryStore

AT = datetime(2027, 3, 1, tzinfo=UTC)


def test_the_first_entry_and_the_next_form_a_chain() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        add_entry(transaction, AT, "opened", "system", {"n": 1})
        add_entry(transaction, AT, "closed", "anna", {"n": 2})
        add_entry(transaction, AT, "imported", "anna", {}, "register:people")
    with store.read() as transaction:
        first, second = transaction.events.of("office")
        assert first == follow(
            "office", 1, AT, "system", "opened", {"n": 1, "credential": "machine"}, GENESIS
        )
        assert second == follow(
            "office", 2, AT, "anna", "closed", {"n": 2, "credential": "machine"}, first.hash
        )
        assert [event.stream for event in transaction.events.of("register:people")] == ["register:people"]


@given(st.lists(st.sampled_from(["office", "delegations", "seals"]), max_size=8))
def test_however_entries_are_mixed_every_chain_is_whole(streams: list[str]) -> None:
    store = MemoryStore()
    for number, stream in enumerate(streams):
        with store.write() as transaction:
            add_entry(transaction, AT, "kind", "anna", {"n": number}, stream)
    with store.read() as transaction:
        for stream in set(streams):
            events = transaction.events.of(stream)
            assert list(breaks(events)) == []
            assert [event.body["n"] for event in events] == [
                number for number, one in enumerate(streams) if one == stream
            ]


def test_somebody_who_was_faster_is_a_conflict() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        add_entry(transaction, AT, "opened", "system", {})
        late = follow("office", 1, AT, "other", "opened", {}, GENESIS)
        with pytest.raises(ConflictError, match="office"):
            transaction.events.append([late])
        add_entry(transaction, AT, "closed", "system", {})
    with store.read() as transaction:
        assert [event.kind for event in transaction.events.of("office")] == ["opened", "closed"]
