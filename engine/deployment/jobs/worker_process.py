"""The worker process of a daemon: started when work waits, one at a time, ended with the daemon."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from engine.deployment.jobs.kinds import KINDS

if TYPE_CHECKING:
    from engine.app.ports.store import Clock, Store
    from engine.deployment.home import Home


class WorkerProcess:
    """Does jobs in a process of its own, so that no clock waits for them and a crash ends nothing else."""

    def __init__(self, home: Home, store: Store, clock: Clock) -> None:
        self._home = home
        self._clock = clock
        self._store = store
        self._process: subprocess.Popen[bytes] | None = None

    def look(self) -> bool:
        """Start the process where work waits and none is running; tell whether it was started."""
        if self._process is not None and self._process.poll() is None:
            return False
        with self._store.read() as transaction:
            if not transaction.jobs.waiting(self._clock.now(), KINDS, 1):
                return False
        words = [
            sys.executable,
            "-m",
            "engine",
            "--home",
            str(self._home.path),
            "job",
            "work",
            "--most",
            "200",
        ]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - words of ours
        return True

    def close(self) -> None:
        """End the process; the piece it was at is done by the next one."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=30)
