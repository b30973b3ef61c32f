from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from sample_rows import NOW, after, make_case, make_chain, make_entry, make_outgoing, make_task, make_timer
from test_contract_definitions import make_version
from test_contract_records import make_document, make_draw, make_publication
from test_contract_registers import make_snapshot
from test_contract_requests import RECEIPT

from engine.app.ports.records import CaseFilter
from engine.app.ports.store import ConflictError, Store, Transaction


class Broken(Exception):
    """What ends a unit in these tests."""


def write_everything(unit: Transaction, suffix: str) -> None:
    """Write into every corner of a store."""
    case = f"case-{suffix}"
    unit.cases.add([make_case(case)])
    unit.cases.number(f"series-{suffix}", 3)
    unit.events.append(make_chain(case, 2))
    unit.tasks.put([make_task(case)])
    unit.timers.put([make_timer(case), make_timer(case, "bad")])
    unit.timers.set_aside(make_timer(case, "bad"), "bad")
    unit.outbox.put([make_outgoing(case)])
    unit.registers.put([make_entry(case)], NOW)
    unit.registers.put_snapshot(make_snapshot(case))
    unit.records.put_draw(make_draw(case))
    unit.records.put_publication(make_publication(case))
    unit.records.put_document(make_document(case, case=case))
    unit.definitions.put_texts({case: b"text"})
    unit.definitions.add_version(make_version(case))
    unit.settings.put(case, suffix)
    unit.remember(replace(RECEIPT, request_id=case))


def change_everything(unit: Transaction, suffix: str) -> None:
    """Change, replace or remove what `write_everything` wrote."""
    case = f"case-{suffix}"
    unit.cases.save(make_case(case, rev=2, state="inspected"), 1)
    unit.cases.number(f"series-{suffix}")
    unit.events.append(make_chain(case, 1, since=unit.events.last(case)))
    unit.tasks.drop([case])
    unit.timers.drop([(case, "state")])
    unit.timers.put([make_timer(case, "bad")])
    unit.outbox.sent([case], NOW)
    unit.registers.remove("objects", [case])
    unit.records.put_draw(make_draw(case, status="void"))
    unit.records.put_publication(make_publication(case, late=True))
    unit.settings.put(case, "changed")


def half_way(unit: Transaction, act: Callable[[], None]) -> None:
    """Write something before `act` raises."""
    unit.settings.put("half", "way")
    act()


def contents(unit: Transaction) -> dict[str, object]:
    """Return everything the tests of this module write."""
    return {
        "cases": unit.cases.find(CaseFilter()),
        "events": [event for stream in unit.events.streams() for event in unit.events.of(stream)],
        "tasks": unit.tasks.all(),
        "timers": unit.timers.due(after(days=9), 99),
        "incidents": unit.timers.incidents(),
        "timer count": unit.timers.count(),
        "outbox": unit.outbox.listed(),
        "inbox": unit.inbox.of("p-1"),
        "entries": unit.registers.all("objects"),
        "summary": dict(unit.registers.summary()),
        "snapshots": unit.registers.snapshots(),
        "draws": unit.records.draws(),
        "publications": unit.records.publications(),
        "documents": [unit.records.documents(f"case-{s}") for s in "abc"],
        "texts": [unit.definitions.text(f"case-{s}") for s in "abc"],
        "versions": unit.definitions.versions(),
        "settings": [(name, unit.settings.get(name)) for name in unit.settings.names("")],
        "receipts": [unit.receipt(f"case-{s}") for s in "abc"],
        "open": [unit.cases.outstanding("batch", "inspection", [])],
    }


def kept(store: Store) -> dict[str, object]:
    with store.read() as unit:
        return contents(unit)


@pytest.mark.parametrize("act", [write_everything, change_everything])
def test_a_unit_that_raises_leaves_nothing(store: Store, act: Callable[[Transaction, str], None]) -> None:
    with store.write() as unit:
        write_everything(unit, "a")
    before = kept(store)
    suffix = "b" if act is write_everything else "a"
    with suppress(Broken), store.write() as unit:
        act(unit, suffix)
        assert contents(unit) != before
        raise Broken
    assert kept(store) == before
    with store.write() as unit:
        act(unit, suffix)
        # The series is part of what was undone.
        assert unit.cases.number(f"series-{suffix}") == (4 if suffix == "b" else 5)
    assert kept(store) != before


@pytest.mark.parametrize("act", [write_everything, change_everything])
def test_a_savepoint_is_undone_alone(store: Store, act: Callable[[Transaction, str], None]) -> None:
    suffix = "b" if act is write_everything else "a"
    with store.write() as unit:
        write_everything(unit, "a")
        before = contents(unit)
        with suppress(Broken), unit.savepoint():
            act(unit, suffix)
            raise Broken
        assert contents(unit) == before
        write_everything(unit, "c")
        expected = contents(unit)
    assert kept(store) == expected


def test_savepoints_one_in_another(store: Store) -> None:
    with store.write() as unit:
        with unit.savepoint():
            write_everything(unit, "a")
            before = contents(unit)
            with suppress(Broken), unit.savepoint():
                change_everything(unit, "a")
                with unit.savepoint():
                    write_everything(unit, "b")
                raise Broken
            assert contents(unit) == before
        with unit.savepoint():
            write_everything(unit, "b")
        expected = contents(unit)
    assert kept(store) == expected


def test_a_savepoint_that_ended_well_is_undone_with_its_unit(store: Store) -> None:
    before = kept(store)
    with suppress(Broken), store.write() as unit:
        with unit.savepoint():
            write_everything(unit, "a")
        raise Broken
    assert kept(store) == before


def test_a_conflict_inside_a_savepoint_can_be_lived_with(store: Store) -> None:
    with store.write() as unit:
        write_everything(unit, "a")
        for act in (
            lambda: unit.cases.add([make_case("case-b"), make_case("case-a")]),
            lambda: unit.cases.save(make_case("case-a", rev=9), 8),
            lambda: unit.events.append(make_chain("case-a", 1)),
            lambda: unit.remember(replace(RECEIPT, request_id="case-a")),
            lambda: unit.definitions.add_version(make_version("case-a")),
        ):
            with pytest.raises(ConflictError), unit.savepoint():
                half_way(unit, act)
        expected = contents(unit)
    assert kept(store) == expected
    assert [name for name, _ in expected["settings"]] == ["case-a"]


def test_a_unit_sees_what_it_wrote(store: Store) -> None:
    with store.write() as unit:
        write_everything(unit, "a")
        seen = contents(unit)
    assert kept(store) == seen


def test_a_reading_unit_cannot_write(store: Store) -> None:
    before = kept(store)
    with pytest.raises(Exception, match="read"), store.read() as unit:
        unit.settings.put("name", 1)
    assert kept(store) == before
    with store.write() as unit:
        unit.settings.put("name", 1)


def test_the_store_works_on_after_a_failure(store: Store) -> None:
    for _ in range(30):
        with suppress(Broken), store.write() as unit:
            unit.settings.put("name", 1)
            raise Broken
        with suppress(Broken), store.read() as unit:
            raise Broken
    with store.write() as unit:
        assert unit.settings.names("") == []


def test_a_reader_sees_one_state(store: Store) -> None:
    """A writer in another thread commits between two looks of one reader; the reader sees the same twice."""
    with store.write() as unit:
        unit.settings.put("turn", 0)
    written = threading.Event()

    def write() -> None:
        with store.write() as unit:
            unit.settings.put("turn", 1)
        written.set()

    with store.read() as unit:
        first = unit.settings.get("turn")
        thread = threading.Thread(target=write)
        thread.start()
        # The in-memory store makes the writer wait; the others let it through.
        written.wait(0.3)
        assert unit.settings.get("turn") == first == 0
    thread.join(30)
    with store.read() as unit:
        assert unit.settings.get("turn") == 1


def test_threads_race_on_one_case(store: Store) -> None:
    """Each revision is won by one thread; the others are told that they came too late."""
    with store.write() as unit:
        unit.cases.add([make_case()])
        unit.events.append(make_chain("inspection-1", 1))
    threads, rounds = 4, 10
    ready = threading.Barrier(threads)
    outcomes: list[str] = []

    def race() -> None:
        for _ in range(rounds):
            with store.read() as unit:
                seen = unit.cases.get("inspection-1")
                last = unit.events.last("inspection-1")
            assert seen is not None
            ready.wait(30)
            try:
                with store.write() as unit:
                    unit.cases.save(replace(seen, rev=seen.rev + 1), seen.rev)
                    unit.events.append(make_chain("inspection-1", 1, since=last))
                outcomes.append("won")
            except ConflictError:
                outcomes.append("late")
            ready.wait(30)

    racers = [threading.Thread(target=race) for _ in range(threads)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    assert outcomes.count("won") == rounds
    assert outcomes.count("late") == rounds * (threads - 1)
    with store.read() as unit:
        case, last = unit.cases.get("inspection-1"), unit.events.last("inspection-1")
    assert case is not None
    assert last is not None
    assert case.rev == last.seq == rounds + 1
