"""Importing a register of 40,000 objects from CSV and from Excel, with every check: seconds and peak memory.

The limits it is compared with: reading the same file without understanding it, by `csv.reader` and by openpyxl.
Each reading runs in a process of its own, so that its peak memory is its own; where `cpu_seconds` (start-up included)
are fewer than `seconds`, the machine had other things to do. Beside it stands the same import by hand, checks, rows and
chained entry included (`benchmarks.honest.imports`), in processor time.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.application import START, SYSTEM, deployment
from benchmarks.honest import schema
from benchmarks.honest.imports import import_objects, read_objects
from benchmarks.inputs import layout
from benchmarks.slices import minima, rates
from engine.app.commands.application import Application
from engine.app.ports.records import RegisterEntry as Kept
from engine.app.registers.import_entries import import_entries
from engine.register.import_result import read_register

ROWS = 40_000
#: What the product promises.
MAX_SECONDS = 10
MAX_MEGABYTES = 400

_RUN = """
import json, re, sys, time
from pathlib import Path
what, path = sys.argv[1], Path(sys.argv[2])
if what == "register":
    from engine.register.import_result import read_register
    begun = time.perf_counter()
    reading = read_register("objects", path)
    assert reading.ok, [str(problem) for problem in (*reading.faults, *reading.problems)][:3]
    rows = len(reading.entries)
elif path.suffix == ".csv":
    import csv
    begun = time.perf_counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
else:
    import openpyxl
    begun = time.perf_counter()
    sheet = openpyxl.load_workbook(path, read_only=True).active
    rows = sum(1 for _ in sheet.iter_rows(values_only=True)) - 1
seconds, cpu = time.perf_counter() - begun, time.process_time()
# The peak of this program alone: what getrusage tells includes the parent before exec.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps({"rows": rows, "seconds": round(seconds, 3), "cpu_seconds": round(cpu, 3), "peak_megabytes": peak}))
"""


def reading(kind: str, rows: int = ROWS) -> dict[str, Any]:
    """Return the figures of the import of one kind of file, of reading it only, and their ratio."""
    with tempfile.TemporaryDirectory() as directory:
        path = _files(Path(directory), rows)[kind]
        limit, ours = _run("limit", path), _run("register", path)
        assert ours["rows"] == rows
        return {
            "import": ours,
            "limit": limit,
            "times_the_limit": round(ours["seconds"] / limit["seconds"], 1),
            "within_promise": ours["seconds"] <= MAX_SECONDS and ours["peak_megabytes"] <= MAX_MEGABYTES,
        }


def by_hand(rows: int = 10_000, rounds: int = 8) -> dict[str, float]:
    """Return rows per second of processor time that are read, checked and written, of the product and by hand."""
    with tempfile.TemporaryDirectory() as directory:
        path = _files(Path(directory), rows)["csv"]
        columns = layout()
        least = [float("inf")] * 2
        for _ in range(rounds):
            with deployment() as (application, _, _path):

                def ours(application: Application = application) -> None:
                    entries = [
                        Kept(e.kind, e.id, e.name, e.section, e.data)
                        for e in read_register("objects", path).importable()
                    ]
                    assert (
                        import_entries(application, "objects", entries, SYSTEM, source=path.name).added
                        == rows
                    )

                least[0] = min(least[0], *minima([ours], 1))
            with deployment() as (application, _, database):
                application.store.close()
                connection = schema.sqlite(database)

                def hand(connection: sqlite3.Connection = connection) -> None:
                    entries, problems = read_objects(path.read_bytes(), columns, path.name)
                    assert len(entries) == rows
                    assert not problems
                    import_objects(connection, entries, SYSTEM, path.name, START)

                least[1] = min(least[1], *minima([hand], 1))
                connection.close()
    return rates(least[0], least[1], rows)


#: What is measured for each line.
PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "csv": lambda: reading("csv"),
    "excel": lambda: reading("excel"),
    "by_hand": by_hand,
}


def _files(directory: Path, rows: int) -> dict[str, Path]:
    import csv

    from openpyxl import Workbook

    from engine.synthetic.registers import sample_registers, write_sample

    made = sample_registers("benchmark", objects=rows, inspectors=1, experts=1)
    (text,) = write_sample(directory, {"objects": made["objects"]})
    book = Workbook(write_only=True)
    sheet = book.create_sheet("检查对象")
    with text.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            sheet.append([cell or None for cell in row])
    excel = directory / "objects.xlsx"
    book.save(excel)
    return {"csv": text, "excel": excel}


def _run(what: str, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, what, str(path)], check=True, capture_output=True, text=True
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures
