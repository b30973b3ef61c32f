"""The processes of a run: forked from a parent that has imported everything, so that many can be killed."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


#: Seconds after which a process is asked to end again. Longer than a daemon waits for the work it has in hand.
AGAIN = 90.0


@dataclass(slots=True)
class Worker:
    """One place in the run, taken by one process after the other."""

    name: str
    #: What a process does, given the number of its life; starts the process and returns its id.
    give_birth: Callable[[int], int]
    pid: int = 0
    lives: int = 0
    #: Not to be born again before this instant of `time.monotonic`.
    not_before: float = 0.0
    #: How the processes ended that nobody had killed.
    own_ends: list[int] = field(default_factory=list)
    _killed: bool = False
    #: When the process was asked to end.
    _asked_at: float | None = None

    def start(self) -> None:
        """Give birth to a process."""
        self.lives += 1
        self._killed = False
        self._asked_at = None
        self.pid = self.give_birth(self.lives)

    def kill(self, back_after: float = 0.0) -> None:
        """SIGKILL; the next process comes after so many seconds at the earliest."""
        self._killed = True
        self.not_before = time.monotonic() + back_after
        self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        """Send a signal, if there is a process."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def ask_to_end(self) -> None:
        """Send SIGTERM once the process listens, and once more only if it does not end: a second one cuts its work short."""
        now = time.monotonic()
        if self._asked_at is not None and now - self._asked_at < AGAIN:
            return
        if self.pid and catches(self.pid, signal.SIGTERM):
            self._asked_at = now
            self.signal(signal.SIGTERM)

    def limit_files(self, size: int | None) -> None:
        """Let the process write nothing beyond `size` bytes of a file; None: as it likes."""
        limit_files(self.pid, size)

    def tend(self) -> None:
        """Bury the process if it is dead and give birth to the next."""
        if self.pid and self._buried() and time.monotonic() < self.not_before:
            return
        if not self.pid and time.monotonic() >= self.not_before:
            self.start()

    def mourn(self) -> None:
        """Wait for the end of a process that was killed: it may not be over when nobody is to be killed any more."""
        while self._killed and self.pid and not self._buried():
            time.sleep(0.005)

    def ended(self) -> bool:
        """Bury the process if it is dead; tell whether there is none."""
        return not self.pid or self._buried()

    def _buried(self) -> bool:
        # Nobody else waits for it: until here the id is this process's, dead or alive.
        found, status = os.waitpid(self.pid, os.WNOHANG)
        if not found:
            return False
        code = os.waitstatus_to_exitcode(status)
        if code != 0 and not self._killed:
            self.own_ends.append(code)
            self.not_before = max(self.not_before, time.monotonic() + 0.2)
        self.pid = 0
        return True


def fork(work: Callable[[], None]) -> int:
    """Run `work` in a child that dies with this process; returns the child's id."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        die_with_parent()
        faulthandler.enable()
        if os.getppid() != parent:
            os._exit(1)
        # Until it listens: whoever asks it to end asks again.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - the child must not run on into its parent's programme
        import traceback

        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def catches(pid: int, number: int) -> bool:
    """Tell whether a process has a handler for a signal: until it has, one that is sent is lost, or kills it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False
    (mask,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(mask, 16) >> (number - 1) & 1)


def die_with_parent() -> None:
    """Ask the system to end this process with the one that started it, where the system can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_files(pid: int, size: int | None) -> None:
    """Let a process write nothing beyond `size` bytes of a file; None: as it likes."""
    if not pid:
        return
    limit = _NO_LIMIT if size is None else (size, resource.RLIM_INFINITY)
    with suppress(ProcessLookupError, PermissionError):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
