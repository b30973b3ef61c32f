"""Measuring by minima: sides have their turn in short slices, and the least processor time of each counts.

A shared machine gives its time away and takes it back as it likes: it can only ever add. What is the least of many
slices, taken turn about, is nearest to what the work costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time


def minima(acts: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Run every act once in each of so many rounds; returns the least seconds of processor time of each."""
    least = [float("inf")] * len(acts)
    for _ in range(rounds):
        for place, act in enumerate(acts):
            begun = process_time()
            act()
            least[place] = min(least[place], process_time() - begun)
    return least


class Meter:
    """The processor time that some processes of one thread have had; of those that end meanwhile, until last looked at."""

    def __init__(self, pids: Callable[[], Sequence[int]]) -> None:
        """`pids` tells which processes there are; it is asked every time."""
        self._pids = pids
        self._seen: dict[int, int] = {}
        self._total = 0

    def __call__(self) -> float:
        """Return their seconds so far."""
        for pid in self._pids():
            try:
                had = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
            before = self._seen.get(pid, 0)
            # Less than it had: the number is another process's now, which is new.
            self._total += had - before if had >= before else had
            self._seen[pid] = had
        return self._total / 1e9


def family(parent: int) -> list[int]:
    """Return a process and its children."""
    found = [parent]
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                stat = (path / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.name))
    return found


def rates(ours: float, other: float, count: int, name: str = "by_hand") -> dict[str, float]:
    """Return both sides as acts in a second, and their ratio."""
    return {"ours_per_s": count / ours, f"{name}_per_s": count / other, "ratio": other / ours}
