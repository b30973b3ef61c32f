"""A daemon on a database of one file: it leads, leaves a sign now and then, and says when it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.app.daemons.heartbeats import heartbeats
from engine.deployment.clocks import VirtualClock
from engine.deployment.daemon_registration import DaemonRegistration
from engine.store.memory import MemoryStore

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
EVERY = timedelta(seconds=10)


def signs(store: MemoryStore) -> list[datetime]:
    with store.read() as transaction:
        return [one.at for one in heartbeats(transaction)]


def test_a_sign_is_left_once_in_a_while_and_when_the_clock_went_back() -> None:
    store, clock = MemoryStore(), VirtualClock(START)
    daemon = DaemonRegistration(store, clock, EVERY)
    daemon.show()
    clock.advance(EVERY - timedelta(seconds=1))
    daemon.show()
    assert (signs(store), daemon.shown_at) == ([START], START)
    clock.advance(timedelta(seconds=1))
    daemon.show()
    assert signs(store) == [START + EVERY]
    clock.set(START)
    daemon.show()
    assert signs(store) == [START]


def test_the_only_one_leads_and_is_gone_once_it_has_ended() -> None:
    store, clock = MemoryStore(), VirtualClock(START)
    daemon = DaemonRegistration(store, clock, EVERY)
    daemon.stand(lambda: None, lambda: None)
    assert daemon.leading
    daemon.show()
    (one,) = daemon.as_json()["living"]
    assert (one["name"], one["leads"], daemon.as_json()["leads"]) == (daemon.name, True, True)
    daemon.end()
    assert daemon.as_json()["living"] == []
    with store.read() as transaction:
        assert [(one.left, one.leads) for one in heartbeats(transaction)] == [(True, False)]


def test_who_misses_four_signs_is_not_alive() -> None:
    store, clock = MemoryStore(), VirtualClock(START)
    daemon = DaemonRegistration(store, clock, EVERY)
    daemon.show()
    clock.advance(4 * EVERY)
    assert len(daemon.as_json()["living"]) == 1
    clock.advance(timedelta(microseconds=1))
    assert daemon.as_json()["living"] == []
