"""A run: clients, a daemon and a receiver at work, faults on all of them, and a quiet end before the checking."""

from __future__ import annotations

import heapq
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.chaos.faults import ANYWHERE, POSTGRES, SQLITE, Fault, faults
from tests.chaos.receiver import REFUSES, TAKES
from tests.chaos.rows import Rows, open_rows
from tests.chaos.server import OwnPostgres
from tests.chaos.shared_clock import SharedClock
from tests.chaos.workers import Worker, limit_files
from tests.hung_run import HUNG

#: Seconds a process may take to end when it is asked to, and nothing may move while something is left: a run has hung.
PATIENCE, IDLE = HUNG, HUNG
#: Daemons that end by themselves so often, once all faults are over, will not finish anything.
MANY_ENDS = 50
CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run."""

    database: str
    seconds: float
    seed: int
    place: Path
    clients: int = CLIENTS
    #: An older revision of this repository one more client runs on, and now and then the daemon.
    older: str | None = None
    #: Told every fault as it happens.
    tell: Callable[[str], None] = lambda line: None


@dataclass(slots=True)
class Run:
    """A run as it goes, and what is left of it for the checker."""

    plan: Plan
    url: str
    home: Path
    journals: Path
    received: Path
    clock: SharedClock
    server: OwnPostgres | None = None
    clients: list[Worker] = field(default_factory=list)
    daemons: list[Worker] = field(default_factory=list)
    receiver: Worker = field(default_factory=lambda: Worker("receiver", lambda life: 0))
    line: Worker | None = None
    mode: Path = Path()
    #: The folders of the daemons.
    homes: list[Path] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)
    #: What could not be brought to an end.
    stuck: list[str] = field(default_factory=list)
    seconds: float = 0.0
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)

    def everybody(self) -> list[Worker]:
        """Return all places that are kept filled."""
        return [self.receiver, *([self.line] if self.line else []), *self.daemons, *self.clients]

    def work(self) -> None:
        """Let the faults happen, each at its time."""
        begun = time.monotonic()
        kinds = {**ANYWHERE, **(POSTGRES if self.server else SQLITE)}
        for fault in faults(self.plan.seed, kinds, self.plan.seconds):
            self._wait_until(begun + fault.at)
            self.plan.tell(str(fault))
            self._strike(fault)
            self.injected[fault.kind] += 1
        self._wait_until(begun + self.plan.seconds)
        self.seconds = time.monotonic() - begun

    def _wait_until(self, moment: float) -> None:
        while True:
            now = time.monotonic()
            while self._due and self._due[0][0] <= now:
                heapq.heappop(self._due)[2]()
            for worker in self.everybody():
                worker.tend()
            if now >= moment:
                return
            time.sleep(max(0.0, min(0.02, moment - now)))

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, len(self._due) + id(act), act))

    def _strike(self, fault: Fault) -> None:
        client = self.clients[fault.place % len(self.clients)]
        daemon = self.daemons[fault.place % len(self.daemons)]
        match fault.kind.split(" ", 1):
            case ["client", "killed"]:
                client.kill(fault.measure)
            case ["client", "stands still"]:
                self._stand_still(client, fault.measure)
            case ["daemon", "killed"]:
                daemon.kill(fault.measure)
            case ["daemon", "stands still"]:
                self._stand_still(daemon, fault.measure)
            case ["clock", way]:
                sign = -1 if way == "jumps back" else 1
                self.clock.move(sign * timedelta(minutes=fault.measure))
            case ["receiver", what]:
                self._vex_receiver(what, fault.measure)
            case ["no", _]:
                client.signal(signal.SIGUSR1)
                self._later(fault.measure, partial(client.signal, signal.SIGUSR2))
            case ["disk", "full for the database"]:
                self._fill_database_disk(fault.measure)
            case ["disk", who]:
                worker = daemon if who == "full for a daemon" else client
                worker.limit_files(0)
                self._later(fault.measure, partial(limit_files, worker.pid, None))
            case _:
                self._strike_database(fault)

    def _stand_still(self, worker: Worker, seconds: float) -> None:
        worker.signal(signal.SIGSTOP)
        self._later(seconds, partial(_go_on, [worker.pid]))

    def _vex_receiver(self, what: str, seconds: float) -> None:
        if what == "killed":
            self.receiver.kill(seconds)
        elif what == "hangs":
            self._stand_still(self.receiver, seconds)
        else:
            self.mode.write_bytes(REFUSES)
            self._later(seconds, partial(_set_mode, self.mode, TAKES))

    def _strike_database(self, fault: Fault) -> None:
        assert self.server is not None
        chance = random.Random(fault.place)
        match fault.kind:
            case "database restarted at once":
                self.server.crash()
            case "database process killed":
                backends = self.server.backends()
                if backends:
                    with suppress(ProcessLookupError):
                        os.kill(chance.choice(backends), signal.SIGKILL)
            case "one connection cut":
                self.server.cut(chance, everyone=False)
            case "all connections cut":
                self.server.cut(chance, everyone=True)
            case "line cut":
                assert self.line is not None
                self.line.signal(signal.SIGUSR1)
            case "line cut before the answer":
                assert self.line is not None
                self.line.signal(signal.SIGUSR2)
            case "database stands still":
                pids = self.server.processes()
                for pid in pids:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGSTOP)
                self._later(fault.measure, partial(_go_on, pids))

    def _fill_database_disk(self, seconds: float) -> None:
        assert self.server is not None
        for pid in self.server.processes():
            limit_files(pid, 0)
        self._later(seconds, self._empty_database_disk)

    def _empty_database_disk(self) -> None:
        assert self.server is not None
        for pid in self.server.processes():
            limit_files(pid, None)
        if not self.server.master():
            self.server.bring_back()

    def come_to_rest(self) -> None:
        """End all faults and clients, let the daemons finish, end everything."""
        for _, _, undo in sorted(self._due, key=lambda one: one[:2]):
            undo()
        self._due.clear()
        for worker in self.everybody():
            worker.signal(signal.SIGCONT)
            worker.limit_files(None)
            # Else it would be found dead later, and the command it had not heard an answer to would stay so.
            worker.mourn()
            worker.not_before = 0.0
            worker.tend()
        if self.server is not None and not self.server.master():
            self.server.bring_back()
        self._end(self.clients)
        self._let_the_daemons_finish()
        self._end(self.daemons)
        for worker in (self.receiver, *([self.line] if self.line else [])):
            worker.kill()
            while not worker.ended():
                time.sleep(0.01)

    def _end(self, workers: list[Worker]) -> None:
        until = time.monotonic() + PATIENCE
        running = list(workers)
        while running and time.monotonic() < until:
            for worker in running:
                # One that has just been born does not listen yet: it is asked when it does.
                worker.ask_to_end()
            time.sleep(0.25)
            running = [worker for worker in running if not worker.ended()]
        for worker in running:
            self.stuck.append(f"{worker.name} did not end within {PATIENCE:.0f} s")
            # It tells where it hangs, on stderr.
            worker.signal(signal.SIGABRT)
            time.sleep(0.5)
            worker.kill()
            while not worker.ended():
                time.sleep(0.01)

    def _let_the_daemons_finish(self) -> None:
        """Move the clock on until every case that can lapse has lapsed and everything is sent."""
        self.clock.move(timedelta(hours=30))
        with open_rows(self.url) as rows:
            left = _left(rows, self.clock)
            until = time.monotonic() + IDLE
            ends = sum(len(one.own_ends) for one in self.daemons)
            while any(left.values()) and time.monotonic() < until:
                if sum(len(one.own_ends) for one in self.daemons) - ends > MANY_ENDS:
                    # Whatever ends them does so at once every time: nothing will move any more.
                    break
                for daemon in self.daemons:
                    daemon.tend()
                time.sleep(1.0)
                before, left = left, _left(rows, self.clock)
                if left != before:
                    until = time.monotonic() + IDLE
                else:
                    # What is left waits for another try, or for a lease to end: it comes up.
                    self.clock.move(timedelta(minutes=1))
        self.stuck += [
            f"{count} {name} left, and nothing moves any more" for name, count in left.items() if count
        ]


def _set_mode(path: Path, mode: bytes) -> None:
    path.write_bytes(mode)


def _go_on(pids: list[int]) -> None:
    for pid in pids:
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _left(rows: Rows, clock: SharedClock) -> dict[str, int]:
    now = clock.now().replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    timers = rows.one(f"SELECT count(*) FROM timer WHERE error IS NULL AND at <= '{now}'")
    letters = rows.one("SELECT count(*) FROM outbox WHERE status = 'waiting'")
    return {"timers": int(timers), "messages": int(letters)}
