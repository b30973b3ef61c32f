"""Seeds of the simulation, one after the other: ``python tests/simulation/run_seeds.py --seeds N``.

Prints the seeds that failed, each with what was wrong, and exits 1 if any did. One that failed fails again:
``--first SEED --seeds 1``. With ``--shrink`` the fewest acts with which it still fails are looked for.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "store", HERE.parents[1]):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from sim_check import problems  # noqa: E402 - the folders first
from sim_scheduler import StuckError  # noqa: E402
from sim_world import LEASE, World  # noqa: E402

from engine.app.ports.store import ConflictError, Store  # noqa: E402
from engine.store.memory import MemoryStore  # noqa: E402
from engine.store.sql import open_store  # noqa: E402

#: Acts of a seed.
ACTS = 200


@dataclass(slots=True)
class Played:
    """What came of one seed."""

    seed: int
    wrong: list[str]
    acts: int
    faults: Counter[str] = field(default_factory=Counter)


class Stores:
    """Fresh stores of one kind; a database is migrated once and copied."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self._folder = folder
        self._empty = folder / "empty.db"
        if kind == "sqlite":
            open_store(str(self._empty), create=True).close()

    @contextmanager
    def fresh(self) -> Iterator[Store]:
        """Yield an empty store."""
        if self.kind == "memory":
            yield MemoryStore()
            return
        place = self._folder / "seed.db"
        for leftover in self._folder.glob("seed.db*"):
            leftover.unlink()
        shutil.copy(self._empty, place)
        with closing(open_store(str(place))) as store:
            yield store


def play(
    stores: Stores,
    seed: int,
    acts: int = ACTS,
    tamper: Callable[[Any], Any] = lambda store: store,
    lease: int = LEASE,
) -> Played:
    """Play one seed and check it."""
    with stores.fresh() as store:
        world = World(store, seed, readers_wait=stores.kind == "memory", tamper=tamper, lease=lease)
        try:
            world.play(acts)
            wrong = problems(world)
        except StuckError as stuck:
            wrong = [f"stuck: nobody can go on: {stuck}"]
        except ConflictError as conflict:
            wrong = [f"stuck: when all is quiet, {conflict} cannot be written"]
        return Played(seed, wrong, world.scheduler.acts, world.scheduler.faults)


def shrunk(
    stores: Stores,
    seed: int,
    tamper: Callable[[], Callable[[Any], Any]] = lambda: lambda store: store,
) -> Played:
    """Return the shortest beginning of a seed that still fails."""
    low, high = 1, ACTS
    while low < high:
        middle = (low + high) // 2
        if play(stores, seed, middle, tamper()).wrong:
            high = middle
        else:
            low = middle + 1
    return play(stores, seed, high, tamper())


def main(arguments: list[str]) -> int:
    """Play the seeds; returns the exit code."""
    parser = argparse.ArgumentParser(description="deterministic simulation")
    parser.add_argument("--seeds", type=int, default=100, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first one")
    parser.add_argument("--store", choices=("memory", "sqlite"), default="memory")
    parser.add_argument("--shrink", action="store_true", help="look for the fewest acts that fail")
    asked = parser.parse_args(arguments)
    failed = []
    faults: Counter[str] = Counter()
    acts = 0
    fewest = [sys.maxsize, sys.maxsize]
    with tempfile.TemporaryDirectory() as folder:
        stores = Stores(asked.store, Path(folder))
        for seed in range(asked.first, asked.first + asked.seeds):
            played = play(stores, seed)
            faults += played.faults
            acts += played.acts
            fewest = [min(fewest[0], played.acts), min(fewest[1], played.faults.total())]
            if played.wrong:
                failed.append(seed)
                if asked.shrink:
                    played = shrunk(stores, seed)
                print(f"seed {seed} failed after {played.acts} acts:")
                for line in played.wrong[:10]:
                    print(f"  {line}")
    print(f"{asked.seeds} seeds, {acts} acts, {sum(faults.values())} faults: {dict(sorted(faults.items()))}")
    print(f"of one seed at least {fewest[0]} acts and {fewest[1]} faults")
    print(f"failed: {', '.join(map(str, failed)) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
