"""The worker processes of a daemon: of each kind of job one, started when work of it waits, ended with the daemon."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from engine.deployment.jobs.kinds import KINDS

if TYPE_CHECKING:
    from engine.app.ports.store import Clock, Store
    from engine.deployment.home import Home


class WorkerProcesses:
    """Does jobs in processes of their own, so that no clock waits for them and a crash ends nothing else.

    Of each kind of job there is at most one: papers do not wait for the packages of a year. A process ends when no job of
    its kind waits.
    """

    def __init__(self, home: Home, store: Store, clock: Clock) -> None:
        self._home = home
        self._clock = clock
        self._store = store
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._one_at_a_time = threading.Lock()

    def look(self) -> list[str]:
        """Start a process for each kind of which work waits and none is running; return the kinds. Any thread may call."""
        with self._one_at_a_time:
            return self._look()

    def ended(self) -> bool:
        """Tell whether a process has ended since the last look."""
        return any(process.poll() is not None for process in list(self._running.values()))

    def _look(self) -> list[str]:
        for kind in [kind for kind, process in self._running.items() if process.poll() is not None]:
            del self._running[kind]
        free = [kind for kind in KINDS if kind not in self._running]
        with self._store.read() as transaction:
            now = self._clock.now()
            waiting = [kind for kind in free if transaction.jobs.waiting(now, [kind], 1)]
        quiet = subprocess.DEVNULL
        for kind in waiting:
            words = [sys.executable, "-m", "engine", "--home", str(self._home.path), "job", "work"]
            self._running[kind] = subprocess.Popen(  # noqa: S603 - words of ours
                [*words, "--kind", kind], stdin=quiet, stdout=quiet, stderr=quiet
            )
        return waiting

    def close(self) -> None:
        """End the processes; the pieces they were at are done by the next ones."""
        running = [process for process in self._running.values() if process.poll() is None]
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)
