from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.app.ports.records import Proposal, Token
from engine.app.ports.store import ConflictError, Store

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def proposal(number: int) -> Proposal:
    return Proposal(
        f"proposal-{number}",
        "credential.change",
        "clerk-1",
        "0" * 64,
        {"title": "给“clerk-1”发令牌"},
        "keeper-1",
        NOON,
    )


def test_proposals_are_listed_in_the_order_in_which_they_were_made(store: Store) -> None:
    made = [proposal(number) for number in (9, 10, 1)]
    with store.write() as transaction:
        assert transaction.proposals.all() == []
        for one in made:
            transaction.proposals.add(one)
    with store.read() as transaction:
        assert transaction.proposals.all() == made
        assert transaction.proposals.get("proposal-10") == made[1]
        assert transaction.proposals.get("proposal-2") is None


def test_one_is_decided_by_who_saw_it_as_it_is(store: Store) -> None:
    one, later = proposal(1), NOON + timedelta(hours=1)
    with store.write() as transaction:
        transaction.proposals.add(one)
    with store.write() as transaction:
        transaction.proposals.decide(one, "confirmed", "keeper-2", later, None)
    for before in (one, proposal(2)):
        with pytest.raises(ConflictError), store.write() as transaction:
            transaction.proposals.decide(before, "rejected", "keeper-3", later, "不")
    with store.read() as transaction:
        decided = replace(one, status="confirmed", decided_by="keeper-2", decided_at=later)
        assert transaction.proposals.all() == [decided]


def test_an_id_is_taken_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.proposals.add(proposal(1))
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.proposals.add(proposal(1))


def test_what_a_token_is_good_for_is_kept(store: Store) -> None:
    token = Token(
        "0badcafe", "clerk-1", "", NOON, NOON + timedelta(days=1), None, "0" * 64, ("read", "draws")
    )
    with store.write() as transaction:
        transaction.tokens.add(token)
    with store.read() as transaction:
        assert transaction.tokens.get("0badcafe") == token
