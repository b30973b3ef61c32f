"""Everything that must hold, as `make test` asks it: the linter, then the types beside the tests.

    python tests/whole_run.py [ARGUMENTS OF PYTEST]

What the types say is printed after the tests. Temporary files lie in memory where there is room for them: nobody cuts
the power of a test, and waiting for the disk is as long as working. They stay there, and are named, where a test failed.
Exit code 1 when anything of it does not hold.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Where Linux keeps files in memory.
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
#: Bytes a run needs at the most: what tests that passed have left is removed as they end.
ROOM = 6 * 1024**3
#: Bytes of memory that are left for the processes of a run.
LEFT = 6 * 1024**3
TOOLS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Commands:
    """What is run: one after another, then one beside another. Each a program and its arguments."""

    before: Sequence[Sequence[str]]
    beside: Sequence[str]
    tests: Sequence[str]


def commands(arguments: Sequence[str]) -> Commands:
    """Return what `make test` runs, with these arguments of pytest."""
    ruff = str(TOOLS / "ruff")
    return Commands(
        [[ruff, "check", "."], [ruff, "format", "--check", "."]],
        [sys.executable, str(Path(__file__).with_name("check_types.py"))],
        [sys.executable, "-m", "pytest", *arguments],
    )


def has_room(folder: Path, room: int = ROOM, left: int = LEFT, memory: int | None = None) -> bool:
    """Tell whether files may be kept and programs run in a folder in memory, and so many bytes fit into both.

    `memory` is what is free of it, else what the system says.
    """
    if not hasattr(os, "statvfs") or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    # Some tests run programs they have written.
    if found.f_flag & getattr(os, "ST_NOEXEC", 0):
        return False
    memory = _free_memory() if memory is None else memory
    return found.f_bavail * found.f_frsize >= room and memory >= room + left


def _free_memory() -> int:
    """Return the bytes of memory that may still be taken; 0 where the system does not say."""
    file = Path("/proc/meminfo")
    for line in file.read_text(encoding="ascii").splitlines() if file.exists() else ():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def run(asked: Commands, folder: Path | None, environment: Mapping[str, str]) -> int:
    """Run the commands; return 0 when all of them do. `folder` is where temporary files go, if not where they usually do."""
    for command in asked.before:
        if subprocess.run(command, env=environment, check=False).returncode:
            return 1
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(asked.beside, stdout=said, stderr=subprocess.STDOUT, env=environment)
        try:
            tests = subprocess.run(asked.tests, env=_with_place(environment, folder), check=False).returncode
            other = beside.wait()
        finally:
            if beside.poll() is None:
                beside.kill()
                beside.wait()
        said.seek(0)
        sys.stdout.write(said.read().decode("utf-8", "replace"))
        sys.stdout.flush()
    return int(bool(tests or other))


def _with_place(environment: Mapping[str, str], folder: Path | None) -> dict[str, str]:
    if folder is None:
        return dict(environment)
    options = f"{environment.get('PYTEST_ADDOPTS', '')} -o tmp_path_retention_policy=failed".strip()
    return {**environment, "TMPDIR": str(folder), "PYTEST_ADDOPTS": options}


def main(arguments: Sequence[str]) -> int:
    """Run everything; return the exit code."""
    asked, environment = commands(arguments), dict(os.environ)
    # Whoever has said where temporary files go is obeyed.
    if "TMPDIR" in environment or not has_room(IN_MEMORY):
        return run(asked, None, environment)
    folder = Path(tempfile.mkdtemp(prefix="ssj-tests-", dir=IN_MEMORY))
    # A database server that root starts runs as another user, who has to get through.
    folder.chmod(0o711)
    code = 1
    try:
        code = run(asked, folder, environment)
    finally:
        if code == 0:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"temporary files of this run are in {folder}, in memory: remove them when you have looked")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
