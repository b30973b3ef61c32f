"""Several ``ssj daemon`` on one PostgreSQL: one is killed, one is told to stop; the others do what it had in hand."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from crash_factories import check_whole, start
from slow_receiver import SlowReceiver
from watched_deployment import LEADERS, start_case, watched, with_settings

from engine.app.daemons.heartbeats import heartbeats
from engine.app.ports.store import Store
from engine.app.timers.fire_due import fire_due
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import Home, find_home
from tests.hung_run import HUNG, until

HOUR = timedelta(hours=1)
#: Seconds of the lease (`max_lease_minutes`): what a dead daemon held is done by others before it ends, as nobody renews
#: the claim. How long that takes on a machine of one's own is printed, not judged.
LEASE = 15 * 60
#: When the most cases are due. Daemons that are not yet up by then find them due: they wait for nobody.
AHEAD = timedelta(seconds=8)
#: Cases a reminder of which lies in the outbox when the daemons start, and cases that are due a moment later.
WAITING, DUE = 8, 200


@pytest.fixture
def receiver() -> Iterator[SlowReceiver]:
    with SlowReceiver() as found:
        yield found


class Daemons:
    """Daemons on copies of one deployment, each posting to an address of its own."""

    def __init__(self, home: Home, receiver: SlowReceiver) -> None:
        self._home = home
        self._receiver = receiver
        self._stack = ExitStack()
        self.running: dict[str, subprocess.Popen[str]] = {}

    def start(self, name: str) -> subprocess.Popen[str]:
        copy = self._home.path.with_name(name)
        if not copy.exists():
            shutil.copytree(self._home.path, copy)
            with_settings(
                find_home(str(copy)),
                {"channels": {"webhook": {"url": self._receiver.url(name), "gather_above": 0}}},
            )
        err = self._stack.enter_context((copy / "daemon.err").open("a", encoding="utf-8"))
        process = start("--home", copy, "daemon", "-v", "--health-port", "0", stderr=err)
        self.running[name] = process
        until(lambda: self._port(name) is not None, lambda: self.log(name))
        return process

    def log(self, name: str) -> str:
        return (self._home.path.with_name(name) / "daemon.err").read_text(encoding="utf-8")

    def notes(self, name: str, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.log(name).splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def _port(self, name: str) -> int | None:
        started = self.notes(name, "started")
        return started[-1]["health_port"] if started else None

    def health(self, name: str) -> dict[str, Any]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self._port(name)}/readyz", timeout=HUNG) as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as problem:
            with problem:
                found = json.load(problem)
        daemons: dict[str, Any] = found["checks"]["daemons"]
        return daemons

    def leader(self, *names: str) -> str | None:
        return next((name for name in names if self.health(name)["leads"]), None)

    def close(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=HUNG)
        self._stack.close()


@pytest.fixture
def house(
    tmp_path: Path, postgres_database: str, receiver: SlowReceiver
) -> Iterator[tuple[Daemons, Store, datetime, list[str]]]:
    """Yield daemons not yet started, their store, when the most cases are due, and the cases."""
    clock = VirtualClock(datetime.now(UTC))
    channels = {"webhook": {"url": receiver.url("nobody"), "gather_above": 0}}
    home, application = watched(
        tmp_path / "home", clock, {"database": postgres_database, "channels": channels}
    )
    begin = datetime.now(UTC) + AHEAD
    with closing(application.store) as store:
        cases = [
            start_case(application, f"早{number}", begin - 2 * HOUR + HOUR / 2) for number in range(WAITING)
        ]
        cases += [start_case(application, f"值守{number}", begin - HOUR) for number in range(DUE)]
        clock.set(begin - timedelta(minutes=1))
        fire_due(application)
        daemons = Daemons(home, receiver)
        try:
            yield daemons, store, begin, cases
        finally:
            daemons.close()


def waiting(store: Store) -> int:
    """Return how many messages have not been sent."""
    with store.read() as transaction:
        return sum(
            n
            for (kind, status), n in transaction.outbox.counts().items()
            if (kind, status) == ("message", "waiting")
        )


def late(store: Store) -> int:
    """Return how many timers should have fired."""
    with store.read() as transaction:
        return len(transaction.timers.due(datetime.now(UTC), 10_000))


def test_what_a_killed_daemon_held_is_done_by_the_others(
    house: tuple[Daemons, Store, datetime, list[str]], receiver: SlowReceiver
) -> None:
    daemons, store, begin, cases = house
    # One daemon takes out what waits, and hangs at the receiver with the first message of its batch.
    receiver.seconds["one"] = 600
    held = daemons.start("one")
    until(lambda: receiver.of_sender["one"] == 1, lambda: daemons.log("one"))
    daemons.start("two")
    daemons.start("three")
    until(lambda: len(daemons.health("two")["living"]) == 3)
    assert daemons.leader("two", "three") is None
    assert daemons.leader("one") == "one"
    # It is killed when the sweep of the cases that are due now has begun.
    time.sleep(max(0.0, (begin - datetime.now(UTC)).total_seconds() + 0.3))
    assert waiting(store) >= 20
    held.kill()
    killed_at = time.monotonic()
    until(lambda: waiting(store) == 0 and late(store) == 0, lambda: daemons.log("two"))
    taken = time.monotonic() - killed_at
    until(lambda: daemons.leader("two", "three") is not None)
    print(f"taken over after {taken:.1f} s, led again after {time.monotonic() - killed_at:.1f} s")
    # Long before the lease (15 minutes) of what it held: by the claim, which nobody renews any more.
    assert taken < LEASE

    check_whole(daemons._home.path)
    expected = set()
    with store.read() as transaction:
        for case in cases:
            events = transaction.events.of(case)
            assert [event.kind for event in events] == ["started", "reminded"], case
            expected |= {f"{case}:{events[1].seq}:{number}" for number in range(1, len(LEADERS) + 1)}
        assert transaction.timers.incidents() == []
    assert set(receiver.came) == expected
    # What was on the way when its sender died came again, under the same id; nothing else did.
    assert [key for key, times in receiver.came.items() if times > 1] != []
    assert max(receiver.came.values()) == 2


def test_a_daemon_told_to_stop_gives_back_what_it_has_not_begun(
    house: tuple[Daemons, Store, datetime, list[str]], receiver: SlowReceiver
) -> None:
    daemons, store, _, _ = house
    receiver.seconds["one"] = 1.5
    stopped = daemons.start("one")
    until(lambda: receiver.of_sender["one"] == 2, lambda: daemons.log("one"))
    stopped.terminate()
    assert stopped.wait(HUNG) == 0
    assert daemons.notes("one", "stopped")
    with store.read() as transaction:
        items = [item for item in transaction.outbox.listed(limit=10_000) if item.kind == "message"]
        left = [item for item in items if item.status == "waiting"]
        assert len(items) - len(left) == sum(receiver.came.values())
        # As if nobody had ever taken them out: another need not wait for a claim to run out.
        assert {(item.next_at, item.leases, item.error) for item in left} == {(None, 0, None)}
        assert [one.left for one in heartbeats(transaction)] == [True]
    daemons.start("two")
    until(lambda: waiting(store) == 0, lambda: daemons.log("two"))
    assert max(receiver.came.values()) == 1


def test_a_call_wakes_the_daemons_before_their_next_look(
    house: tuple[Daemons, Store, datetime, list[str]], receiver: SlowReceiver
) -> None:
    daemons, store, _, _ = house
    with_settings(daemons._home, {"sweep_seconds": 600, "deliver_seconds": 600})
    daemons.start("one")
    until(lambda: waiting(store) == 0, lambda: daemons.log("one"))
    with store.write() as transaction:
        item = next(item for item in transaction.outbox.listed(limit=100) if item.kind == "message")
        transaction.outbox.put([type(item)(**{**_plain(item), "id": "called"})])
    until(lambda: receiver.came["called"] == 1, lambda: daemons.log("one"))


def _plain(item: Any) -> dict[str, Any]:
    names = ("kind", "channel", "recipient", "case", "payload", "created_at")
    return {name: getattr(item, name) for name in names}
