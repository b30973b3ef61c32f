"""The faults: what may happen, how often compared with the others, and how it is undone.

All chance is drawn here, from the seed alone and never from what the run does: the same seed gives the same faults at
the same moments, on the same places.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

#: Seconds between two faults, on average.
GAP = 0.6

#: kind -> (weight, least, most): how often, and between which bounds its measure lies (see `workload`).
ANYWHERE: dict[str, tuple[int, float, float]] = {
    "client killed": (30, 0.0, 0.2),
    "daemon killed": (10, 0.0, 1.5),
    "client stands still": (8, 0.05, 1.5),
    "daemon stands still": (4, 0.2, 2.0),
    "clock jumps on": (6, 5.0, 120.0),
    "clock jumps back": (4, 1.0, 60.0),
    "receiver killed": (3, 0.5, 3.0),
    "receiver hangs": (3, 0.5, 2.5),
    "receiver refuses": (3, 0.5, 3.0),
    "disk full for a client": (6, 0.05, 0.8),
    "disk full for a daemon": (3, 0.05, 0.8),
}
SQLITE: dict[str, tuple[int, float, float]] = {
    "no room in the database": (4, 0.05, 0.8),
}
POSTGRES: dict[str, tuple[int, float, float]] = {
    "database restarted at once": (4, 0.0, 0.0),
    "database process killed": (3, 0.0, 0.0),
    "one connection cut": (8, 0.0, 0.0),
    "all connections cut": (3, 0.0, 0.0),
    "line cut": (8, 0.0, 0.0),
    "line cut before the answer": (10, 0.0, 0.0),
    "database stands still": (4, 0.05, 0.8),
    "disk full for the database": (2, 0.05, 0.4),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens `at` seconds after the start."""

    at: float
    kind: str
    #: Which of several processes: a large number, of which the remainder counts.
    place: int
    #: Seconds, or minutes of the shared clock.
    measure: float

    def __str__(self) -> str:
        return f"{self.at:8.2f}s  {self.kind}  #{self.place % 100}  {self.measure:.2f}"


def faults(seed: int, kinds: dict[str, tuple[int, float, float]], seconds: float) -> Iterator[Fault]:
    """Yield the faults of a run; the first is early, the last before `seconds`."""
    chance = random.Random(f"faults {seed}")
    names, weights = list(kinds), [weight for weight, _, _ in kinds.values()]
    at = 0.0
    while (at := at + chance.expovariate(1 / GAP)) < seconds:
        kind = chance.choices(names, weights)[0]
        _, least, most = kinds[kind]
        yield Fault(at, kind, chance.getrandbits(30), chance.uniform(least, most))
