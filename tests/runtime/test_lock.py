"""The lock of a deployment."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.runtime.lock import ExclusiveFile, HomeLock

HOLD = (
    "import sys, pathlib; from engine.runtime.lock import HomeLock;"
    "print(HomeLock(pathlib.Path(sys.argv[1])).take() or 'mine', flush=True); sys.stdin.read()"
)


def test_one_at_a_time_in_one_process_too(tmp_path: Path):
    first, second = HomeLock(tmp_path / "a" / "lock"), HomeLock(tmp_path / "a" / "lock")
    assert first.take() is None
    assert str(os.getpid()) in str(second.take())
    first.release()
    assert second.take() is None
    second.release()
    second.release()


def test_a_lock_held_by_another_process_and_freed_by_its_death(tmp_path: Path):
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        refused = HomeLock(path).take()
        assert f"进程号 {other.pid}" in str(refused)
        other.kill()
    lock = HomeLock(path)
    assert lock.take() is None
    lock.release()


@pytest.mark.parametrize("content", [b"", b"rubbish", b"1", "案".encode()])
def test_what_stands_in_the_file_decides_nothing(tmp_path: Path, content):
    """A number left behind may by now be another program's."""
    path = tmp_path / "lock"
    path.write_bytes(content)
    lock = HomeLock(path)
    assert lock.take() is None
    assert path.read_text(encoding="ascii").strip() == str(os.getpid())
    lock.release()


def test_a_holder_whose_number_cannot_be_read(tmp_path: Path):
    path = tmp_path / "lock"
    lock = HomeLock(path)
    lock.take()
    path.write_bytes(b"")
    assert "lock" in str(HomeLock(path).take())
    lock.release()


def test_turns_are_taken_one_after_the_other(tmp_path: Path):
    inside, most = [0], [0]

    def work() -> None:
        with ExclusiveFile(tmp_path / "turn"):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.02)
            inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
