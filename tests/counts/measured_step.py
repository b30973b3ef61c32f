"""Counts of one durable step, of one of many reminders that are due at once, of one row of an import, taken in a process of its own so that what other tests have loaded does not matter.

Prints JSON: how many statements SQLite was given, how many Python functions were called, how many bytes the log of the
database grew by. Each is the least of several steps, after steps that have filled every cache.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.application import deployment, spawn, steps
from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.app.timers.fire_due import fire_due
from engine.register.import_result import read_register
from engine.synthetic.registers import sample_registers, write_sample

WARM, TRIES = 30, 8
#: Reminders of one batch.
DUE = 500
ROWS = 1000


def calls(act: Any) -> int:
    """Return how many Python functions `act` calls."""
    count = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def statements(act: Any) -> list[str]:
    """Return the statements every connection to SQLite is given while `act` runs."""
    seen: list[str] = []
    connections = [found for found in gc.get_objects() if isinstance(found, sqlite3.Connection)]
    for connection in connections:
        connection.set_trace_callback(seen.append)
    try:
        act()
    finally:
        for connection in connections:
            connection.set_trace_callback(None)
    return seen


def log_bytes(path: Path, act: Any) -> int:
    """Return by how much the log grows while `act` runs; it is emptied before."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    act()
    return Path(f"{path}-wal").stat().st_size


def reminders() -> dict[str, int]:
    """Return the calls of Python of one reminder, and the statements of a hundred, among those of a batch."""
    with deployment() as (application, clock, _):
        for act in (statements, calls):
            # The first round fills caches.
            spawn(application, DUE)
            with application.store.read() as transaction:
                due = transaction.timers.next_at()
            if due is None:
                raise SystemExit("no timer")
            clock.set(due)
            fired: list[int] = []
            counted = act(lambda: fired.append(fire_due(application).fired))  # noqa: B023 - called at once
            if fired != [DUE]:
                raise SystemExit(f"fired {fired} of {DUE}")
            if act is statements:
                asked = len(counted)
        return {"reminder statements": 100 * asked // DUE, "reminder calls": counted // DUE}


def rows() -> dict[str, int]:
    """Return the calls of Python of ten rows of a CSV file that is read, checked and written."""
    with TemporaryDirectory() as folder, deployment() as (application, _, _path):
        made = sample_registers("counts", objects=ROWS, inspectors=1, experts=1)
        (path,) = write_sample(Path(folder), {"objects": made["objects"]})

        def act() -> None:
            entries = [
                RegisterEntry(e.kind, e.id, e.name, e.section, e.data)
                for e in read_register("objects", path).importable()
            ]
            import_entries(application, "objects", entries, "counts", source=path.name)

        return {"import calls": 10 * calls(act) // ROWS}


def main() -> None:
    """Measure, and print."""
    with deployment() as (application, _, path):
        (case,) = spawn(application, 1)
        steps(application, case, WARM)
        numbers = iter(range(WARM, 10_000))

        def act() -> None:
            steps(application, case, 1, begin=next(numbers))

        gc.collect()
        gc.disable()
        found = {
            "statements": min(len(statements(act)) for _ in range(TRIES)),
            "calls": min(calls(act) for _ in range(TRIES)),
            "log": min(log_bytes(path, act) for _ in range(TRIES)),
        }
        found |= reminders() | rows()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
