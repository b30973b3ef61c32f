from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sample_rows import (
    NOW,
    after,
    make_case,
    make_chain,
    make_delegation,
    make_entry,
    make_heartbeat,
    make_outgoing,
    make_personal_value,
    make_reading,
    make_session,
    make_task,
    make_timer,
    make_token,
)

from engine.app.ports.records import CaseFilter, Credential, FailedAttempt
from engine.app.ports.store import ConflictError, Store, Transaction, read_together
from tests.contract.test_contract_definitions import make_version
from tests.contract.test_contract_records import make_document, make_draw, make_publication
from tests.contract.test_contract_registers import make_snapshot
from tests.contract.test_contract_requests import RECEIPT
from tests.hung_run import HUNG


class BrokenError(Exception):
    """What ends a unit in these tests."""


def write_everything(transaction: Transaction, suffix: str) -> None:
    """Write into every corner of a store."""
    case = f"case-{suffix}"
    transaction.cases.add([make_case(case)])
    transaction.cases.number(f"series-{suffix}", 3)
    transaction.events.append(make_chain(case, 2))
    transaction.tasks.put([make_task(case)])
    transaction.timers.put([make_timer(case), make_timer(case, "bad")])
    transaction.timers.set_aside(make_timer(case, "bad"), "bad")
    transaction.outbox.put([make_outgoing(case)])
    transaction.registers.put([make_entry(case)], NOW)
    transaction.registers.put_snapshot(make_snapshot(case))
    transaction.records.put_draw(make_draw(case))
    transaction.records.put_publication(make_publication(case))
    transaction.records.put_document(make_document(case, case=case))
    transaction.definitions.put_texts({case: b"text"})
    transaction.definitions.add_version(make_version(case))
    transaction.settings.put(case, suffix)
    transaction.delegations.add(make_delegation(case))
    transaction.credentials.put(Credential(case, "hash", NOW))
    transaction.tokens.add(make_token(case))
    transaction.web_sessions.add(make_session(case))
    transaction.readings.add([make_reading(case)])
    transaction.personal_values.add([make_personal_value(case)])
    transaction.sign_in_attempts.add(FailedAttempt(case, 1, NOW))
    transaction.daemons.put(make_heartbeat(case))
    transaction.record_request(replace(RECEIPT, request_id=case))


def change_everything(transaction: Transaction, suffix: str) -> None:
    """Change, replace or remove what `write_everything` wrote."""
    case = f"case-{suffix}"
    transaction.cases.save(make_case(case, rev=2, state="inspected"), 1)
    transaction.cases.number(f"series-{suffix}")
    transaction.events.append(make_chain(case, 1, since=transaction.events.last(case)))
    transaction.tasks.drop([case])
    transaction.timers.drop([(case, "state")])
    transaction.timers.put([make_timer(case, "bad")])
    transaction.outbox.sent([case], NOW)
    transaction.registers.remove("objects", [case])
    transaction.records.put_draw(make_draw(case, status="void"))
    transaction.records.put_publication(make_publication(case, late=True))
    transaction.settings.put(case, "changed")
    transaction.delegations.end(case)
    transaction.credentials.put(Credential(case, "another", NOW))
    transaction.tokens.revoke(case, NOW)
    transaction.web_sessions.end(case, NOW)
    transaction.pruning.prune("readings", after(days=1), 1)
    transaction.personal_values.destroy([case])
    transaction.sign_in_attempts.drop(case)
    transaction.daemons.drop_before(after(days=1))


def half_way(transaction: Transaction, act: Callable[[], None]) -> None:
    """Write something before `act` raises."""
    transaction.settings.put("half", "way")
    act()


def contents(transaction: Transaction) -> dict[str, Any]:
    """Return everything the tests of this module write."""
    return {
        "cases": transaction.cases.find(CaseFilter()),
        "events": [
            event for stream in transaction.events.streams() for event in transaction.events.of(stream)
        ],
        "tasks": transaction.tasks.all(),
        "timers": transaction.timers.due(after(days=9), 99),
        "incidents": transaction.timers.incidents(),
        "timer count": transaction.timers.count(),
        "outbox": transaction.outbox.listed(),
        "inbox": transaction.inbox.of("p-1"),
        "entries": transaction.registers.all("objects"),
        "summary": dict(transaction.registers.summary()),
        "snapshots": transaction.registers.snapshots(),
        "draws": transaction.records.draws(),
        "publications": transaction.records.publications(),
        "documents": [transaction.records.documents(f"case-{s}") for s in "abc"],
        "texts": [transaction.definitions.text(f"case-{s}") for s in "abc"],
        "versions": transaction.definitions.versions(),
        "settings": [(name, transaction.settings.get(name)) for name in transaction.settings.names("")],
        "delegations": transaction.delegations.all(),
        "credentials": [transaction.credentials.get(f"case-{s}") for s in "abc"],
        "tokens": transaction.tokens.all(),
        "sessions": transaction.web_sessions.all(),
        "readings": transaction.readings.newest(),
        "values": transaction.personal_values.past(after(days=9), 99),
        "attempts": [transaction.sign_in_attempts.of(f"case-{s}") for s in "abc丙"],
        "daemons": transaction.daemons.all(),
        "receipts": [transaction.idempotency_record(f"case-{s}") for s in "abc"],
        "open": [transaction.cases.has_open_children_outside("batch", "inspection", [])],
    }


def kept(store: Store) -> dict[str, Any]:
    with store.read() as transaction:
        return contents(transaction)


@pytest.mark.parametrize("act", [write_everything, change_everything])
def test_a_unit_that_raises_leaves_nothing(store: Store, act: Callable[[Transaction, str], None]) -> None:
    with store.write() as transaction:
        write_everything(transaction, "a")
    before = kept(store)
    suffix = "b" if act is write_everything else "a"
    with suppress(BrokenError), store.write() as transaction:
        act(transaction, suffix)
        assert contents(transaction) != before
        raise BrokenError
    assert kept(store) == before
    with store.write() as transaction:
        act(transaction, suffix)
        # The series is part of what was undone.
        assert transaction.cases.number(f"series-{suffix}") == (4 if suffix == "b" else 5)
    assert kept(store) != before


@pytest.mark.parametrize("act", [write_everything, change_everything])
def test_a_savepoint_is_undone_alone(store: Store, act: Callable[[Transaction, str], None]) -> None:
    suffix = "b" if act is write_everything else "a"
    with store.write() as transaction:
        write_everything(transaction, "a")
        before = contents(transaction)
        with suppress(BrokenError), transaction.savepoint():
            act(transaction, suffix)
            raise BrokenError
        assert contents(transaction) == before
        write_everything(transaction, "c")
        expected = contents(transaction)
    assert kept(store) == expected


def test_savepoints_one_in_another(store: Store) -> None:
    with store.write() as transaction:
        with transaction.savepoint():
            write_everything(transaction, "a")
            before = contents(transaction)
            with suppress(BrokenError), transaction.savepoint():
                change_everything(transaction, "a")
                with transaction.savepoint():
                    write_everything(transaction, "b")
                raise BrokenError
            assert contents(transaction) == before
        with transaction.savepoint():
            write_everything(transaction, "b")
        expected = contents(transaction)
    assert kept(store) == expected


def test_a_savepoint_that_ended_well_is_undone_with_its_unit(store: Store) -> None:
    before = kept(store)
    with suppress(BrokenError), store.write() as transaction:
        with transaction.savepoint():
            write_everything(transaction, "a")
        raise BrokenError
    assert kept(store) == before


def test_a_conflict_inside_a_savepoint_can_be_lived_with(store: Store) -> None:
    with store.write() as transaction:
        write_everything(transaction, "a")
        for act in (
            lambda: transaction.cases.add([make_case("case-b"), make_case("case-a")]),
            lambda: transaction.cases.save(make_case("case-a", rev=9), 8),
            lambda: transaction.events.append(make_chain("case-a", 1)),
            lambda: transaction.record_request(replace(RECEIPT, request_id="case-a")),
            lambda: transaction.definitions.add_version(make_version("case-a")),
        ):
            with pytest.raises(ConflictError), transaction.savepoint():
                half_way(transaction, act)
        expected = contents(transaction)
    assert kept(store) == expected
    assert [name for name, _ in expected["settings"]] == ["case-a"]


def test_a_unit_sees_what_it_wrote(store: Store) -> None:
    with store.write() as transaction:
        write_everything(transaction, "a")
        seen = contents(transaction)
    assert kept(store) == seen


def test_a_reading_unit_cannot_write(store: Store) -> None:
    before = kept(store)
    with pytest.raises(Exception, match="read"), store.read() as transaction:
        transaction.settings.put("name", 1)
    assert kept(store) == before
    with store.write() as transaction:
        transaction.settings.put("name", 1)


def test_the_store_works_on_after_a_failure(store: Store) -> None:
    for _ in range(30):
        with suppress(BrokenError), store.write() as transaction:
            transaction.settings.put("name", 1)
            raise BrokenError
        with suppress(BrokenError), store.read() as transaction:
            raise BrokenError
    with store.write() as transaction:
        assert transaction.settings.names("") == []


def test_a_reader_sees_one_state(store: Store) -> None:
    """A writer in another thread commits between two looks of one reader; the reader sees the same twice."""
    with store.write() as transaction:
        transaction.settings.put("turn", 0)
    written = threading.Event()

    def write() -> None:
        with store.write() as transaction:
            transaction.settings.put("turn", 1)
        written.set()

    with store.read() as transaction:
        first = transaction.settings.get("turn")
        thread = threading.Thread(target=write)
        thread.start()
        # The in-memory store makes the writer wait; the others let it through.
        written.wait(0.3)
        assert transaction.settings.get("turn") == first == 0
    thread.join(HUNG)
    with store.read() as transaction:
        assert transaction.settings.get("turn") == 1


def test_threads_race_on_one_case(store: Store) -> None:
    """Each revision is won by one thread; the others are told that they came too late."""
    with store.write() as transaction:
        transaction.cases.add([make_case()])
        transaction.events.append(make_chain("inspection-1", 1))
    threads, rounds = 4, 10
    ready = threading.Barrier(threads)
    outcomes: list[str] = []

    def race() -> None:
        for _ in range(rounds):
            with store.read() as transaction:
                seen = transaction.cases.get("inspection-1")
                last = transaction.events.last("inspection-1")
            assert seen is not None
            ready.wait(HUNG)
            try:
                with store.write() as transaction:
                    transaction.cases.save(replace(seen, rev=seen.rev + 1), seen.rev)
                    transaction.events.append(make_chain("inspection-1", 1, since=last))
                outcomes.append("won")
            except ConflictError:
                outcomes.append("late")
            ready.wait(HUNG)

    racers = [threading.Thread(target=race) for _ in range(threads)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(HUNG)
    assert outcomes.count("won") == rounds
    assert outcomes.count("late") == rounds * (threads - 1)
    with store.read() as transaction:
        case, last = transaction.cases.get("inspection-1"), transaction.events.last("inspection-1")
    assert case is not None
    assert last is not None
    assert case.rev == last.seq == rounds + 1


def test_what_is_read_together_is_one_state_until_something_is_written(store: Store) -> None:
    def seen() -> Any:
        with store.read() as transaction:
            return transaction.settings.get("together")

    def put(value: str) -> None:
        with store.write() as transaction:
            transaction.settings.put("together", value)

    put("first")
    with read_together(store):
        assert seen() == "first"
        other = threading.Thread(target=put, args=("of another thread",))
        other.start()
        other.join(HUNG)
        # A store in memory has one state for all; a database the one that was begun with.
        assert seen() in ("first", "of another thread")
        put("own")
        assert seen() == "own"
        with read_together(store):
            assert seen() == "own"
        with store.read() as transaction:
            assert transaction.settings.get("together") == "own"
        with pytest.raises(ZeroDivisionError), store.read():
            raise ZeroDivisionError
        assert seen() == "own"
    put("after")
    assert seen() == "after"
