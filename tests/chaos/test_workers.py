"""A process of a run is asked to end when it listens, and once: a second signal would cut its work short."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.chaos.workers import Worker, catches, fork

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="asks Linux what a process catches"
)


def listener(listens: Path) -> int:
    """Start a process that begins to listen once `listens` is there, and ends with the number of signals it got."""

    def work() -> None:
        got: list[int] = []
        while not listens.exists():
            time.sleep(0.001)
        signal.signal(signal.SIGTERM, lambda number, _frame: got.append(number))
        while not got:
            time.sleep(0.001)
        listens.unlink()
        while not listens.exists():
            time.sleep(0.001)
        os._exit(10 + len(got))

    return fork(work)


def test_it_is_asked_when_it_listens_and_once(tmp_path: Path) -> None:
    listens = tmp_path / "listens"
    worker = Worker("one", lambda _life: listener(listens))
    worker.start()
    worker.ask_to_end()
    assert not worker.ended(), "nothing is sent to who does not listen"
    listens.touch()
    while not catches(worker.pid, signal.SIGTERM):
        time.sleep(0.001)
    worker.ask_to_end()
    while listens.exists():
        worker.ask_to_end()
        time.sleep(0.001)
    worker.ask_to_end()
    listens.touch()
    while not worker.ended():
        time.sleep(0.001)
    assert worker.own_ends == [11]


def test_a_process_that_is_gone_catches_nothing() -> None:
    assert not catches(2**22 + 1, signal.SIGTERM)
