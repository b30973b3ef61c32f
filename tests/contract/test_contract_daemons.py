from __future__ import annotations

from datetime import timedelta

import pytest
from sample_rows import NAIVE, after, make_heartbeat

from engine.app.ports.store import Store


def test_the_last_heartbeat_of_every_daemon(store: Store) -> None:
    first = make_heartbeat("b:2", leads=True, ahead=timedelta(milliseconds=-250))
    with store.write() as transaction:
        assert transaction.daemons.all() == []
        assert transaction.daemons.get("b:2") is None
        transaction.daemons.put(make_heartbeat("b:2"))
        transaction.daemons.put(first)
        transaction.daemons.put(make_heartbeat("a:10", left=True))
    with store.read() as transaction:
        assert transaction.daemons.get("b:2") == first
        assert transaction.daemons.all() == [make_heartbeat("a:10", left=True), first]


def test_the_difference_of_clocks_is_kept_in_whole_milliseconds(store: Store) -> None:
    with store.write() as transaction:
        transaction.daemons.put(make_heartbeat(ahead=timedelta(microseconds=2_999)))
    with store.read() as transaction:
        assert transaction.daemons.all() == [make_heartbeat(ahead=timedelta(milliseconds=2))]


def test_old_ones_are_removed(store: Store) -> None:
    with store.write() as transaction:
        for hours in range(3):
            transaction.daemons.put(make_heartbeat(f"a:{hours}", at=after(hours=hours)))
    with store.write() as transaction:
        transaction.daemons.drop_before(after(hours=1))
    with store.read() as transaction:
        assert [one.name for one in transaction.daemons.all()] == ["a:1", "a:2"]


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.daemons.put(make_heartbeat(at=NAIVE))
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.daemons.drop_before(NAIVE)
