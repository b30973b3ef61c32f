"""Large sound files: memory in proportion to the file, processor time in proportion to its bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from large_files import LARGE

PROGRAM = Path(__file__).with_name("large_files.py")
#: Memory: so much whatever the file, and so many times the file.
BASE, TIMES = 64 * 1024 * 1024, 12
#: Ten times the bytes may cost so many times the processor time, and less than this many seconds is not compared.
DEARER, LITTLE = 20, 0.2


def cost(name: str, million: float) -> dict[str, Any]:
    """Return what it costs to read a file of so many million bytes."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), name, str(million)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def check(name: str, *sizes: float) -> None:
    """Hold the costs of files, each ten times as large as the one before, against the bounds."""
    before = None
    for size in sizes:
        found = cost(name, size)
        print(name, found)
        assert found["memory"] <= BASE + TIMES * found["bytes"], (name, found)
        if before is not None:
            assert found["seconds"] <= DEARER * max(before, LITTLE), (name, found)
        before = found["seconds"]


@pytest.mark.parametrize("name", ["archive", "seals", "xlsx", "shared xlsx", "ods", "xls", "html"])
def test_a_file_of_a_million_bytes(name: str) -> None:
    check(name, 0.1, 1)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(LARGE))
def test_files_of_one_ten_and_a_hundred_million_bytes(name: str) -> None:
    check(name, 1, 10, 100)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("dense xlsx", (1, 10, 25)),
        ("shared xlsx", (1, 10, 30)),
        ("unordered xlsx", (1, 10)),
        ("xlsx of ten sheets", (1, 10)),
        ("wide xlsx", (1, 10)),
        ("xlsx of numbers", (1, 10)),
        ("shared xls", (1, 10, 30)),
        ("platform's xlsx", (1, 10)),
        ("narrow ods", (1, 10)),
        ("wide ods", (1, 10)),
        ("platform's csv", (1, 10)),
        ("platform's ods", (1, 10)),
    ],
)
def test_files_that_are_not_as_large(name: str, sizes: tuple[float, ...]) -> None:
    check(name, *sizes)
