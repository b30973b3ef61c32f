"""How long short commands take: ``ssj --version`` beside a bare ``import click``, ``ssj task list`` and ``ssj task advance``
beside bare scripts.

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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from itertools import islice, repeat
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.application import START, fill, spawn
from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.ports.records import RegisterEntry, Task
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.deployment.set_up import lay_out
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

#: What the command line promises: at most so many times the peer.
TARGETS: Mapping[str, float] = {"version": 1.1, "task_list": 1.15, "task_advance": 1.3}
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
#: The same for a step: look at the case, change it, enter it in its history.
_BARE_STEP = """
import sys
import click
from sqlalchemy import create_engine, text
engine = create_engine(f"sqlite:///{sys.argv[1]}")
with engine.begin() as connection:
    case = connection.execute(text('SELECT * FROM "case" WHERE id = :id'), {"id": sys.argv[2]}).one()
    connection.execute(text('UPDATE "case" SET rev = :rev WHERE id = :id'), {"id": case.id, "rev": case.rev + 1})
    connection.execute(
        text(
            "INSERT INTO event (stream, seq, at, actor, kind, body, previous, hash)"
            " VALUES (:stream, :seq, :at, 'insp-1', 'advanced', '{}', :previous, :hash)"
        ),
        {"stream": case.id, "seq": case.rev + 1, "at": case.opened_at, "previous": case.head, "hash": case.id},
    )
click.echo(f"{case.id}\\t{case.state}")
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


def prepare_cases(directory: Path, count: int) -> tuple[Path, str, list[str]]:
    """Set a deployment with a small process and so many cases up; returns its home, its database, the ids of the cases."""
    home = lay_out(directory / "office")
    store = open_deployment_store(home, create=True)
    try:
        timekeeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time_of_day(9))
        application = Application(store, VirtualClock(START), DefinitionCache(timekeeping))
        fill(application)
        return home.path, str(home.database), list(spawn(application, count))
    finally:
        store.close()


def measure(rounds: int = 15, *, processor: bool = False) -> dict[str, dict[str, float]]:
    """Return, for each promise, the medians of both in milliseconds and their ratio.

    With `processor` the least processor time of each instead, which a busy machine does not change.
    """
    with tempfile.TemporaryDirectory() as directory:
        home = prepare(Path(directory))
        bare = [sys.executable, "-c", _BARE, find_home(str(home)).database]
        listing = [*_SSJ, "--home", str(home), "task", "list", "--as", PERSON]
        office, database, cases = prepare_cases(Path(directory), 2 * rounds + 2)
        answers = ["--set", "found=未发现问题", "--set", "count=2"]
        stepping = [
            [*_SSJ, "--home", str(office), "task", "advance", case, "go", *answers, "--as", "insp-1"]
            for case in cases[::2]
        ]
        bare_steps = [[sys.executable, "-c", _BARE_STEP, database, case] for case in cases[1::2]]
        return {
            "version": turn_about(repeat([*_SSJ, "--version"]), repeat(_IMPORT), rounds, processor=processor),
            "task_list": turn_about(repeat(listing), repeat(bare), rounds, processor=processor),
            "task_advance": turn_about(stepping, bare_steps, rounds, processor=processor),
        }


def turn_about(
    ours: Iterable[Sequence[str]], peer: Iterable[Sequence[str]], rounds: int, *, processor: bool = False
) -> dict[str, float]:
    """Run commands of both in turns and compare the medians of their times, or the least of their processor times."""
    took, of_all = (_processor_seconds, min) if processor else (_seconds, statistics.median)
    times: tuple[list[float], list[float]] = ([], [])
    # The first turn only fills the caches of the machine.
    for turn, commands in enumerate(islice(zip(ours, peer, strict=False), rounds + 1)):
        for command, found in zip(commands, times, strict=True):
            seconds = took(command)
            if turn:
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
