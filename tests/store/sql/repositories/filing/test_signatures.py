"""Signatures are read by their case (`tests/contract/test_contract_filing.py` holds what they do)."""

from __future__ import annotations

from engine.store.sql.core.filing.signatures import GET, OF_CASE


def test_both_are_read_by_the_case() -> None:
    assert OF_CASE.binds == GET.binds == ("case_id",)
