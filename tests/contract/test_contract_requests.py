from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sample_rows import HARD, NAIVE, NOW, make_case

from engine.app.ports.records import CaseFilter, IdempotencyRecord
from engine.app.ports.store import ConflictError, Store, Transaction

RECEIPT = IdempotencyRecord(
    "请求-1", "d" * 64, {"case": "inspection-1", "text": HARD, "list": [1, None]}, NOW
)


def carry_out(transaction: Transaction, receipt: IdempotencyRecord) -> None:
    """Do something and remember the answer, as a use case does."""
    transaction.cases.add([make_case()])
    transaction.record_request(receipt)


def test_an_answer_is_remembered(store: Store) -> None:
    with store.write() as transaction:
        assert transaction.idempotency_record(RECEIPT.request_id) is None
        transaction.record_request(RECEIPT)
        assert transaction.idempotency_record(RECEIPT.request_id) == RECEIPT
    with store.read() as transaction:
        assert transaction.idempotency_record(RECEIPT.request_id) == RECEIPT
        assert transaction.idempotency_record("another") is None


def test_an_id_is_taken_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.record_request(RECEIPT)
    with pytest.raises(ConflictError), store.write() as transaction:
        carry_out(transaction, replace(RECEIPT, digest="e" * 64))
    with store.read() as transaction:
        assert transaction.idempotency_record(RECEIPT.request_id) == RECEIPT
        assert transaction.cases.count(CaseFilter()) == 0


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.record_request(replace(RECEIPT, at=NAIVE))


def test_a_name_is_held_by_one_at_a_time(store: Store) -> None:
    """Also by another thread, and while transactions are open; what raised gives it back."""
    with store.hold("请求/1") as first, store.hold("请求/1") as second, store.hold("请求/2") as other:
        assert (first, second, other) == (True, False, True)
        with store.write() as transaction:
            transaction.record_request(RECEIPT)
        found: list[bool] = []

        def look() -> None:
            with store.hold("请求/1") as third:
                found.append(third)

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert found == [False]
    with pytest.raises(KeyError), store.hold("请求/1"):
        raise KeyError
    with store.hold("请求/1") as again:
        assert again
