from __future__ import annotations

from dataclasses import replace

import pytest
from sample_rows import HARD, NAIVE, NOW, make_case

from engine.app.ports.records import CaseFilter, IdempotencyRecord
from engine.app.ports.store import ConflictError, Store, Transaction

RECEIPT = IdempotencyRecord(
    "请求-1", "d" * 64, {"case": "inspection-1", "text": HARD, "list": [1, None]}, NOW
)


def carry_out(unit: Transaction, receipt: IdempotencyRecord) -> None:
    """Do something and remember the answer, as a use case does."""
    unit.cases.add([make_case()])
    unit.remember(receipt)


def test_an_answer_is_remembered(store: Store) -> None:
    with store.write() as unit:
        assert unit.receipt(RECEIPT.request_id) is None
        unit.remember(RECEIPT)
        assert unit.receipt(RECEIPT.request_id) == RECEIPT
    with store.read() as unit:
        assert unit.receipt(RECEIPT.request_id) == RECEIPT
        assert unit.receipt("another") is None


def test_an_id_is_taken_once(store: Store) -> None:
    with store.write() as unit:
        unit.remember(RECEIPT)
    with pytest.raises(ConflictError), store.write() as unit:
        carry_out(unit, replace(RECEIPT, digest="e" * 64))
    with store.read() as unit:
        assert unit.receipt(RECEIPT.request_id) == RECEIPT
        assert unit.cases.count(CaseFilter()) == 0


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"), store.write() as unit:
        unit.remember(replace(RECEIPT, at=NAIVE))
