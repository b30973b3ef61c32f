"""Clients and daemons on an older version of the product, taken from this repository's history."""

from __future__ import annotations

import faulthandler
import io
import os
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: What decides how a store is written, and how the definitions in it: a version with the same can work beside this one.
_WRITES = (
    "engine/store/migrations",
    "engine/store/sql/tables.py",
    "engine/store/codec.py",
    "engine/store/case_codec.py",
    "engine/lifecycle/case.py",
    "engine/lifecycle/chain.py",
    "engine/definition/grammar.py",
)


def oldest_beside() -> str | None:
    """Return the oldest revision of this repository that writes the store, and reads its definitions, as now; None outside a repository."""
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
        return self._start("client", name, home, str(clock), str(journals), seed)

    def daemon(self, home: str, clock: Path, log: Path) -> int:
        """Start a daemon; returns its process id."""
        return self._start("daemon", home, str(clock), str(log))

    def _start(self, *words: str) -> int:
        # The older engine first, the programme from here.
        environ = {**os.environ, "PYTHONPATH": f"{self._path}{os.pathsep}{ROOT}"}
        arguments = [sys.executable, "-m", "tests.chaos.older", *words]
        # A call to end waits until the process can hear it.
        return os.posix_spawn(sys.executable, arguments, environ, setsigmask=[signal.SIGTERM])


def _main(role: str, *words: str) -> None:
    from tests.chaos.workers import die_with_parent

    die_with_parent()
    if role == "client":
        from tests.chaos.client import run_client

        name, home, clock, journals, seed = words
        run_client(name, home, Path(clock), Path(journals), seed)
    else:
        from tests.chaos.clockwork import run_clockwork

        home, clock, log = words
        run_clockwork(home, Path(clock), Path(log), nightly=False)


if __name__ == "__main__":
    # Until it listens: whoever asks it to end asks again.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    # Where the interpreter was started would come before the older engine.
    sys.path[:] = [found for found in sys.path if found not in ("", str(ROOT))] + [str(ROOT)]
    faulthandler.enable()
    _main(*sys.argv[1:])
    sys.stderr.flush()
    # As the children of a fork end: nothing of the older version is asked once its work is done.
    os._exit(0)
