"""The store beside the limit, in one run: the same rows written by hand, on SQLite with synchronous=FULL.

* ``spawn``: 100,000 new cases with event, two tasks and a timer each, beside `sqlite3` and executemany of rows made
  beforehand. Ours makes its rows while it is timed.
* ``curves``: what an advance costs with a long history and with many sleeping timers, beside an empty store, and
  what some questions cost there.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.app.ports.records import IdempotencyRecord, OutboxItem, Task, Timer
from engine.lifecycle.case import Case, RunningClock
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.store import case_codec, codec
from engine.store.sql import SqlStore, open_store

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
MIN_SPAWN, MAX_CURVE = 0.5, 1.5
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """What one advance writes."""

    case: Case
    event: Event
    tasks: list[Task]
    timer: Timer
    outgoing: OutboxItem
    receipt: IdempotencyRecord


def new_case(number: int, parent: str | None = None) -> Case:
    """Return a case as a batch starts it."""
    clock = RunningClock(
        started_at=NOW,
        counted_from=NOW,
        due_on=date(2027, 3, 15),
        due_at=NOW + timedelta(days=14),
        provisional=False,
        next_at=NOW + timedelta(days=11),
    )
    case_id = f"inspection-{number:07}"
    first = follow(case_id, 1, NOW, "p-1", "started", {"workflow": "inspection"}, GENESIS)
    return Case(
        id=case_id,
        workflow="inspection",
        version=1,
        state="assigned",
        rev=1,
        head=first.hash,
        title=f"抽查检查 {number}",
        section="labour",
        opened_at=NOW,
        entered_at=NOW,
        parent=parent,
        subject={"id": f"o-{number:07}", "name": f"样例企业第{number}号有限公司", "risk": "B"},
        fields={"items": ["工资支付", "劳动合同"]},
        parties={"inspectors": ("p-1", "p-2")},
        clocks={"state": clock},
    )


def events_of(case: Case) -> list[Event]:
    """Return the first event of a new case."""
    return [follow(case.id, 1, NOW, "p-1", "started", {"workflow": "inspection"}, GENESIS)]


def tasks_of(case: Case, at: datetime = NOW) -> list[Task]:
    """Return the tasks of the two inspectors."""
    due = at + timedelta(days=14)
    return [
        Task(
            case=case.id,
            key=f"p:{person}",
            workflow=case.workflow,
            state=case.state,
            title="现场检查",
            case_title=case.title,
            section=case.section,
            assignee=None,
            due_on=due.date(),
            due_at=due,
            provisional=False,
            opened_at=at,
        )
        for person in case.parties["inspectors"]
    ]


def timer_of(case: Case, at: datetime = NOW) -> Timer:
    """Return the next reminder of a case."""
    return Timer(case.id, "state", at + timedelta(days=11))


def advance_of(case: Case, uow: int) -> Written:
    """Return what the next advance of a case writes."""
    at = NOW + timedelta(seconds=uow)
    state = "inspected" if case.state == "assigned" else "assigned"
    body = {
        "step": "finish_visit",
        "title": "完成现场检查",
        "state": state,
        "answers": {"found": "未发现问题"},
    }
    event_ = follow(case.id, case.rev + 1, at, "p-1", "advanced", body, case.head)
    after = replace(case, state=state, rev=case.rev + 1, head=event_.hash, entered_at=at)
    return Written(
        after,
        event_,
        tasks_of(after, at),
        timer_of(after, at),
        OutboxItem(
            id=f"{case.id}:{after.rev}:1",
            kind="message",
            channel="log",
            recipient="p-2",
            case=case.id,
            payload={"about": "advanced", "text": "现场检查已完成", "title": case.title},
            created_at=at,
        ),
        IdempotencyRecord(f"r-{case.id}-{after.rev}", "d" * 64, {"case": case.id, "state": state}, at),
    )


def advance(store: SqlStore, work: Written) -> None:
    """Carry out one advance as the office does."""
    with store.write() as transaction:
        seen = transaction.cases.get(work.case.id, lock=True)
        assert seen is not None
        transaction.events.append([work.event])
        transaction.cases.save(work.case, seen.rev)
        transaction.tasks.drop([work.case.id])
        transaction.tasks.put(work.tasks)
        transaction.timers.put([work.timer])
        transaction.outbox.put([work.outgoing])
        transaction.record_request(work.receipt)


def fill(store: SqlStore, cases: list[Case]) -> None:
    """Add new cases with everything that stands at their beginning."""
    with store.write() as transaction:
        transaction.cases.add(cases)
        transaction.events.append([e for case in cases for e in events_of(case)])
        transaction.tasks.put([task for case in cases for task in tasks_of(case)])
        transaction.timers.put([timer_of(case) for case in cases])


def measure_spawn(directory: Path, count: int = 100_000) -> dict[str, Any]:
    """Return cases per second, ours and by executemany, in turns of one batch, and the ratio of the totals."""
    ours = open_store(directory / "spawn.db", create=True)
    open_store(directory / "many.db", create=True).close()
    hand = sqlite3.connect(directory / "many.db", isolation_level=None)
    hand.execute("PRAGMA synchronous=FULL")
    mine = by_hand = 0.0
    for start in range(0, count, BATCH):
        cases = [new_case(n, "batch-1") for n in range(start, start + BATCH)]
        events = [e for case in cases for e in events_of(case)]
        tasks = [task for case in cases for task in tasks_of(case)]
        timers = [timer_of(case) for case in cases]
        rows = {
            "case": [case_codec.case_row(case) for case in cases],
            "event": [case_codec.event_row(one) for one in events],
            "task": [codec.task_row(task) for task in tasks],
            "timer": [(*codec.timer_row(timer), None) for timer in timers],
        }

        def write(cases: Any = cases, events: Any = events, tasks: Any = tasks, timers: Any = timers) -> None:
            with ours.write() as transaction:
                transaction.cases.add(cases)
                transaction.events.append(events)
                transaction.tasks.put(tasks)
                transaction.timers.put(timers)

        def many(rows: Any = rows) -> None:
            hand.execute("BEGIN IMMEDIATE")
            for name, values in rows.items():
                marks = ", ".join("?" * len(values[0]))
                hand.executemany(f'INSERT INTO "{name}" VALUES ({marks})', values)
            hand.execute("COMMIT")

        by_hand += _seconds(many)
        mine += _seconds(write)
    ours.close()
    hand.close()
    return {
        "cases": count,
        "per_second": round(count / mine),
        "executemany_per_second": round(count / by_hand),
        "ratio": round(by_hand / mine, 2),
        "least": MIN_SPAWN,
        "peak_megabytes": {str(n): _peak(n) for n in (count // 5, count)},
    }


_PEAK = """
import re, sys
from pathlib import Path
from benchmarks.store import BATCH, fill, new_case
from engine.store.sql import open_store
store = open_store(sys.argv[1], create=True)
for start in range(0, int(sys.argv[2]), BATCH):
    fill(store, [new_case(n, "batch-1") for n in range(start, start + BATCH)])
store.close()
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def _peak(count: int) -> int:
    """Return the peak memory of a process that starts `count` cases, in megabytes."""
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, str(Path(directory) / "peak.db"), str(count)],
            check=True,
            capture_output=True,
            text=True,
        )
    return int(done.stdout)


def measure_curves(directory: Path, sleeping: int = 100_000, history: int = 10_000) -> dict[str, Any]:
    """Return how much dearer an advance is in a store with much in it, and the milliseconds of some questions."""
    empty = open_store(directory / "empty.db", create=True)
    full = open_store(directory / "full.db", create=True)
    fill(empty, [new_case(n) for n in range(100)])
    for start in range(0, sleeping, BATCH):
        fill(full, [new_case(n, "batch-1") for n in range(start, start + BATCH)])
    aged = [_age(full, new_case(n, "batch-1"), history // 10) for n in range(10)]
    cases = {empty: [new_case(n) for n in range(100)], full: [*aged, *(new_case(n) for n in range(10, 100))]}
    times: dict[Any, list[float]] = {empty: [], full: []}
    old: list[float] = []
    for uow in range(8):
        for store, mine in cases.items():
            work = [advance_of(case, uow) for case in mine]
            seconds = [_seconds(lambda store=store, one=one: advance(store, one)) for one in work]
            times[store] += seconds
            if store is full:
                old += seconds[: len(aged)]
            cases[store] = [one.case for one in work]
    young = statistics.median(times[empty])
    questions = _questions(full)
    full.close()
    empty.close()
    return {
        f"with_{sleeping}_timers": round(statistics.median(times[full]) / young, 2),
        f"with_history_of_{history // 10}": round(statistics.median(old) / young, 2),
        "most": MAX_CURVE,
        "milliseconds": questions,
    }


def _age(store: SqlStore, case: Case, events: int) -> Case:
    """Give a case a long history and return it."""
    chain = [events_of(case)[0]]
    for seq in range(2, events + 1):
        chain.append(follow(case.id, seq, NOW, "p-1", "recorded", {"n": seq}, chain[-1].hash))
    after = replace(case, rev=events, head=chain[-1].hash)
    with store.write() as transaction:
        transaction.events.append(chain[1:])
        transaction.cases.save(after, 1)
    return after


def _questions(store: SqlStore) -> dict[str, float]:
    """Return how long some questions take, in milliseconds."""
    with store.read() as transaction:
        asked: dict[str, Callable[[], Any]] = {
            "is one of 100,000 open children outstanding": lambda: (
                transaction.cases.has_open_children_outside(
                    "batch-1", "inspection", ["assigned", "inspected"]
                )
            ),
            "next timer": transaction.timers.next_at,
            "500 due timers": lambda: transaction.timers.due(NOW + timedelta(days=99), 500),
            "last event": lambda: transaction.events.last("inspection-0000001"),
            "100 tasks of a person": lambda: transaction.tasks.of_keys(["p:p-1"], limit=100),
        }
        return {
            name: round(1000 * statistics.median(_seconds(ask) for _ in range(5)), 2)
            for name, ask in asked.items()
        }


def _seconds(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def measure() -> dict[str, Any]:
    """Return all figures."""
    return {name: part() for name, part in PARTS.items()}


def _in_folder(how: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        return how(Path(directory))


#: What is measured for each line; the curves have none.
PARTS = {"spawn": lambda: _in_folder(measure_spawn), "curves": lambda: _in_folder(measure_curves)}


def main() -> int:
    """Print the figures as JSON; exit 1 where a promise is not kept."""
    figures = measure()
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    kept = figures["spawn"]["ratio"] >= MIN_SPAWN
    curves = [v for k, v in figures["curves"].items() if k.startswith("with_")]
    return 0 if kept and max(curves) <= MAX_CURVE else 1


if __name__ == "__main__":
    raise SystemExit(main())
