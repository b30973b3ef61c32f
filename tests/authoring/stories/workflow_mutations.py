"""Faults for the stories beside the shipped workflows: one change of one file, of which the check says no error.

Run as a program it says which of them the stories do not notice, and the figures by kind:
``python tests/authoring/stories/workflow_mutations.py [HOW_MANY] [SEED]``.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import time
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from mutation_kinds import Fault, faults

from engine.app.commands.application import CommandRefused
from engine.authoring.stories.play import fails
from engine.authoring.stories.story import StoryFile, read_stories
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_files
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

ROOT = Path(__file__).resolve().parents[3]
#: What is drawn from each kind and file, always in one order.
SEED = "20241201"
#: Faults that change nothing a case can come to -> why.
NOT_FAULTS = ROOT / "tests" / "authoring" / "stories" / "equivalent_faults.yaml"


@lru_cache(maxsize=1)
def texts() -> dict[str, str]:
    """Return the shipped definitions: file -> text."""
    files = [*sorted((ROOT / "workflows").glob("*.yaml")), *sorted((ROOT / "forms").glob("*.yaml"))]
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}


@lru_cache(maxsize=1)
def stories() -> dict[str, StoryFile]:
    """Return the stories beside them, by workflow."""
    found = (
        read_stories(str(file), file.read_bytes())
        for file in sorted((ROOT / "workflows" / "tests").glob("*.yaml"))
    )
    return {one.workflow: one for one in found}


@lru_cache(maxsize=1)
def calculator() -> DeadlineCalculator:
    return DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))


@lru_cache(maxsize=1)
def equivalent() -> dict[str, str]:
    """Return what is made and is no fault: its name -> why not."""
    return dict(yaml.safe_load(NOT_FAULTS.read_text(encoding="utf-8")))


def in_order(seed: str = SEED) -> Iterator[Fault]:
    """Yield all faults, one of each kind after the other, and of a kind one of each file after the other."""
    kinds = []
    for of_kind in faults().values():
        by_file: dict[str, list[Fault]] = {}
        for fault in sorted(of_kind, key=lambda one: hashlib.sha256(f"{seed}{one.name}".encode()).digest()):
            by_file.setdefault(fault.workflow, []).append(fault)
        kinds.append(_in_turn(list(by_file.values())))
    return iter(_in_turn(kinds))


def _in_turn(lists: list[list[Fault]]) -> list[Fault]:
    return [one for round_ in zip_longest(*lists) for one in round_ if one is not None]


def put_in(fault: Fault) -> Loaded | None:
    """Return the definitions with the change; None where the check has an error to say, so that no story is needed."""
    loaded = load_files({**texts(), fault.change.file: fault.change.text})
    return loaded if loaded.sound else None


def drawn(count: int, seed: str = SEED) -> Iterator[tuple[Fault, Loaded]]:
    """Yield so many faults the check lets pass, evenly of every kind and file; what is no fault is left out."""
    found = 0
    for fault in in_order(seed):
        if found >= count:
            return
        if fault.name in equivalent():
            continue
        loaded = put_in(fault)
        if loaded is not None:
            found += 1
            yield fault, loaded


def noticed(fault: Fault, loaded: Loaded) -> bool:
    """Tell whether a story fails: those of the workflow first, then those that may start it."""
    own = fault.workflow
    order = sorted(stories(), key=lambda name: name != own)
    for name in order:
        if name != own and f"start: {own}" not in texts()[f"workflows/{name}.yaml"]:
            continue
        file = stories()[name]
        if any(_stopped(loaded, file, number) for number in range(len(file.stories))):
            return True
    return False


def _stopped(loaded: Loaded, file: StoryFile, number: int) -> bool:
    """Tell whether a story fails, or cannot be played at all."""
    try:
        return fails(loaded, file, file.stories[number], calculator()) is not None
    except (CommandRefused, LookupError, TypeError, ValueError):
        # Whatever a fault makes impossible is noticed.
        return True


def main(count: int, seed: str) -> None:
    """Print what is not noticed, and the figures by kind."""
    put: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for fault, loaded in drawn(count, seed):
        put[fault.kind] += 1
        if noticed(fault, loaded):
            seen[fault.kind] += 1
        else:
            sys.stdout.write(f"{fault}\n")
            sys.stdout.flush()
    for kind, number in put.items():
        sys.stdout.write(f"| {kind} | {number} | {seen[kind]} |\n")
    sys.stdout.write(f"| **all** | {put.total()} | {seen.total()} |\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, sys.argv[2] if len(sys.argv) > 2 else SEED)
