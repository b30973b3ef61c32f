"""A file that one process holds at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.files.held_file import held_file, remove_unheld

HOLD = """
import sys, time
from pathlib import Path
from engine.files.held_file import held_file
with held_file(Path(sys.argv[1])) as held:
    print(held, flush=True)
    sys.stdin.read()
"""


def test_one_holds_it_at_a_time_and_it_is_gone_afterwards(tmp_path: Path) -> None:
    place = tmp_path / "x"
    with held_file(place) as first, held_file(place) as second, held_file(tmp_path / "y") as other:
        assert (first, second, other) == (True, False, True)
    assert list(tmp_path.iterdir()) == []
    with held_file(place) as again:
        assert again


def test_a_block_that_raises_gives_it_back(tmp_path: Path) -> None:
    with pytest.raises(KeyError), held_file(tmp_path / "x"):
        raise KeyError
    with held_file(tmp_path / "x") as again:
        assert again


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
def test_a_killed_process_holds_nothing_and_what_it_leaves_is_removed(tmp_path: Path) -> None:
    place = tmp_path / "x.1"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    with held_file(place) as mine:
        assert not mine
    remove_unheld(tmp_path, "x.*")
    assert place.exists()
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert place.exists()
    remove_unheld(tmp_path, "x.*")
    assert not place.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="x"), held_file(tmp_path / "x"):
        pass
    assert not (tmp_path / "elsewhere").exists()
