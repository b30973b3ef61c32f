"""Run a command as on a slow machine: all its processes run for a share of the time and are stopped for the rest.

    python tests/slow_machine.py --share 1/20 -- COMMAND ...

Of every tenth of a second the command and whatever it starts get `--share`: they are stopped (SIGSTOP) and continued
(SIGCONT) together, also those that have left the process group (setsid) or have lost their parent. A process that
somebody else has stopped is left stopped. SIGINT, SIGTERM and SIGHUP are passed to the process group. The exit code
is the command's; if a signal ended it, the same signal ends this. After `--most` seconds all of it is killed, and the
exit code is 124. Linux only: the processes are found in /proc.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import FrameType

#: Seconds from one stop to the next.
PERIOD = 0.1
#: Seconds after which a run has hung; any real run ends by itself.
MAX_SECONDS = 4 * 3600
#: The exit code of a run that was killed for its length, as of timeout(1).
HUNG = 124

#: Seconds between two looks whether what was killed has ended.
_LOOK = 0.01

_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


class Group:
    """The processes below this one: found by their parents, since orphans fall to this process."""

    def __init__(self, words: list[str]) -> None:
        # Orphans become children of this process instead of init's, so that they stay below it.
        ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)
        self.command = subprocess.Popen(words, process_group=0)
        self._stopped: set[int] = set()
        self._known: set[int] = {self.command.pid}

    def stop(self) -> None:
        """Stop all that runs; look again until nothing new has been started meanwhile."""
        # Those of the last time at once: to look through /proc takes some of the time they would run.
        self._stopped = {one for one in self._known if state_of(one)[0] not in "TtZX"}
        _send(self._stopped, signal.SIGSTOP)
        while found := {
            one for one, state in below(os.getpid()) if state not in "TtZX" and one not in self._stopped
        }:
            _send(found, signal.SIGSTOP)
            self._stopped |= found
        self._known = set(self._stopped)

    def go_on(self) -> None:
        """Continue what `stop` stopped."""
        _send(self._stopped, signal.SIGCONT)
        self._stopped.clear()

    def kill(self) -> None:
        """Kill all of it, and wait until none of it is left: whoever is dead but not collected still has its number."""
        with suppress(ChildProcessError):
            while True:
                _send({one for one, state in below(os.getpid()) if state not in "ZX"}, signal.SIGKILL)
                if os.waitpid(-1, os.WNOHANG) == (0, 0):
                    time.sleep(_LOOK)

    def pass_on(self, number: int) -> None:
        """Send a signal to the process group of the command."""
        with suppress(ProcessLookupError):
            os.killpg(self.command.pid, number)

    def bury(self) -> None:
        """Collect orphans that have ended, but not the command: its exit code is wanted."""
        for one, state in below(os.getpid(), deep=False):
            if state == "Z" and one != self.command.pid:
                with suppress(ChildProcessError):
                    os.waitpid(one, os.WNOHANG)


def below(root: int, *, deep: bool = True) -> list[tuple[int, str]]:
    """Return (process, state) of all processes below one; only its children unless `deep`."""
    children: dict[int, list[tuple[int, str]]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        state, parent = state_of(int(entry.name))
        children.setdefault(parent, []).append((int(entry.name), state))
    found, left = [], [root]
    while left:
        mine = children.get(left.pop(), [])
        found += mine
        if deep:
            left += [one for one, _ in mine]
    return found


def state_of(process: int) -> tuple[str, int]:
    """Return the state of a process, as in proc(5), and its parent; X and 0 if there is none."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "X", 0
    # "pid (name) state parent …": the name may hold anything, brackets too.
    state, parent = text.rpartition(")")[2].split()[:2]
    return state, int(parent)


def run(words: list[str], share: Fraction, most: float) -> int:
    """Run a command with `share` of the time; return its exit code, the negative signal, or HUNG."""
    group: Group | None = None
    early: list[int] = []

    def passed_on(number: int, _frame: FrameType | None) -> None:
        if group is None:
            early.append(number)
        else:
            group.pass_on(number)

    # Before the command begins: it may be at work, and somebody send a signal, before the next line here is reached.
    for number in _PASSED_ON:
        signal.signal(number, passed_on)
    group = Group(words)
    for number in early:
        group.pass_on(number)
    end = time.monotonic() + most
    running = float(share) * PERIOD
    try:
        while group.command.poll() is None:
            if time.monotonic() > end:
                group.kill()
                return HUNG
            began = time.monotonic()
            time.sleep(running)
            group.stop()
            # As long as the share asks for after the time they really had.
            time.sleep((time.monotonic() - began) * (1 / float(share) - 1))
            group.go_on()
            group.bury()
    finally:
        group.go_on()
    return group.command.returncode


def _send(processes: Iterable[int], number: int) -> None:
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, number)


def main() -> int:
    """Read the words of the command line and run."""
    parser = argparse.ArgumentParser(description="Run a command as on a slow machine.")
    parser.add_argument("--share", type=Fraction, required=True, help="of the time, for example 1/20")
    parser.add_argument("--most", type=float, default=MAX_SECONDS, help="seconds after which a run has hung")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    asked = parser.parse_args()
    if not 0 < asked.share < 1:
        parser.error("--share: more than 0 and less than 1")
    code = run(asked.command, asked.share, asked.most)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(main())
