"""All benchmarks, or those named, in one table beside their peers: ``python -m benchmarks [NAME…]``.

Every benchmark runs in a process of its own, one after the other. The figures go to ``benchmarks/results/`` as JSON.
The exit code is 1 where a target is missed or a benchmark fails, 2 for a name that is none.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
#: A benchmark that takes longer has hung.
MOST_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; figures are found by their path in what `measure` returns."""

    benchmark: str
    what: str
    ours: str
    peer: str
    ratio: str
    #: ``>= 2`` or ``<= 1.3``; None where nothing is promised.
    target: str | None = None


LINES = (
    Line(
        "worktime",
        "adding working days /s : chinesecalendar in a loop",
        "additions_per_second",
        "chinesecalendar_loop_per_second",
        "times_faster_than_chinesecalendar",
    ),
    Line(
        "worktime",
        "adding working days /s : looking up in a bare list",
        "additions_per_second",
        "bare_list_per_second",
        "share_of_the_limit",
    ),
    Line("register", "import of CSV, s : reading it with csv", "csv.import.seconds", "csv.limit.seconds", "csv.times_the_limit"),
    Line("register", "import of Excel, s : reading it with openpyxl", "excel.import.seconds", "excel.limit.seconds", "excel.times_the_limit"),
    Line("draw", "drawing, s : hmac.digest in a bare loop", "draw_seconds", "hmac_loop_seconds", "draw_over_hmac_loop"),
    Line("draw", "drawing, s : consistent_sampler, times slower", "draw_seconds", "peer_seconds", "peer_over_draw"),
    Line("decisions", "decisions /s : bare events of python-statemachine", "decisions_per_s", "statemachine_events_per_s", "ratio", ">= 2"),
    Line("store", "rows of one advance /s : by hand with Core", "advance.per_second", "advance.by_hand_per_second", "advance.ratio", ">= 0.7"),
    Line("store", "rows of 100,000 cases /s : executemany", "spawn.per_second", "spawn.executemany_per_second", "spawn.ratio", ">= 0.4"),
    Line("office", "one durable advance /s : by hand with Core", "advance.ours_per_s", "advance.by_hand_per_s", "advance.ratio", ">= 0.7"),
    Line("office", "100,000 child cases /s : executemany", "spawn.ours_per_s", "spawn.by_hand_per_s", "spawn.ratio", ">= 0.4"),
    Line("office", "due reminders /s : APScheduler's SQL job store", "reminders.ours_per_s", "reminders.apscheduler_per_s", "reminders.ratio", ">= 5"),
    Line("office", "reminders /s, none asleep : a million asleep", "sleepers.with_none_per_s", "sleepers.with_a_million_per_s", "sleepers.ratio", "<= 1.2"),
    Line("advance", "one durable advance, SQLite /s : by hand with Core", "sqlite.ours_per_s", "sqlite.by_hand_per_s", "sqlite.ratio", ">= 0.8"),
    Line("advance", "… PostgreSQL, 1 client /s : by hand with Core", "one.ours_per_s", "one.by_hand_per_s", "one.ratio"),
    Line("advance", "… PostgreSQL, 8 clients /s : by hand with Core", "eight.ours_per_s", "eight.by_hand_per_s", "eight.ratio", ">= 0.8"),
    Line("advance", "… SQLite /s : SpiffWorkflow, the same steps", "spiff.ours_per_s", "spiff.peer_per_s", "spiff.ratio", ">= 1.5"),
    Line("advance", "… SQLite /s : SpiffWorkflow, two bare tasks", "spiff_bare.ours_per_s", "spiff_bare.peer_per_s", "spiff_bare.ratio"),
    Line("advance", "… SQLite /s : SpiffWorkflow, deadline and reminders", "spiff_timers.ours_per_s", "spiff_timers.peer_per_s", "spiff_timers.ratio"),
    Line("advance", "… SQLite /s : one step of DBOS", "dbos.ours_per_s", "dbos.peer_per_s", "dbos.ratio", ">= 2.5"),
    Line("advance", "… SQLite /s : one node of Viewflow", "viewflow.ours_per_s", "viewflow.peer_per_s", "viewflow.ratio", ">= 4"),
    Line("advance", "… PostgreSQL /s : one job of procrastinate", "procrastinate.ours_per_s", "procrastinate.peer_per_s", "procrastinate.ratio"),
    Line("timers", "due among a million, SQLite, /s : swept by hand", "sqlite.ours_per_s", "sqlite.by_hand_per_s", "sqlite.ratio", ">= 0.5"),
    Line("timers", "due among a million, PostgreSQL, /s : swept by hand", "postgresql.ours_per_s", "postgresql.by_hand_per_s", "postgresql.ratio", ">= 0.5"),
    Line("timers", "start-up with a million timers, SQLite, s : 1 s", "sqlite.start_seconds", "second", "sqlite.start_seconds", "<= 2"),
    Line("timers", "start-up with a million timers, PostgreSQL, s : 1 s", "postgresql.start_seconds", "second", "postgresql.start_seconds", "<= 2"),
    Line("province", "a person's tasks among a million cases, ms : 50 ms", "full.list_ms", "targets.list_ms", "full.list_ratio", "<= 1"),
    Line("province", "a section's tasks among a million cases, ms : 50 ms", "full.section_ms", "targets.list_ms", "full.section_ratio", "<= 1"),
    Line("province", "one step among a million cases, ms : 10 ms", "full.advance_ms", "targets.advance_ms", "full.advance_ratio", "<= 1"),
    Line("province", "the same with 10,000 inspectors, ms : 10 ms", "crowd.advance_ms", "targets.advance_ms", "ratios.crowd", "<= 1"),
    Line("province", "due reminders /s, a million cases : a thousand", "full.reminders_per_s", "least.reminders_per_s", "full.reminders_ratio", ">= 0.8"),
    Line("province", "step on PostgreSQL, ms, history of 10,000 : of 10", "history.10000", "history.10", "ratios.history", "<= 1.2"),
    Line("province", "due reminders /s, two daemons : one", "daemons.2", "daemons.1", "ratios.daemons"),
    Line("office", "advance, s, history of 10,000 : of 10", "history.long", "history.short", "history.ratio", "<= 1.2"),
    Line("cli", "ssj --version, ms : import click", "version.ours_ms", "version.peer_ms", "version.ratio", "<= 1.5"),
    Line("cli", "ssj task list, ms : import click, SQLAlchemy, ask once", "task_list.ours_ms", "task_list.peer_ms", "task_list.ratio", "<= 1.3"),
)  # fmt: skip


def figure(found: Any, path: str) -> float:
    """Return the number at a path such as ``advance.ratio``. Raises KeyError where there is none."""
    for name in path.split("."):
        found = found[name]
    return float(found)


def met(ratio: float, target: str | None) -> bool | None:
    """Tell whether a ratio keeps its target; None without one."""
    if target is None:
        return None
    sign, bound = target.split()
    return ratio >= float(bound) if sign == ">=" else ratio <= float(bound)


def run(name: str) -> dict[str, Any] | None:
    """Return what ``benchmarks.NAME.measure()`` returns, measured in a fresh process; None if that failed."""
    script = f"import json, sys\nfrom benchmarks.{name} import measure\njson.dump(measure(), sys.stdout)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        timeout=MOST_SECONDS,
    )
    if done.returncode != 0:
        return None
    # Whatever else a benchmark printed stands before.
    measured: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return measured


def rows(figures: dict[str, dict[str, Any]]) -> Iterator[tuple[Line, float, float, float]]:
    """Yield every line there are figures for: the line, ours, the peer's, the ratio. Not every peer is installed."""
    for line in LINES:
        if line.benchmark in figures:
            found = figures[line.benchmark]
            with suppress(KeyError):
                yield line, figure(found, line.ours), figure(found, line.peer), figure(found, line.ratio)


def table(figures: dict[str, dict[str, Any]]) -> str:
    """Return the table people read."""
    cells = [["what : peer or limit", "ours", "peer/limit", "ratio", "target", "met"]]
    for line, ours, peer, ratio in rows(figures):
        kept = {True: "yes", False: "NO", None: "-"}[met(ratio, line.target)]
        what = f"{line.benchmark}: {line.what}"
        cells.append([what, _shown(ours), _shown(peer), f"{ratio:,.2f}", line.target or "-", kept])
    widths = [max(_width(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) if place == 0 else " " * (width - _width(cell)) + cell
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )


def main(asked: Sequence[str]) -> int:
    """Run the benchmarks asked for (all, when none are), print the table, write the figures."""
    known = list(dict.fromkeys(line.benchmark for line in LINES))
    if wrong := [name for name in asked if name not in known]:
        print(f"no such benchmark: {', '.join(wrong)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    figures: dict[str, dict[str, Any]] = {}
    failed = []
    for name in asked or known:
        print(f"{name} …", file=sys.stderr, flush=True)
        found = run(name)
        if found is None:
            failed.append(name)
        else:
            figures[name] = found
    now = datetime.now(UTC).replace(microsecond=0)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    body = {
        "at": now.isoformat(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "figures": figures,
    }
    file.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(figures))
    measured = {line for line, *_ in rows(figures)}
    absent = [line.what for line in LINES if line.benchmark in figures and line not in measured]
    if absent:
        print(f"not measured, the peer is not installed: {', '.join(absent)}", file=sys.stderr)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    missed = [line.what for line, _, _, ratio in rows(figures) if met(ratio, line.target) is False]
    return 1 if failed or missed else 0


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}" if value >= 0.1 else f"{value:.4f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
