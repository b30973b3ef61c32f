"""How long short commands take: ``ssj --version`` beside a bare ``import click``, ``ssj task list`` beside a bare script.

Each command runs in a process of its own, turn about with its peer; a ratio is that of the medians.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from engine.app.ports.records import RegisterEntry, Task
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.deployment.set_up import lay_out

#: What the command line promises: at most so many times the peer.
TARGETS: Mapping[str, float] = {"version": 1.1, "task_list": 1.15}
TASKS = 1000
PERSON = "insp-01"

_SSJ = [sys.executable, "-c", "from engine.cli.main import main; main()"]
_IMPORT = [sys.executable, "-c", "import click"]
#: The least a program with these libraries does: open the file, ask once, print what it finds.
_BARE = """
import sys
import click
from sqlalchemy import create_engine, text
engine = create_engine(f"sqlite:///{sys.argv[1]}")
with engine.connect() as connection:
    rows = connection.execute(text("SELECT * FROM task ORDER BY due_at LIMIT 200")).all()
for row in rows:
    click.echo(f"{row[0]}\\t{row[1]}")
"""


def prepare(directory: Path, tasks: int = TASKS) -> Path:
    """Set a deployment with so many open tasks up in `directory`; returns its home."""
    home = lay_out(directory / "home")
    store = open_deployment_store(home, create=True)
    opened = datetime(2024, 3, 4, 1, tzinfo=UTC)
    model = Task(
        case="",
        key=f"p:{PERSON}",
        workflow="inspection",
        section="labour_inspection",
        state="to_visit",
        title="待检查",
        case_title="",
        assignee=None,
        due_on=None,
        due_at=None,
        provisional=False,
        opened_at=opened,
    )
    with store.write() as transaction:
        transaction.registers.put(
            [RegisterEntry("people", PERSON, "检查人员01", "labour_inspection", {"roles": []})], opened
        )
        transaction.tasks.put(
            [
                replace(
                    model,
                    case=f"inspection-{number}",
                    case_title=f"示例企业{number}",
                    due_on=date(2024, 4, 1) + timedelta(days=number % 200),
                    due_at=opened + timedelta(days=28 + number % 200),
                )
                for number in range(tasks)
            ]
        )
    store.close()
    return home.path


def measure(rounds: int = 15, *, processor: bool = False) -> dict[str, dict[str, float]]:
    """Return, for each promise, the medians of both in milliseconds and their ratio.

    With `processor` the least processor time of each instead, which a busy machine does not change.
    """
    with tempfile.TemporaryDirectory() as directory:
        home = prepare(Path(directory))
        bare = [sys.executable, "-c", _BARE, find_home(str(home)).database]
        listing = [*_SSJ, "--home", str(home), "task", "list", "--as", PERSON]
        return {
            "version": turn_about([*_SSJ, "--version"], _IMPORT, rounds, processor=processor),
            "task_list": turn_about(listing, bare, rounds, processor=processor),
        }


def turn_about(
    ours: Sequence[str], peer: Sequence[str], rounds: int, *, processor: bool = False
) -> dict[str, float]:
    """Run both commands in turns and compare the medians of their times, or the least of their processor times."""
    took, of_all = (_processor_seconds, min) if processor else (_seconds, statistics.median)
    times: tuple[list[float], list[float]] = ([], [])
    for uow in range(rounds + 1):
        for command, found in zip((ours, peer), times, strict=True):
            seconds = took(command)
            # The first turn only fills the caches of the machine.
            if uow:
                found.append(seconds)
    mine, other = (1000 * of_all(found) for found in times)
    return {"ours_ms": round(mine, 1), "peer_ms": round(other, 1), "ratio": round(mine / other, 2)}


def _seconds(command: Sequence[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SSJ_LANG": "zh_CN"})
    return time.perf_counter() - begun


def _processor_seconds(command: Sequence[str]) -> float:
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _seconds(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> int:
    """Print the figures as JSON; exit 1 where a promise is not kept."""
    found = measure()
    print(json.dumps(found, indent=2))
    return 0 if all(found[name]["ratio"] <= most for name, most in TARGETS.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
