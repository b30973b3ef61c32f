"""Drafts: kept for one person, case and step, replaced and removed, whatever is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.app.ports.records import Draft
from engine.app.ports.store import Store

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
ONE = Draft("anna", "w-1", "check", "visit", 2, "open", NOON, {"x": ["?", None, {"y": 1}]}, NOON)


def test_a_draft_is_the_persons_the_cases_and_the_steps(store: Store) -> None:
    others = [replace(ONE, person="bela"), replace(ONE, case="w-2"), replace(ONE, step="again")]
    with store.write() as transaction:
        for one in (ONE, *others):
            transaction.drafts.put(one)
    with store.read() as transaction:
        assert transaction.drafts.get("anna", "w-1", "check") == ONE
        assert transaction.drafts.get("anna", "w-1", "none") is None
        assert transaction.drafts.of("anna") == [others[2], ONE, others[1]]
        assert transaction.drafts.of("carl") == []


def test_the_next_one_replaces_it_and_it_is_removed_once(store: Store) -> None:
    later = replace(ONE, answers={"x": "后来"}, saved_at=NOON + timedelta(minutes=1))
    with store.write() as transaction:
        transaction.drafts.put(ONE)
        transaction.drafts.put(later)
    with store.read() as transaction:
        assert transaction.drafts.of("anna") == [later]
    with store.write() as transaction:
        assert transaction.drafts.drop("anna", "w-1", "check")
        assert not transaction.drafts.drop("anna", "w-1", "check")
