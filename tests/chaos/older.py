"""A client on an older version of the product, taken from this repository's history."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: What decides how a store is written: a version with the same can work beside this one.
_WRITES = (
    "engine/store/migrations",
    "engine/store/sql/tables.py",
    "engine/store/codec.py",
    "engine/store/case_codec.py",
    "engine/lifecycle/case.py",
    "engine/lifecycle/chain.py",
)


def oldest_beside() -> str | None:
    """Return the oldest revision of this repository that writes the store as now; None outside a repository."""
    try:
        found = subprocess.run(
            ["git", "log", "-1", "--format=%h", "--", *_WRITES],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip() or None


class Older:
    """The engine as it was at `revision`, unpacked below `place`. Raises CalledProcessError for an unknown one."""

    def __init__(self, revision: str, place: Path) -> None:
        packed = subprocess.run(
            ["git", "archive", revision, "engine"], cwd=ROOT, stdout=subprocess.PIPE, check=True
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(place, filter="data")
        self._path = place

    def client(self, name: str, home: str, clock: Path, journals: Path, seed: str) -> int:
        """Start a client; returns its process id."""
        # The older engine first, the programme from here.
        environ = {**os.environ, "PYTHONPATH": f"{self._path}{os.pathsep}{ROOT}"}
        words = ["-m", "tests.chaos.older", name, home, str(clock), str(journals), seed]
        return os.posix_spawn(sys.executable, [sys.executable, *words], environ)


def _main(name: str, home: str, clock: str, journals: str, seed: str) -> None:
    from tests.chaos.client import run_client
    from tests.chaos.workers import die_with_parent

    die_with_parent()
    run_client(name, home, Path(clock), Path(journals), seed)


if __name__ == "__main__":
    # Where the interpreter was started would come before the older engine.
    sys.path[:] = [found for found in sys.path if found not in ("", str(ROOT))] + [str(ROOT)]
    _main(*sys.argv[1:])
