"""Drafts are read by their key (`tests/contract/test_contract_drafts.py` holds what they do)."""

from __future__ import annotations

from engine.store.sql.core.drafts import GET, OF


def test_both_ways_to_read_begin_with_the_person() -> None:
    assert GET.binds[:1] == OF.binds == ("person",)
