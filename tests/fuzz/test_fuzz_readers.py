"""Every reader meets bad files by the hundred, in a process that may not have much memory; `--soak` tries 200,000 each.

No exception but the reader's own word for "not this file", no death, and up to 64 KB: 200 MB and two seconds of the
processor at the most. Larger files: memory and processor time in proportion to the bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fuzz_worker import ADDRESS_SPACE
from readers import READERS

WORKER = Path(__file__).with_name("fuzz_worker.py")
MEMORY = 200 * 1024 * 1024
#: Seconds of the processor for one input of up to 64 KB.
DEAREST = 2
#: Inputs for each reader in a normal run.
SHORT = 500
#: Processes among which the readers of a normal run are shared: what all of them load is no reader's own.
PARTS = 3
#: Inputs of a process of the long run; a new one for each so many, so that memory is that of a fresh process.
PIECE = 5_000
SOAK = 200_000


def worked(count: int, seeds: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return what a worker found for each seed; it must not have died."""
    done = subprocess.run(
        [sys.executable, str(WORKER), str(count), seeds, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"a worker died ({done.returncode}) on {names}: {done.stderr[-2000:]}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(found: dict[str, Any]) -> None:
    """Hold the findings of a worker against the bounds."""
    assert found.pop("memory") <= MEMORY
    for name, one in found.items():
        assert one["wrong"] == [], name
        assert one["dearest"] <= DEAREST, (name, one["dear"])


# What a worker has imported and remembers counts as memory, too: each has half of the readers.
@pytest.mark.parametrize("part", range(PARTS))
def test_bad_files_end_in_sentences(part: int) -> None:
    names = sorted(READERS)[part::PARTS]
    (found,) = worked(SHORT, "1", names)
    assert {name: one["tried"] for name, one in found.items() if name != "memory"} == dict.fromkeys(
        names, SHORT
    )
    check(found)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(READERS))
def test_very_many_bad_files_end_in_sentences(name: str) -> None:
    found = worked(PIECE, f"1000-{1000 + SOAK // PIECE - 1}", [name])
    assert sum(one[name]["tried"] for one in found) == SOAK
    for one in found:
        check(one)


def test_the_worker_sees_what_is_wrong() -> None:
    # A death by memory, seen from outside.
    done = subprocess.run(
        [sys.executable, "-c", f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({ADDRESS_SPACE}, {ADDRESS_SPACE})); bytearray(10**9)"],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("faults.md", "is the table of readers: {count}. In `make test`"),
        ("faults.zh-CN.md", "是读取者的总表：{count} 个。"),
    ],
)
def test_the_pages_say_how_many_readers_there_are(page: str, sentence: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "explanation" / page).read_text("utf-8")
    assert sentence.format(count=len(READERS)) in text
    (line,) = [one for one in text.splitlines() if "tests/fuzz/readers.py" in one]
    assert f" {SHORT} " in line
    assert f"{SOAK:,}" in line
