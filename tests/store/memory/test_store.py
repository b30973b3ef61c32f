from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from engine.app.ports.store import Transaction
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.store.memory.store import MemoryStore, MemoryTransaction
from engine.store.problem import ReadOnlyTransactionError


def test_every_repository_of_the_port_is_there() -> None:
    made = MemoryTransaction()
    for name, value in vars(Transaction).items():
        if isinstance(value, property):
            assert hasattr(made, name), name


def put_and_fail(transaction: MemoryTransaction) -> None:
    transaction.settings.put("a", 1)
    raise ReadOnlyTransactionError


def test_what_raises_leaves_nothing_and_what_reads_cannot_write() -> None:
    store = MemoryStore()
    with pytest.raises(ReadOnlyTransactionError), store.write() as transaction:
        put_and_fail(transaction)
    with store.read() as transaction:
        assert transaction.settings.names("") == []
    with pytest.raises(ReadOnlyTransactionError), store.read() as transaction:
        transaction.settings.put("a", 1)


def test_one_transaction_at_a_time() -> None:
    store, order = MemoryStore(), []
    inside = threading.Event()

    def other() -> None:
        inside.wait(10)
        with store.write() as transaction:
            order.append(transaction.settings.get("a"))

    thread = threading.Thread(target=other)
    thread.start()
    with store.write() as transaction:
        inside.set()
        transaction.settings.put("a", 1)
        with pytest.raises(RuntimeError, match="already open"), store.read():
            pass
    thread.join(10)
    assert order == [1]


def entered(name: str, after: Event | None = None) -> Event:
    seq, previous = (1, GENESIS) if after is None else (after.seq + 1, after.hash)
    return follow(name, seq, datetime(2026, 1, 1, tzinfo=UTC), "anna", "noted", {}, previous)


def test_the_store_goes_back_to_what_it_held_as_often_as_is_wanted() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.settings.put("a", 1)
        transaction.events.append([entered("x")])
    first = store.kept()
    with store.write() as transaction:
        transaction.settings.put("a", 2)
        transaction.settings.put("b", 3)
        transaction.events.append([entered("x", entered("x")), entered("y")])
    second = store.kept()

    def held() -> tuple[object, object, int, int, int]:
        with store.read() as transaction:
            events = transaction.events
            return (
                transaction.settings.get("a"),
                transaction.settings.get("b"),
                len(events.of("x")),
                len(events.of("y")),
                transaction.statements.last(),
            )

    for kept, expected in ((first, (1, None, 1, 0, 1)), (second, (2, 3, 2, 1, 2))) * 2:
        store.back_to(kept)
        assert held() == expected
    # What is written after going back belongs to this branch alone.
    store.back_to(first)
    with store.write() as transaction:
        transaction.settings.put("a", 5)
        transaction.events.append([entered("x", entered("x"))])
    assert held() == (5, None, 2, 0, 2)
    store.back_to(first)
    assert held() == (1, None, 1, 0, 1)
    store.back_to(second)
    assert held() == (2, 3, 2, 1, 2)
