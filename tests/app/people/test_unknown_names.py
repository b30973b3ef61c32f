"""Refused attempts are entered under names that somebody has."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.people.unknown_names import ASKED, NOBODY, under_known_name
from engine.app.ports.records import RegisterEntry
from engine.lifecycle.command import ENGINE, SYSTEM
from engine.store.memory import MemoryStore


def test_a_name_that_nobody_has_is_in_the_body_and_not_the_actor() -> None:
    store, now = MemoryStore(), datetime(2024, 5, 1, tzinfo=UTC)
    left = RegisterEntry("inspectors", "i-1", "甲", None, {"status": "left"})
    with store.write() as transaction:
        transaction.registers.put([RegisterEntry("people", "anna", "安", "one", {}), left], now)
        body = {"verb": "sign-in"}
        for person in ("anna", "i-1", ENGINE, SYSTEM):
            assert under_known_name(transaction, person, body) == (person, body)
        assert under_known_name(transaction, "口令1234", body) == (NOBODY, {**body, ASKED: "口令1234"})
