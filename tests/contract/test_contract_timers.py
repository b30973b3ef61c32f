from __future__ import annotations

import threading
from datetime import datetime

import pytest
from sample_rows import NAIVE, NOW, SHANGHAI, after, make_timer

from engine.app.ports.records import Timer
from engine.app.ports.store import Store
from tests.hung_run import HUNG


def names(timers: list[Timer]) -> list[str]:
    return [timer.case for timer in timers]


def test_a_timer_is_replaced_by_the_next_of_its_name(store: Store) -> None:
    with store.write() as transaction:
        transaction.timers.put([make_timer(), make_timer(name="after:检查")])
        transaction.timers.put([make_timer(at=after(days=1).astimezone(SHANGHAI), provisional=True)])
    with store.read() as transaction:
        found = transaction.timers.of_case("inspection-1")
        assert found == [make_timer(name="after:检查"), make_timer(at=after(days=1), provisional=True)]
        assert transaction.timers.count() == 2
        assert transaction.timers.next_at() == after(hours=1)
        assert transaction.timers.provisional() == ["inspection-1"]


def test_due_ones_come_earliest_first(store: Store) -> None:
    with store.write() as transaction:
        assert transaction.timers.next_at() is None
        transaction.timers.put(
            [
                make_timer("c1", at=after(hours=3)),
                make_timer("c2", at=after(hours=1)),
                make_timer("c4", at=after(hours=2)),
                make_timer("c3", at=after(hours=2)),
                make_timer("c5", at=after(hours=2, microseconds=1)),
            ]
        )
        assert names(transaction.timers.due(after(hours=2), 10)) == ["c2", "c3", "c4"]
        assert names(transaction.timers.due(after(hours=2).astimezone(SHANGHAI), 2)) == ["c2", "c3"]
        assert names(transaction.timers.due(NOW, 10)) == []
    with store.read() as transaction:
        assert names(transaction.timers.due(after(hours=2), 10)) == ["c2", "c3", "c4"]


def test_dropping(store: Store) -> None:
    with store.write() as transaction:
        transaction.timers.put([make_timer("c1"), make_timer("c1", "b"), make_timer("c2"), make_timer("c3")])
        transaction.timers.drop([("c1", "state"), ("c2", "state"), ("c9", "state")])
        transaction.timers.drop([])
    with store.read() as transaction:
        assert names(transaction.timers.due(after(days=1), 10)) == ["c1", "c3"]


def test_incidents_wait_for_a_person(store: Store) -> None:
    bad = make_timer("c1", provisional=True)
    with store.write() as transaction:
        transaction.timers.put([bad, make_timer("c2", at=after(hours=2))])
        transaction.timers.set_aside(bad, "ValueError: 坏")
        transaction.timers.set_aside(make_timer("unknown"), "never there")
    with store.read() as transaction:
        assert transaction.timers.incidents() == [(bad, "ValueError: 坏")]
        assert transaction.timers.incident(bad.case, bad.name) == (bad, "ValueError: 坏")
        assert transaction.timers.incident(bad.case, "other") is None
        assert names(transaction.timers.due(after(days=1), 10)) == ["c2"]
        assert transaction.timers.next_at() == after(hours=2)
        assert transaction.timers.count() == 1
        assert transaction.timers.of_case("c1") == []
        assert transaction.timers.provisional() == []
    with store.write() as transaction:
        transaction.timers.put([bad])
        assert transaction.timers.incidents() == []
        assert names(transaction.timers.due(after(days=1), 10)) == ["c1", "c2"]
        transaction.timers.set_aside(bad, "again")
        transaction.timers.drop([("c1", "state")])
        assert transaction.timers.incidents() == []


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.timers.put([make_timer(at=NAIVE)])
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.timers.due(NAIVE, 1)


def test_two_units_at_once_never_take_the_same_timer(store: Store) -> None:
    with store.write() as transaction:
        transaction.timers.put([make_timer(f"c{n:03}") for n in range(200)])
    taken: list[tuple[str, str]] = []
    ready = threading.Barrier(2)
    now: datetime = after(days=1)

    def sweep(who: str) -> None:
        ready.wait()
        while True:
            with store.write() as transaction:
                timers = transaction.timers.due(now, 7)
                # What is kept here is kept only if the unit commits: read, effect and removal are one.
                transaction.timers.drop([(timer.case, timer.name) for timer in timers])
                transaction.settings.put(f"{who}:{len(taken)}", names(timers))
            if not timers:
                return
            taken.extend((who, timer.case) for timer in timers)

    threads = [threading.Thread(target=sweep, args=(who,)) for who in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HUNG)
    assert sorted(case for _, case in taken) == [f"c{n:03}" for n in range(200)]


def test_large_batches(store: Store, many: int) -> None:
    with store.write() as transaction:
        transaction.timers.put([make_timer(f"c{n:05}", at=after(seconds=n)) for n in range(many)])
    with store.write() as transaction:
        due = transaction.timers.due(after(seconds=many // 2 - 1), many)
        assert names(due) == [f"c{n:05}" for n in range(many // 2)]
        transaction.timers.drop([(timer.case, timer.name) for timer in due])
    with store.read() as transaction:
        assert transaction.timers.count() == many // 2
        assert transaction.timers.next_at() == after(seconds=many // 2)
