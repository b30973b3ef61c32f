"""The n-th call of the store, the clock or the channel fails, for every n: no attempt is counted, and all is sent later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from watched_store import Fault, WatchedStore

from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.ports.records import OutboxItem
from engine.app.ports.store import ENVIRONMENT_ERRORS
from engine.language import say
from engine.store.memory.store import MemoryStore
from engine.store.problem import StoreUnavailableError

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
RETRY = Retry(minutes=(1, 5), lease=15)

ERRORS: dict[str, Callable[[], BaseException]] = {
    "locked": lambda: StoreUnavailableError(say("数据库 {where} 正被其他程序占用，等候超时；请稍后重试", where="x")),
    "disk": lambda: OSError(28, "No space left on device"),
    "memory": MemoryError,
}  # fmt: skip


class WatchedChannel:
    """Takes everything, two at a time; says so before."""

    batch = 2

    def __init__(self, watch: Callable[[str], None]) -> None:
        self._watch = watch
        self.taken: list[str] = []

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        self._watch("send")
        self.taken += [item.id for item in items]
        return [Outcome(item.id) for item in items]


class WatchedClock:
    def __init__(self, now: datetime, watch: Callable[[str], None]) -> None:
        self._now, self._watch = now, watch

    def now(self) -> datetime:
        self._watch("clock")
        return self._now


def message(name: str) -> OutboxItem:
    return OutboxItem(
        id=name, kind="message", channel="log", recipient="anna", case=None, payload={}, created_at=NOW
    )


def store_with_messages(number: int = 5) -> MemoryStore:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.outbox.put([message(f"m{n}") for n in range(number)])
    return store


def items(store: MemoryStore) -> list[OutboxItem]:
    with store.read() as transaction:
        return transaction.outbox.listed()


def run(store: MemoryStore, watch: Callable[[str], None], now: datetime) -> WatchedChannel:
    channel = WatchedChannel(watch)
    deliver(WatchedStore(store, watch), {"log": channel}, now, retry=RETRY, clock=WatchedClock(now, watch))
    return channel


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("lasting", [1, 10**6])
def test_the_nth_call_fails(error: str, lasting: int) -> None:
    for n in count(1):
        store = store_with_messages()
        fault = Fault(ERRORS[error], n, n + lasting - 1)
        with suppress(*ENVIRONMENT_ERRORS):
            run(store, fault, NOW)
        assert all(item.attempts == 0 for item in items(store)), (n, fault.calls)
        assert {item.status for item in items(store)} <= {"waiting", "sent"}
        later = NOW + timedelta(minutes=16)
        run(store, lambda _: None, later)
        assert {item.status for item in items(store)} == {"sent"}, (n, fault.calls)
        assert all(item.attempts == 0 for item in items(store))
        if not fault.reached:
            break
    assert n > 10


@pytest.mark.parametrize("error", ERRORS)
def test_a_disk_that_stays_full_makes_no_incident_of_a_message(error: str) -> None:
    """A hundred rounds in which the channel cannot work; then it can."""
    store = store_with_messages(1)

    def full(name: str) -> None:
        if name == "send":
            fault = ERRORS[error]()
            raise fault

    for minute in range(100):
        run(store, full, NOW + timedelta(minutes=2 * minute))
    (item,) = items(store)
    assert (item.status, item.attempts, item.leases) == ("waiting", 0, 0)
    assert "通道出错" in str(item.error)
    assert run(store, lambda _: None, NOW + timedelta(days=1)).taken == ["m0"]


def test_what_the_receiver_says_of_one_message_still_counts() -> None:
    store = store_with_messages(1)

    def broken(name: str) -> None:
        if name == "send":
            raise RuntimeError("this message breaks the channel")

    for minute in range(0, 60, 10):
        run(store, broken, NOW + timedelta(minutes=minute))
    assert [(item.status, item.attempts) for item in items(store)] == [("incident", 3)]
