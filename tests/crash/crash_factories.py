"""Processes that are killed, and what must hold in a store whatever was killed when."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO

from engine.app.audit.verify_deployment import verify
from engine.app.commands.application import Application
from engine.app.ports.records import CaseFilter
from engine.deployment.home import find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.lifecycle.process import AFTER
from tests.hung_run import HUNG

ROOT = Path(__file__).parents[2]
SSJ = (sys.executable, "-c", "from engine.cli.main import main; main()")
#: What the engine does by itself when a clock says so.
CLOCKWORK = ("reminded", "overdue", "escalated")


def start(
    *arguments: str | Path, stdout: int | None = subprocess.PIPE, stderr: int | IO[str] = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Start ``ssj`` as a process of its own."""
    return subprocess.Popen(
        [*SSJ, *map(str, arguments)],
        stdout=stdout,
        stderr=stderr,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )


def ssj(*arguments: str | Path) -> tuple[int, str, str]:
    """Run ``ssj`` to its end; return exit code, stdout and stderr."""
    with start(*arguments) as process:
        out, err = process.communicate(timeout=HUNG)
        return process.returncode, out, err


def killed_after(process: subprocess.Popen[str], seconds: float) -> tuple[bool, str, str]:
    """Let a process live for so long, then kill -9 it; tell whether it had to be killed, and what it wrote."""
    try:
        process.wait(seconds)
        killed = False
    except subprocess.TimeoutExpired:
        process.kill()
        killed = True
    out, err = process.communicate(timeout=HUNG)
    return killed, out or "", err


def delays(seed: int, least: float, most: float) -> Iterator[float]:
    """Yield moments to kill at. The seed stands in the output of a test that fails."""
    print("seed", seed)
    chance = random.Random(seed)  # noqa: S311 - when to kill, not a draw
    while True:
        yield chance.uniform(least, most)


def fresh_seed() -> int:
    """Return the seed of this run: ``SSJ_CRASH_SEED``, else always the same, so that a run can be compared.

    `make soak` gives another one every time.
    """
    return int(os.environ.get("SSJ_CRASH_SEED", "20240914"))


def histories(path: Path) -> dict[str, list[str]]:
    """Return the hashes of every history of a deployment. Equal hashes are equal events, instants included."""
    with closing(open_deployment_store(find_home(str(path)))) as store, store.read() as transaction:
        return {
            stream: [event.hash for event in transaction.events.of(stream)]
            for stream in transaction.events.streams()
        }


def check_whole(path: Path) -> None:
    """Assert that a deployment is in order: histories, cases, tasks, timers, messages."""
    with closing(open_deployment_store(home := find_home(str(path)))) as store:
        application = open_application(home, store=store)
        with store.read() as transaction:
            assert [str(finding) for finding in verify(transaction)] == []
            cases = transaction.cases.find(CaseFilter(), limit=1_000_000)
            assert transaction.timers.incidents() == []
            assert transaction.timers.count() == sum(_check_case(application, case.id) for case in cases)
            ids = [item.id for item in transaction.outbox.listed(limit=1_000_000)]
            assert len(ids) == len(set(ids))
            for case in cases:
                assert repeated_steps(transaction.events.of(case.id)) == []


def _check_case(application: Application, case_id: str) -> int:
    """Assert that a case has one state and the timers and tasks of that state; return how many timers."""
    with application.store.read() as transaction:
        case = transaction.cases.get(case_id)
        assert case is not None
        process = application.definitions.get(transaction, case.workflow, case.version)
        timers = {timer.name: timer for timer in transaction.timers.of_case(case_id)}
        expected = {name: clock.next_at for name, clock in case.clocks.items() if clock.next_at is not None}
        timed = {AFTER + step.id for step in process.timed_steps(case.state)} if case.open else set()
        assert {name: timer.at for name, timer in timers.items() if name not in timed} == expected, case_id
        assert timed <= set(timers), case_id
        assert {task.state for task in transaction.tasks.of_case(case_id)} <= {case.state}, case_id
        assert case.open or not timers, case_id
        return len(timers)


def repeated_steps(events: Sequence[object]) -> list[tuple[str, ...]]:
    """Return the steps of clocks that one history holds more than once: nobody may be reminded twice of a thing."""
    seen: Counter[tuple[str, ...]] = Counter()
    for event in events:
        kind, body = event.kind, event.body  # type: ignore[attr-defined] # any event
        if kind in CLOCKWORK:
            if "clocks" not in body:
                # A task nobody has touched goes up once; each day is looked at once.
                seen[kind, body["step"], event.at.date().isoformat()] += 1  # type: ignore[attr-defined] # any event
            for name, clock in body.get("clocks", {}).items():
                # A clock runs out once, and takes each other step of its ladder once.
                once = ("started_at", "due_at") if kind == "overdue" else clock
                seen[kind, name, json.dumps({part: clock[part] for part in once}, sort_keys=True)] += 1
    return [step for step, times in seen.items() if times > 1]


def delivered(path: Path) -> Counter[str]:
    """Return how often each message stands in the log, by id; every line must be whole."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return Counter(line["id"] for line in lines)
