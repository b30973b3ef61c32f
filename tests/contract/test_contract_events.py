from __future__ import annotations

from dataclasses import replace

import pytest
from sample_rows import HARD, IN_BYTES, NAIVE, make_chain

from engine.app.ports.store import ConflictError, Store
from engine.lifecycle.chain import Event, breaks, event_of


def kept(store: Store, stream: str = "case-1") -> list[Event]:
    with store.read() as transaction:
        return transaction.events.of(stream)


def test_a_history_comes_back_whole(store: Store) -> None:
    chain = make_chain("case-1", 7)
    with store.write() as transaction:
        transaction.events.append(chain[:3])
        transaction.events.append(chain[3:4])
    with store.write() as transaction:
        transaction.events.append(chain[4:])
    assert kept(store) == chain
    assert list(breaks(kept(store))) == []
    with store.read() as transaction:
        assert transaction.events.last("case-1") == chain[-1]
        assert transaction.events.last("case-2") is None
        assert transaction.events.newest(["case-2", "case-1"]) == ("", chain[-1].hash)
        assert transaction.events.newest([]) == ()
        assert transaction.events.of("case-1", after=2, limit=3) == chain[2:5]
        assert transaction.events.of("case-1", after=7) == []
        assert transaction.events.of("case-2") == []


def test_several_streams_in_one_batch(store: Store) -> None:
    one, two = make_chain("case-1", 3), make_chain("case-2", 2)
    with store.write() as transaction:
        transaction.events.append([one[0], two[0], one[1]])
    with store.write() as transaction:
        transaction.events.append([two[1], one[2], *make_chain("case-3", 1)])
    assert kept(store, "case-1") == one
    assert kept(store, "case-2") == two


def test_an_event_must_be_the_next_of_its_stream(store: Store) -> None:
    chain = make_chain("case-1", 5)
    with store.write() as transaction:
        transaction.events.append(chain[:2])
    wrong = {
        "again": [chain[1]],
        "the first again": [chain[0]],
        "left out": [chain[3]],
        "left out inside the batch": [chain[2], chain[4]],
        "turned round": [chain[3], chain[2]],
        "another chain": [replace(chain[2], previous="b" * 64)],
        "another chain inside the batch": [chain[2], replace(chain[3], previous="b" * 64)],
        "first, but not the beginning": [replace(make_chain("case-2", 1)[0], previous="b" * 64)],
        "beginning, but not first": [replace(make_chain("case-2", 1)[0], seq=2)],
        "number nought": [replace(make_chain("case-2", 1)[0], seq=0)],
        "twice in the batch": [chain[2], chain[2]],
    }
    for name, events in wrong.items():
        with pytest.raises(ConflictError) as conflict, store.write() as transaction:
            transaction.events.append(events)
        assert conflict.value.case == events[0].stream, name
        assert kept(store) == chain[:2], name
        assert kept(store, "case-2") == [], name


def test_a_refused_batch_leaves_nothing(store: Store) -> None:
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.events.append([*make_chain("case-9", 2), replace(make_chain("case-1", 1)[0], seq=4)])
    assert kept(store, "case-9") == []


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.events.append([replace(make_chain("case-1", 1)[0], at=NAIVE)])


def test_streams_are_ordered_by_bytes(store: Store) -> None:
    with store.write() as transaction:
        for name in reversed(IN_BYTES):
            transaction.events.append(make_chain(name, 3))
    with store.read() as transaction:
        assert list(transaction.events.streams()) == IN_BYTES
        assert list(transaction.events.streams(prefix="a")) == ["a", "a-1"]
        assert list(transaction.events.streams(prefix="A-")) == ["A-10", "A-9"]
        assert list(transaction.events.streams(prefix="%")) == []


def test_counting(store: Store) -> None:
    with store.write() as transaction:
        transaction.events.append(make_chain("case-1", 3, kind="reminded"))
        transaction.events.append(make_chain("case-2", 2, kind="overdue"))
        assert transaction.events.count() == 5
        assert transaction.events.count("reminded") == 3
        assert transaction.events.count("other") == 0


def test_large_batches(store: Store, many: int) -> None:
    with store.write() as transaction:
        transaction.events.append(
            [event for n in range(many // 2) for event in make_chain(f"case-{n:05}", 1)]
        )
    with store.write() as transaction:
        transaction.events.append(
            [event for n in range(many // 2) for event in make_chain(f"case-{n:05}", 2)[1:]]
        )
    with store.read() as transaction:
        assert transaction.events.count() == many
        assert len(list(transaction.events.streams(prefix="case-"))) == many // 2
        last = transaction.events.last(f"case-{many // 2 - 1:05}")
    assert last is not None
    assert (last.seq, last.body["note"]) == (2, HARD)


def test_the_head_of_every_history(store: Store) -> None:
    chains = {name: make_chain(name, count) for name, count in (("case-2", 3), ("case-10", 1), ("甲", 2))}
    with store.read() as transaction:
        assert list(transaction.events.last_hashes()) == []
    with store.write() as transaction:
        for chain in chains.values():
            transaction.events.append(chain)
    with store.read() as transaction:
        expected = [(name, len(chains[name]), chains[name][-1].hash) for name in ("case-10", "case-2", "甲")]
        assert list(transaction.events.last_hashes()) == expected


def test_the_hashes_of_a_history(store: Store) -> None:
    chain = make_chain("case-1", 3)
    with store.write() as transaction:
        transaction.events.append(chain)
    with store.read() as transaction:
        assert transaction.events.hashes("case-1") == [event.hash for event in chain]
        assert transaction.events.hashes("case-1", after=2) == [chain[2].hash]
        assert transaction.events.hashes("case-2") == []


def test_more_heads_than_a_page(store: Store) -> None:
    with store.write() as transaction:
        transaction.events.append([make_chain(f"case-{number:05}", 1)[0] for number in range(2001)])
    with store.read() as transaction:
        assert [name for name, _, _ in transaction.events.last_hashes()] == list(transaction.events.streams())


def test_the_last_number_of_a_series(store: Store) -> None:
    with store.write() as transaction:
        assert transaction.cases.last_number("visit") == 0
        transaction.cases.number("visit", 3)
        assert transaction.cases.last_number("visit") == 3
        assert transaction.cases.last_number("other") == 0


def test_events_of_all_histories_as_they_are_stored(store: Store) -> None:
    chains = {name: make_chain(name, count) for name, count in (("case-2", 3), ("case-10", 1), ("甲", 2))}
    with store.write() as transaction:
        for chain in chains.values():
            transaction.events.append(chain)
    every = [one for name in ("case-10", "case-2", "甲") for one in chains[name]]
    with store.read() as transaction:
        assert [event_of(row) for row in transaction.events.stored(("", 0), 10)] == every
        assert [event_of(row) for row in transaction.events.stored(("case-10", 1), 2)] == every[1:3]
        assert [event_of(row) for row in transaction.events.stored(("case-2", 2), 9)] == every[3:]
        assert list(transaction.events.stored(("甲", 2), 9)) == []


def test_the_hashes_at_many_places(store: Store) -> None:
    chains = [make_chain(f"case-{number:04}", 2) for number in range(600)]
    with store.write() as transaction:
        transaction.events.append([event for chain in chains for event in chain])
    wanted = [(chain[1].stream, 2) for chain in chains]
    with store.read() as transaction:
        found = transaction.events.hashes_at([*wanted, ("case-0001", 3), ("absent", 1)])
        assert found == {(chain[1].stream, 2): chain[1].hash for chain in chains}
        assert transaction.events.hashes_at([]) == {}
