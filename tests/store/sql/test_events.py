from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event as watched

from engine.app.ports.store import ConflictError
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.store.case_codec import event_row
from engine.store.sql.core import events as module
from engine.store.sql.repositories.events import SqlEvents
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import event

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def chain(stream: str, count: int, since: Event | None = None, kind: str = "advanced") -> list[Event]:
    made: list[Event] = []
    for _ in range(count):
        last = made[-1] if made else since
        seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
        made.append(follow(stream, seq, NOW, "p", kind, {"n": seq}, previous))
    return made


def own(store: SqlStore) -> SqlEvents:
    with store.read() as transaction:
        assert isinstance(transaction.events, SqlEvents)
        return transaction.events


def test_a_chain_is_kept_and_read_in_pieces(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    one, two = chain("a", 4), chain("b", 1, kind="started")
    with store.write() as transaction:
        assert isinstance(transaction.events, SqlEvents)
        transaction.events.append([one[0], two[0], one[1]])
        transaction.events.append(one[2:])
        transaction.events.append([])
    assert sorted(rows(event)) == sorted(event_row(found) for found in [*one, *two])
    with store.read() as transaction:
        events = transaction.events
        assert events.of("a") == one
        assert events.of("a", after=1, limit=2) == one[1:3]
        assert events.of("none") == []
        assert events.last("a") == one[3]
        assert events.last("none") is None
        assert events.newest(["b", "none", "a"]) == (two[0].hash, "", one[3].hash)
        assert events.newest([]) == ()
        assert events.hashes("a", after=2) == [one[2].hash, one[3].hash]
        assert list(events.last_hashes()) == [("a", 4, one[3].hash), ("b", 1, two[0].hash)]
        assert (events.count(), events.count("started"), events.count("void")) == (5, 1, 0)


@pytest.mark.parametrize("count", [0, 2])
def test_an_event_that_is_not_the_next_is_refused(store: SqlStore, count: int) -> None:
    stored = chain("a", count)
    following = chain("a", 3, stored[-1] if stored else None)
    wrong = {
        "one left out": [following[1]],
        "one left out inside": [following[0], following[2]],
        "turned round": [following[1], following[0]],
        "of another chain": [replace(following[0], previous="b" * 64)],
        "number nought": [replace(following[0], seq=0, previous="b" * 64)],
        "below nought": [replace(following[0], seq=-1, previous="b" * 64)],
        "twice": [following[0], following[0]],
    }
    with store.write() as transaction:
        transaction.events.append(stored)
    for name, written in wrong.items():
        with pytest.raises(ConflictError) as conflict, store.write() as transaction:
            transaction.events.append(written)
        assert conflict.value.case == "a", name
        with store.read() as transaction:
            assert transaction.events.of("a") == stored, name


def test_the_stream_that_was_overtaken_is_named(store: SqlStore) -> None:
    one, two = chain("a", 2), chain("b", 2)
    with store.write() as transaction:
        transaction.events.append([one[0], *two])
    with pytest.raises(ConflictError) as conflict, store.write() as transaction:
        transaction.events.append([one[1], follow("b", 2, NOW, "q", "other", {}, two[0].hash)])
    assert conflict.value.case == "b"
    with pytest.raises(ConflictError) as conflict, store.write() as transaction:
        transaction.events.append([chain("c", 1)[0], follow("a", 1, NOW, "q", "other", {}, GENESIS)])
    assert conflict.value.case == "a"
    with store.read() as transaction:
        assert transaction.events.of("a") == one[:1]
        assert transaction.events.of("c") == []


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)


def test_names_and_heads_are_fetched_page_by_page(store: SqlStore, pages_of_two: None) -> None:
    names = ["case-1", "case-10", "case-2", "office", "register:people"]
    firsts = {name: chain(name, 1)[0] for name in names}
    with store.write() as transaction:
        transaction.events.append(list(reversed(firsts.values())))
    with store.read() as transaction:
        assert list(transaction.events.streams()) == names
        assert list(transaction.events.streams(prefix="case-")) == names[:3]
        assert list(transaction.events.streams(prefix="register:")) == names[4:]
        assert list(transaction.events.streams(prefix="z")) == []
    seen: list[str] = []
    with store.read() as transaction:
        watched.listen(transaction.connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
        assert list(transaction.events.last_hashes()) == [(name, 1, firsts[name].hash) for name in names]
    assert len(seen) == 4
