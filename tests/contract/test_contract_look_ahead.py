"""What is looked at ahead answers as the store would, and a step that writes what was looked at is stated like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from sample_rows import (
    NOW,
    after,
    make_case,
    make_chain,
    make_heartbeat,
    make_outgoing,
    make_task,
    make_timer,
)

from engine.app.audit.verify_rows import verify_rows
from engine.app.ports.records import Draft, IdempotencyRecord
from engine.app.ports.store import ConflictError, Store, Transaction
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event

CASE = "w-1"
STREAMS = ("people", "others")
KEY = ("anna", CASE, "check")
RECEIPT = IdempotencyRecord("q-1", "0" * 64, {"a": 1}, NOW)


@pytest.fixture
def held(store: Store) -> Iterator[tuple[Store, Case, Event]]:
    """Yield a store with a case, and the last event of its history."""
    (begun,) = make_chain(CASE, 1)
    case = make_case(CASE, rev=1, head=begun.hash)
    with store.write() as transaction:
        transaction.events.append([begun, *make_chain("people", 2)])
        transaction.cases.add([case])
        transaction.tasks.put([make_task(CASE), make_task(CASE, "p:p-2"), make_task("w-2")])
        transaction.timers.put([make_timer(CASE)])
        transaction.daemons.put(make_heartbeat("a", at=after(hours=-2)))
        transaction.daemons.put(make_heartbeat("b"))
        transaction.drafts.put(Draft(*KEY, "visit", 1, "open", NOW, {"a": 1}, NOW))
    yield store, case, begun
    with store.read() as transaction:
        assert list(verify_rows(transaction)) == []


def step(
    transaction: Transaction, case: Case, last: Event, holders: tuple[str, ...] = ("p:p-1", "p:p-2")
) -> Case:
    """Write what a step writes."""
    (event,) = make_chain(CASE, 1, since=last)
    moved = replace(case, rev=event.seq, head=event.hash, state="inspected")
    transaction.events.append([event])
    transaction.cases.save_moved([(moved, case.rev)])
    transaction.tasks.replace([CASE], [make_task(CASE, key, state="inspected") for key in holders])
    transaction.timers.replace([(CASE, "state")], [make_timer(CASE, "other")])
    transaction.outbox.put([make_outgoing(f"{CASE}:{event.seq}:1"), make_outgoing(f"{CASE}:{event.seq}:2")])
    transaction.record_request(RECEIPT)
    return moved


def looked_at_and_stepped(store: Store, request: str, case: Case, last: Event) -> None:
    with store.write() as transaction:
        transaction.look_ahead(request, CASE, STREAMS)
        step(transaction, case, last)


def test_what_was_looked_at_is_what_there_is(held: tuple[Store, Case, Event]) -> None:
    store, case, _ = held
    with store.write() as transaction:
        transaction.look_ahead("q-1", CASE, STREAMS, KEY)
        assert transaction.idempotency_record("q-1") is None
        assert transaction.daemons.last_at() == NOW
        last = make_chain("people", 2)[-1]
        for _ in range(2):
            assert transaction.events.newest(STREAMS) == (last.hash, "")
            assert transaction.cases.get(CASE, lock=True) == case
        assert transaction.drafts.drop(*KEY)
        assert not transaction.drafts.drop(*KEY)
        transaction.look_ahead(None, "nothing", STREAMS)
        assert transaction.cases.get("nothing") is None
    with store.write() as transaction:
        transaction.look_ahead("q-1", CASE, STREAMS, KEY)
        assert not transaction.drafts.drop(*KEY)
        transaction.drafts.put(Draft(*KEY, "visit", 1, "open", NOW, {}, NOW))
        assert transaction.drafts.drop(*KEY)


def test_a_step_is_written_as_without_looking_ahead(held: tuple[Store, Case, Event]) -> None:
    store, case, begun = held
    with store.write() as transaction:
        transaction.look_ahead("q-1", CASE, STREAMS)
        moved = step(transaction, case, begun)
        # What is written is seen at once.
        assert transaction.cases.get(CASE) == moved
    with store.read() as transaction:
        assert transaction.idempotency_record("q-1") == RECEIPT
        assert [task.state for task in transaction.tasks.of_case(CASE)] == ["inspected", "inspected"]
        assert [timer.name for timer in transaction.timers.of_case(CASE)] == ["other"]
        assert transaction.cases.get(CASE) == moved
        assert len(transaction.events.of(CASE)) == 2
        assert len(transaction.outbox.listed()) == 2


def test_two_steps_in_one_transaction(held: tuple[Store, Case, Event]) -> None:
    store, case, begun = held
    with store.write() as transaction:
        transaction.look_ahead("q-1", CASE, STREAMS)
        moved = step(transaction, case, begun)
        last = transaction.events.last(CASE)
        assert last is not None
        (event,) = make_chain(CASE, 1, since=last)
        transaction.events.append([event])
        transaction.cases.save_moved([(replace(moved, rev=3, head=event.hash, state="done"), 2)])
        transaction.tasks.replace([CASE], [make_task(CASE, "p:p-2")])
        transaction.timers.replace(
            [(CASE, "other")], [make_timer(CASE, "other", at=after(days=3)), make_timer(CASE)]
        )
    with store.read() as transaction:
        assert [task.key for task in transaction.tasks.of_case(CASE)] == ["p:p-2"]
        assert [timer.name for timer in transaction.timers.of_case(CASE)] == ["other", "state"]
        found = transaction.cases.get(CASE)
        assert found is not None
        assert (found.rev, found.state) == (3, "done")


@pytest.mark.parametrize("holders", [("p:p-3",), ("p:p-1", "p:p-3"), ("p:p-1", "p:p-2", "p:p-3")])
def test_other_holders(held: tuple[Store, Case, Event], holders: tuple[str, ...]) -> None:
    store, case, begun = held
    with store.write() as transaction:
        transaction.look_ahead(None, CASE, STREAMS)
        step(transaction, case, begun, holders)
    with store.read() as transaction:
        assert tuple(task.key for task in transaction.tasks.of_case(CASE)) == holders


def test_nothing_is_kept_of_a_step_whose_request_was_carried_out(held: tuple[Store, Case, Event]) -> None:
    store, case, begun = held
    with store.write() as transaction:
        transaction.record_request(RECEIPT)
    # Looked at for another: the other request came between.
    with pytest.raises(ConflictError):
        looked_at_and_stepped(store, "q-2", case, begun)
    with store.read() as transaction:
        assert transaction.cases.get(CASE) == case
        assert [timer.name for timer in transaction.timers.of_case(CASE)] == ["state"]
        assert len(transaction.events.of(CASE)) == 1


def test_a_history_that_does_not_follow_is_refused(held: tuple[Store, Case, Event]) -> None:
    store, case, _ = held
    other = make_chain(CASE, 1, kind="another")[0]
    with pytest.raises(ConflictError):
        looked_at_and_stepped(store, "q-1", case, other)
    with store.read() as transaction:
        assert transaction.cases.get(CASE) == case


def test_what_a_savepoint_undoes_is_not_known_any_more(held: tuple[Store, Case, Event]) -> None:
    store, case, begun = held
    with store.write() as transaction:
        transaction.look_ahead("q-1", CASE, STREAMS)
        with suppress(LookupError), transaction.savepoint():
            step(transaction, case, begun, ("p:p-9",))
            raise LookupError
        assert transaction.cases.get(CASE) == case
        assert transaction.idempotency_record("q-1") is None
        step(transaction, case, begun)
    with store.read() as transaction:
        assert [task.key for task in transaction.tasks.of_case(CASE)] == ["p:p-1", "p:p-2"]
