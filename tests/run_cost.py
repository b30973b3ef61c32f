"""What the whole test run costs in processor time, beside that of another checkout.

    python tests/run_cost.py OTHER [HERE] [--most 6/5] [--shared] [-- ARGUMENTS OF PYTEST]

The tests of both checkouts are run one after the other, by this Python and the libraries it has, each with its own
``engine``: collected once, so that both find their bytecode, then run and measured. User and system time of all
processes counts: pytest, its workers, and what tests start and end. On Linux a process whose parent has gone (a daemon,
a database server) falls to this program and is counted too when it ends; elsewhere it is missed. Processes that are
still there a minute after their run are named and not counted. With `--shared` both run only the test functions that OTHER
has: what the same tests cost, whatever has been added since. Exit code 1 when HERE costs more than `--most` times
as much as OTHER, or a run was cut short.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tests.shared_tests import OTHER

#: What is run when nothing else is said.
USUAL = ("-q", "-n", "2", "-p", "no:cacheprovider")
#: Exit codes of a run that came to its end: all passed, some failed.
WHOLE = (0, 1)
#: How often is looked whether what a run left behind has ended, and seconds between two looks.
LOOKS, BETWEEN = 600, 0.1

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time of a command and all it started, its exit code, and how many processes it left."""

    user: float
    system: float
    code: int
    left: int = 0

    @property
    def whole(self) -> float:
        """Return user and system time together."""
        return self.user + self.system


def cost_of(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command in `folder` to its end, and wait for what it leaves behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)
    child = os.fork()
    if child == 0:
        with suppress(OSError):
            os.chdir(folder)
            os.execve(command[0], list(command), environment)  # noqa: S606 - the command is the caller's
        os._exit(127)
    user = system = 0.0
    code: int | None = None
    looked = 0
    while True:
        try:
            found, status, usage = os.wait4(-1, 0 if code is None else os.WNOHANG)
        except ChildProcessError:
            return Cost(user, system, code or 0)
        if found:
            user, system = user + usage.ru_utime, system + usage.ru_stime
            if found == child:
                code = os.waitstatus_to_exitcode(status)
        elif looked == LOOKS:
            return Cost(user, system, code or 0, len(_children()))
        else:
            looked += 1
            time.sleep(BETWEEN)


def _children() -> list[int]:
    """Return the processes that have fallen to this one and not ended, where they can be listed."""
    found = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(one) for one in found.read_text(encoding="ascii").split()] if found.exists() else []


def environment_of(
    checkout: Path, given: Mapping[str, str], shared_with: Path | None = None
) -> dict[str, str]:
    """Return the environment of a run: the checkout goes before all other places, and bytecode is written.

    For `shared_with`, the plugin beside this file is found after everything else, and told that checkout.
    """
    kept = {name: value for name, value in given.items() if not name.startswith("PYTEST_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    if shared_with is None:
        return {**kept, "PYTHONPATH": str(checkout)}
    places = os.pathsep.join((str(checkout), str(Path(__file__).resolve().parent)))
    return {**kept, "PYTHONPATH": places, OTHER: str(shared_with)}


def run_cost(checkout: Path, arguments: Sequence[str], shared_with: Path | None = None) -> Cost:
    """Collect the tests of a checkout, then run them and return what that cost."""
    environment = environment_of(checkout, os.environ, shared_with)
    pytest = [sys.executable, "-m", "pytest", *(() if shared_with is None else ("-p", "shared_tests"))]
    cost_of([*pytest, "--collect-only", "-qq", "-p", "no:cacheprovider"], checkout, environment)
    return cost_of([*pytest, *arguments], checkout, environment)


def report(names: Sequence[str], costs: Sequence[Cost]) -> str:
    """Return a line for each run, and their ratio."""
    rows = [
        f"{name}\tuser {cost.user:.1f} s\tsystem {cost.system:.1f} s\ttogether {cost.whole:.1f} s\texit code {cost.code}"
        + (f"\t{cost.left} processes still run and are not counted" if cost.left else "")
        for name, cost in zip(names, costs, strict=True)
    ]
    return "\n".join([*rows, f"ratio\t{costs[1].whole / costs[0].whole:.2f}"])


def too_much(costs: Sequence[Cost], most: Fraction) -> bool:
    """Tell whether the second run costs more than `most` times the first, or one of them was cut short."""
    cut_short = any(cost.code not in WHOLE for cost in costs)
    return cut_short or Fraction(costs[1].whole) > most * Fraction(costs[0].whole)


def main(words: Sequence[str]) -> int:
    """Do what the arguments say; return the exit code."""
    words = list(words)
    cut = words.index("--") if "--" in words else len(words)
    passed_on = words[cut + 1 :]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("other", type=Path)
    parser.add_argument("here", type=Path, nargs="?", default=Path(__file__).resolve().parents[1])
    parser.add_argument("--most", type=Fraction, default=Fraction(6, 5))
    parser.add_argument("--shared", action="store_true")
    asked = parser.parse_args(words[:cut])
    checkouts = [asked.other.resolve(), asked.here.resolve()]
    shared_with = checkouts[0] if asked.shared else None
    costs = [run_cost(checkout, passed_on or USUAL, shared_with) for checkout in checkouts]
    print(report([checkout.name for checkout in checkouts], costs))
    return int(too_much(costs, asked.most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
