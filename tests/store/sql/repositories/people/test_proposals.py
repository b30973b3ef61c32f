"""Rows of proposals as the database has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.app.ports.records import Proposal
from engine.app.ports.store import ConflictError
from engine.store.sql.repositories.people.proposals import SqlProposals
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import proposal

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_proposals_are_numbered_and_decided_once(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    first = Proposal("z", "people.change", "b", "0" * 64, {"name": "甲"}, "a", NOON)
    second = replace(first, id="m")
    with store.write() as transaction:
        assert isinstance(transaction.proposals, SqlProposals)
        transaction.proposals.add(first)
        transaction.proposals.add(second)
        with pytest.raises(ConflictError, match="m"):
            transaction.proposals.add(second)
        assert transaction.proposals.all() == [first, second]
        transaction.proposals.decide(first, "confirmed", "c", NOON, "准")
        with pytest.raises(ConflictError, match="z"):
            transaction.proposals.decide(first, "rejected", "c", NOON, "不准")
        assert transaction.proposals.get("z") == replace(
            first, status="confirmed", decided_by="c", decided_at=NOON, reason="准"
        )
    assert sorted(row[:2] for row in rows(proposal)) == [("m", 2), ("z", 1)]
