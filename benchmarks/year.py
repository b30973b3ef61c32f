"""The demonstration's year on a register of 1,203 enterprises, beside that of an earlier commit: processor time for a step, memory.

Everything counts: reading the register, the year with its papers, messages and public pages. A step is what a person does,
a signature too. The register is made up; ``SSJ_BENCH_OBJECTS`` names a file of one's own instead. The other side is a checkout of
commit ddd8a91 as in `benchmarks.whole_draw`; without one the lines are left out.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.whole_draw import VARIABLE
from engine.synthetic.registers import sample_objects

OBJECTS, ROUNDS = 1203, 3
#: Names the file of a register of one's own.
REGISTER = "SSJ_BENCH_OBJECTS"
#: Megabytes a year may take at most.
MEMORY = 200
_HERE = Path(__file__).parents[1]
#: Prints the processor time and the most memory of the command that is its arguments, and what that printed.
_WATCHED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], check=True, stdout=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(done.stdout)]))
"""


def written_register(file: Path) -> None:
    """Write a register of made-up enterprises as a table with the columns of a business register."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["企业名称", "统一社会信用代码", "注册地址"])
        for entry in sample_objects(OBJECTS, "bench"):
            rows.writerow([entry.name, entry.id, entry.data["address"]])


def year_of(
    python: str, checkout: Path, place: Path, objects: Path | None, environment: Mapping[str, str]
) -> tuple[float, float, dict[str, int]]:
    """Play the year of a checkout in a new folder; returns seconds of processor time, megabytes and the summary."""
    words = [python, "-m", "engine", "demo", str(place), "--json"]
    if objects is not None:
        words += ["--objects", str(objects)]
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, *words],
        check=True,
        capture_output=True,
        text=True,
        cwd=checkout,
        env={**environment, "PYTHONPATH": str(checkout)},
    )
    seconds, memory, summary = json.loads(done.stdout)
    return seconds, memory, summary


def measure() -> dict[str, Any]:
    """Return milliseconds for a step of both, the least of some turns, and the most memory; nothing where there is no checkout."""
    named = os.environ.get(VARIABLE)
    if not named:
        print(f"left out: {VARIABLE} names no checkout of ddd8a91", file=sys.stderr)
        return {}
    other = Path(named).resolve()
    sides = {"ours": (sys.executable, _HERE), "before": (str(other / ".venv" / "bin" / "python"), other)}
    least = dict.fromkeys(sides, float("inf"))
    memory = 0.0
    with TemporaryDirectory() as folder:
        given = os.environ.get(REGISTER)
        objects = Path(given).resolve() if given else Path(folder) / "objects.csv"
        if not given:
            written_register(objects)
        for turn in range(ROUNDS):
            for side, (python, checkout) in sides.items():
                place = Path(folder) / f"{side}-{turn}"
                seconds, most, summary = year_of(python, checkout, place, objects, os.environ)
                least[side] = min(least[side], seconds * 1000 / summary["steps"])
                if side == "ours":
                    memory = max(memory, most)
    ours, before = least["ours"], least["before"]
    return {
        "step": {"ms": ours, "before_ms": before, "ratio": ours / before},
        "memory": {"mb": memory, "most_mb": MEMORY, "ratio": memory / MEMORY},
    }
