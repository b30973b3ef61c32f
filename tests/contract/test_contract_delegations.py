from __future__ import annotations

from dataclasses import replace

import pytest
from sample_rows import NAIVE, ids, make_delegation

from engine.app.ports.store import ConflictError, Store


def test_delegations_are_listed_in_the_order_in_which_they_were_made(store: Store) -> None:
    names = [f"delegation-{number}" for number in (9, 10, 11, 1)]
    with store.write() as transaction:
        assert transaction.delegations.all() == []
        for name in names:
            transaction.delegations.add(make_delegation(name))
        assert ids(transaction.delegations.all()) == names
    with store.read() as transaction:
        assert transaction.delegations.all() == [make_delegation(name) for name in names]


def test_one_is_ended_and_stays(store: Store) -> None:
    first, second = make_delegation("delegation-1"), make_delegation("delegation-2")
    with store.write() as transaction:
        transaction.delegations.add(first)
        transaction.delegations.add(second)
    with store.write() as transaction:
        transaction.delegations.end("delegation-1")
        transaction.delegations.end("delegation-1")
        transaction.delegations.end("unknown")
    with store.read() as transaction:
        assert transaction.delegations.all() == [replace(first, ended=True), second]


def test_an_id_is_taken_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.delegations.add(make_delegation())
    with pytest.raises(ConflictError, match="delegation-1"), store.write() as transaction:
        transaction.delegations.add(make_delegation(reason="另一件"))
    with store.read() as transaction:
        assert transaction.delegations.all() == [make_delegation()]


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.delegations.add(make_delegation(begins=NAIVE))
