"""The slow machine of `slow_machine.py`: what it passes through, whom it reaches, and that it is slow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("slow_machine.py")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

#: Works for a fifth of a second of processor time, then prints the time that passed for each of it.
WORK = """
import time
began, start = time.monotonic(), time.process_time()
while time.process_time() - start < 0.2:
    pass
print((time.monotonic() - began) / (time.process_time() - start))
"""


def slowly(*words: str, share: str = "1/4", most: str = "600") -> subprocess.CompletedProcess[str]:
    """Run a command slowly."""
    return subprocess.run(
        [sys.executable, SCRIPT, "--share", share, "--most", most, "--", *words],
        capture_output=True,
        text=True,
    )


def test_the_exit_code_and_the_output_are_the_commands() -> None:
    run = slowly("sh", "-c", "echo done; exit 7")
    assert (run.returncode, run.stdout) == (7, "done\n")


def test_a_signal_that_ends_the_command_ends_this() -> None:
    assert slowly("sh", "-c", "kill -TERM $$").returncode == -signal.SIGTERM


def test_a_signal_is_passed_on() -> None:
    script = "trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done"
    with subprocess.Popen(
        [sys.executable, SCRIPT, "--share", "1/2", "--", "sh", "-c", script],
        stdout=subprocess.PIPE,
        text=True,
    ) as slow:
        assert slow.stdout is not None
        assert slow.stdout.readline() == "ready\n"
        slow.send_signal(signal.SIGTERM)
        assert slow.wait() == 5


@pytest.mark.parametrize("words", [(), ("setsid", "-w")])
def test_it_is_slow_for_whoever_leaves_the_group_too(words: tuple[str, ...]) -> None:
    run = slowly(*words, sys.executable, "-c", WORK, share="1/10")
    # A tenth of the time; the ends of the run and a busy machine leave it slower or a little faster.
    assert float(run.stdout) > 5


def test_what_hangs_is_killed_with_all_it_started() -> None:
    for power in range(9):
        run = slowly("sh", "-c", "setsid sleep 1000000 & echo $!; exec sleep 1000000", most=str(2**power))
        assert run.returncode == 124
        # A machine that is slow itself may not have begun with it: then it is given more time.
        if run.stdout:
            break
    with pytest.raises(ProcessLookupError):
        os.kill(int(run.stdout), 0)
