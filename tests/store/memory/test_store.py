from __future__ import annotations

import threading

import pytest

from engine.app.ports.store import Transaction
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
