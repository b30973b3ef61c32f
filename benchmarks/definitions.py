"""What definitions cost their author in processor time: the check for each YAML node beside that of an earlier commit, exploration beside the check, rehearsal in a large district beside that in a small one.

The check is that of all shipped files of each side, in a process that has loaded nothing before and in one that has. The other side
is a checkout of commit ddd8a91 as in `benchmarks.whole_draw`; without one its lines are left out. Exploration is the command as it is typed,
with the bound it has by itself, for every shipped process; the line shows the one with the worst ratio. A rehearsal is of a process that
draws nobody, so that both districts have as many cases; its clock runs from the first day to the last, when the register is entered.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import time
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.whole_draw import VARIABLE
from engine.authoring.simulate.runner import prepared
from engine.calendars.load import load_calendar
from engine.definition.file_discovery import definition_files, surrounding_files
from engine.definition.library import load_paths
from engine.kernel.instants import STANDARD_ZONE
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

ROUNDS, AGAIN = 10, 5
#: Enterprises of a large district and of a small one; cases that are rehearsed in each, and how often.
MANY, FEW = 40_000, 1_203
REHEARSED, REHEARSALS = 60, 3
_HERE = Path(__file__).parents[1]
#: Loads the shipped files as often as its argument says; prints how many nodes they have and the processor time of each load.
_LOADS = """
import json, sys
from pathlib import Path
from time import process_time
import yaml
from engine.definition.library import load_files
files = [file for folder in ("workflows", "forms") for file in sorted(Path(folder).glob("*.yaml"))]
texts = {str(file): file.read_text(encoding="utf-8") for file in files}
def nodes(node):
    if isinstance(node, yaml.MappingNode):
        return 1 + sum(nodes(key) + nodes(value) for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return 1 + sum(map(nodes, node.value))
    return 1
spent = []
for _ in range(int(sys.argv[1])):
    began = process_time()
    load_files(texts)
    spent.append(process_time() - began)
print(json.dumps([sum(nodes(yaml.compose(text, Loader=yaml.SafeLoader)) for text in texts.values()), spent]))
"""
#: Prints the processor time of the command that is its arguments, whatever it answers.
_WATCHED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)
"""


def _said(python: str, checkout: Path, *words: str) -> Any:
    """Run a program of Python in a checkout; return what it printed, read as JSON."""
    done = subprocess.run(
        [python, "-c", *words],
        check=True,
        capture_output=True,
        text=True,
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
    )
    return json.loads(done.stdout)


@cache
def checks() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return microseconds for a node of both, the least of some turns: of first loads, and of those after them."""
    named = os.environ.get(VARIABLE)
    if not named:
        print(f"left out: {VARIABLE} names no checkout of ddd8a91", file=sys.stderr)
        return {}, {}
    other = Path(named).resolve()
    sides = {"": (sys.executable, _HERE), "before_": (str(other / ".venv" / "bin" / "python"), other)}
    first: dict[str, float] = {}
    later: dict[str, float] = {}
    for turn in range(ROUNDS):
        for side, (python, checkout) in sides.items():
            nodes, spent = _said(python, checkout, _LOADS, str(1 + AGAIN * (turn % 3 == 0)))
            for least, some in ((first, spent[:1]), (later, spent[1:])):
                least[side] = min(
                    least.get(side, float("inf")), *(one * 1e6 / nodes for one in some or [float("inf")])
                )
    return _beside(first), _beside(later)


def _beside(least: dict[str, float]) -> dict[str, Any]:
    return {"us": least[""], "before_us": least["before_"], "ratio": least[""] / least["before_"]}


def explorations() -> dict[str, dict[str, float]]:
    """Return of every shipped process the seconds of its exploration and of its check, the least of two turns."""
    found: dict[str, dict[str, float]] = {}
    for file in sorted((_HERE / "workflows" / "tests").glob("*.yaml")):
        spent = {
            what: min(
                float(_said(sys.executable, _HERE, _WATCHED, *_command(what, file.name))) for _ in range(2)
            )
            for what in ("explore", "check")
        }
        found[file.stem] = {
            "seconds": spent["explore"],
            "check_seconds": spent["check"],
            "ratio": spent["explore"] / spent["check"],
        }
    return found


def _command(what: str, name: str) -> list[str]:
    return [sys.executable, "-m", "engine", "workflow", what, f"workflows/{name}"]


def explore() -> dict[str, Any]:
    """Return the figures of the process with the worst ratio, and those of all."""
    every = explorations()
    worst = max(every, key=lambda name: every[name]["ratio"])
    return {**every[worst], "worst": worst, "every": every}


def rehearsal() -> dict[str, Any]:
    """Return milliseconds for a case of a rehearsal among many enterprises and among few, the least of some turns in one process."""
    calculator = DeadlineCalculator(load_calendar([]), ZoneInfo(STANDARD_ZONE), time(9))
    folder = _HERE / "workflows"
    loaded = load_paths(definition_files(folder), context=surrounding_files([folder / "referral.yaml"]))
    least: dict[int, float] = {}
    # Each once before, so that what is worked out once for a process is worked out.
    for size in (FEW, *(MANY, FEW) * REHEARSALS):
        rehearsed = prepared(loaded, "referral", REHEARSED, "bench", calculator, size)
        began = process_time()
        rehearsed.run()
        spent = (process_time() - began) * 1000 / rehearsed.report().cases
        least[size] = min(least.get(size, float("inf")), spent)
    return {"many_ms": least[MANY], "few_ms": least[FEW], "ratio": least[MANY] / least[FEW]}


#: What is measured for each line.
PARTS = {
    "check": lambda: checks()[0],
    "again": lambda: checks()[1],
    "explore": explore,
    "rehearsal": rehearsal,
}
