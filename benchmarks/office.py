"""The office on SQLite with synchronous=FULL, beside the limit: the same rows written by hand.

* ``advance``: one durable step through the office (actor, guard, form, decision, hash-chained event, tasks, timers,
  outbox, receipt, one commit) beside a script of prebuilt SQLAlchemy Core statements that loads the case and writes
  the same rows.
* ``spawn``: 100,000 child cases started by one step, beside `sqlite3` and executemany of rows made beforehand.
* ``reminders``: 10,000 due reminders (event, outbox, next timer each), beside APScheduler's SQL job store.
* ``history`` and ``sleepers``: what a step costs with a long history, what firing costs with many sleeping timers.
"""

from __future__ import annotations

import gc
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Engine, create_engine, event, text

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.apply import start_cases
from engine.app.ports.records import RegisterEntry, Timer
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.timers.fire_due import fire_due
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.sql import open_store

START = datetime(2024, 3, 1, 1, tzinfo=UTC)
TARGETS = {"advance": 0.7, "spawn": 0.4, "reminders": 5.0}

BUREAU = """\
bureau: bench
title: 基准
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股}
roles:
  clerk: {title: 经办人, scope: section}
"""

FORM = """\
form: note
title: 记录
fields:
  - {name: found, title: 发现, type: text, required: true}
  - {name: count, title: 数量, type: integer, required: true, least: 0}
"""

WORKFLOW = """\
workflow: visit
title: 检查
about: object
initial: there
parties: {inspectors: 检查人员}
start: {by: [clerk]}
states:
  there: {title: 在彼, for: inspectors, deadline: 20 working days, remind: [10, 5, 2 working days before]}
  here: {title: 在此, for: inspectors, deadline: 20 working days, remind: [10, 5, 2 working days before]}
  done: {title: 完, final: true}
transitions:
  - do: go
    title: 去
    from: there
    to: here
    form: note
    require: [{that: form.count >= 1, else: 数量不足, basis: 本局内部控制要求}]
    then:
      - notify: [clerk]
        message: "“{{ case.title }}”已办理"
  - do: back
    title: 回
    from: here
    to: there
    form: note
    require: [{that: form.count >= 1, else: 数量不足, basis: 本局内部控制要求}]
    then:
      - notify: [clerk]
        message: "“{{ case.title }}”已办理"
  - {do: finish, title: 结束, from: [there, here], to: done}
"""


@contextmanager
def deployment() -> Iterator[tuple[Application, VirtualClock, Path]]:
    """Yield an office on a new SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        clock = VirtualClock(START)
        store = open_store(str(path), create=True)
        timekeeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
        application = Application(store, clock, DefinitionCache(timekeeping))
        loaded = load_files({"bureau.yaml": BUREAU, "note.yaml": FORM, "visit.yaml": WORKFLOW})
        outcome = publish(application, Caller(SYSTEM), loaded)
        if not isinstance(outcome, Published):
            raise SystemExit("\n".join(f"{p.file}:{p.line} {p.message}" for p in loaded.problems))
        people = [RegisterEntry("people", "clerk-1", "经办人01", "one", {"roles": ["clerk"]})]
        inspectors = [
            RegisterEntry("inspectors", f"insp-{n}", f"检查人员{n}", "one", {"status": "active"})
            for n in (1, 2)
        ]
        import_entries(application, "people", people, SYSTEM, source="bench")
        import_entries(application, "inspectors", inspectors, SYSTEM, source="bench")
        try:
            yield application, clock, path
        finally:
            store.close()


def new(count: int) -> Iterator[NewCase]:
    """Yield what so many cases start with."""
    for number in range(count):
        yield NewCase(
            title=f"示例企业{number}",
            section="one",
            subject={"id": f"E{number:08d}", "name": f"示例企业{number}", "class": "B"},
            parties={"inspectors": ("insp-1", "insp-2")},
        )


def spawn(application: Application, count: int) -> tuple[str, ...]:
    """Start so many cases in one transaction."""
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, application.clock.now())
        process = application.definitions.latest(transaction, "visit")
        if process is None:
            raise SystemExit("not published")
        return start_cases(uow, process, SYSTEM, new(count)).ids


def steps(application: Application, case: str, count: int, begin: int = 0) -> float:
    """Take so many steps on one case, to and fro; return seconds."""
    start = perf_counter()
    for number in range(begin, begin + count):
        step = "go" if number % 2 == 0 else "back"
        outcome = application.advance(
            case, step, "insp-1", {"found": "未发现问题", "count": 2}, request_id=f"bench-{case}-{number}"
        )
        if isinstance(outcome, Refusal):
            raise SystemExit(str(outcome))
    return perf_counter() - start


def _sqlite(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None})

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class ByHand:
    """The same rows as one step writes, by prebuilt Core statements over rows made beforehand."""

    def __init__(self, place: Path | URL, case: str) -> None:
        """Take a SQLite file, or the address of a PostgreSQL."""
        self.engine = _sqlite(place) if isinstance(place, Path) else create_engine(place)
        self.case = case
        with self.engine.connect() as connection:
            own = {"id": case}
            self.row = dict(
                connection.execute(text('SELECT * FROM "case" WHERE id = :id'), own).mappings().one()
            )
            self.event = dict(
                connection.execute(text("SELECT * FROM event WHERE stream = :id ORDER BY seq DESC"), own)
                .mappings()
                .first()
                or {}
            )
            self.tasks, (self.timer,), outbox = (
                [
                    dict(row)
                    for row in connection.execute(
                        text(f"SELECT * FROM {name} WHERE case_id = :id"), own
                    ).mappings()
                ]
                for name in ("task", "timer", "outbox")
            )
            self.outbox = outbox[0]
            self.receipt = dict(connection.execute(text("SELECT * FROM request")).mappings().first() or {})
        lock = " FOR UPDATE" if self.engine.dialect.name == "postgresql" else ""
        self.statements = {
            "load": text('SELECT * FROM "case" WHERE id = :id' + lock),
            "known": text("SELECT * FROM request WHERE id = :id"),
            "actor": text("SELECT * FROM register_entry WHERE kind = :kind AND id = :id"),
            "case": text(
                f'UPDATE "case" SET {", ".join(f"{k} = :{k}" for k in self.row if k != "id")} WHERE id = :id AND rev = :seen'
            ),
            "drop_tasks": text("DELETE FROM task WHERE case_id = :id"),
            "drop_timer": text("DELETE FROM timer WHERE case_id = :id"),
            **{
                name: self._insert(name, row)
                for name, row in (
                    ("event", self.event),
                    ("task", self.tasks[0]),
                    ("timer", self.timer),
                    ("outbox", self.outbox),
                    ("request", self.receipt),
                )
            },
        }

    @staticmethod
    def _insert(table: str, row: dict[str, Any]) -> Any:
        columns = ", ".join(f'"{name}"' for name in row)
        return text(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(':' + name for name in row)})")

    def run(self, count: int) -> float:
        """Write so many steps; return seconds."""
        s, rev, seq = self.statements, self.row["rev"], self.event["seq"]
        start = perf_counter()
        for number in range(1, count + 1):
            with self.engine.begin() as connection:
                connection.execute(s["known"], {"id": f"hand-{number}"}).first()
                connection.execute(s["load"], {"id": self.case}).one()
                connection.execute(s["actor"], {"kind": "people", "id": "insp-1"}).first()
                connection.execute(s["actor"], {"kind": "inspectors", "id": "insp-1"}).first()
                connection.execute(s["event"], {**self.event, "seq": seq + number})
                connection.execute(s["case"], {**self.row, "rev": rev + number, "seen": rev + number - 1})
                connection.execute(s["drop_tasks"], {"id": self.case})
                connection.execute(s["task"], self.tasks)
                connection.execute(s["drop_timer"], {"id": self.case})
                connection.execute(s["timer"], self.timer)
                connection.execute(s["outbox"], {**self.outbox, "id": f"hand-{self.case}-{rev + number}"})
                connection.execute(s["request"], {**self.receipt, "id": f"hand-{self.case}-{rev + number}"})
        self.row["rev"], self.event["seq"] = rev + count, seq + count
        return perf_counter() - start


def advance(count: int = 300, rounds: int = 5) -> dict[str, float]:
    """Return steps per second through the office and by hand, turn about, best of the rounds."""
    ours = hand = 0.0
    for _ in range(rounds):
        with deployment() as (application, _, path):
            (case,) = spawn(application, 1)
            steps(application, case, 20)
            ours = max(ours, count / steps(application, case, count, begin=20))
            by_hand = ByHand(path, case)
            by_hand.run(20)
        with deployment() as (application, _, path):
            (case,) = spawn(application, 1)
            steps(application, case, 20)
            application.store.close()
            hand = max(hand, count / ByHand(path, case).run(count))
    return {"ours_per_s": ours, "by_hand_per_s": hand, "ratio": ours / hand}


def spawning(count: int = 100_000, rounds: int = 3) -> dict[str, float]:
    """Return child cases per second of processor time, through the office and by executemany of the same rows.

    Processor time, because both are one thread's work with one commit, and a shared machine halves either at will;
    the best of the rounds, taken turn about, for the same reason.
    """
    found = [_spawned(count) for _ in range(rounds)]
    ours, hand = (max(each[side] for each in found) for side in (0, 1))
    return {"ours_per_s": ours, "by_hand_per_s": hand, "ratio": ours / hand}


def _spawned(count: int) -> tuple[float, float]:
    with deployment() as (application, _, path):
        spawn(application, 2000)
        start = process_time()
        spawn(application, count)
        ours = process_time() - start
        application.store.close()
        with tempfile.TemporaryDirectory() as folder:
            hand = _by_executemany(path, Path(folder) / "hand.db") * count / (count + 2000)
    return count / ours, count / hand


def _by_executemany(source: Path, target: Path) -> float:
    tables = ("case", "event", "task", "timer")
    read = sqlite3.connect(source)
    schema = [
        row[0]
        for row in read.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
    ]
    rows = {name: read.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
    read.close()
    write = sqlite3.connect(target, isolation_level=None)
    write.execute("PRAGMA journal_mode=WAL")
    write.execute("PRAGMA synchronous=FULL")
    for statement in schema:
        write.execute(statement)
    start = process_time()
    write.execute("BEGIN IMMEDIATE")
    for name, found in rows.items():
        marks = ",".join("?" * len(found[0]))
        for begin in range(0, len(found), 1000):
            write.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found[begin : begin + 1000])
    write.execute("COMMIT")
    took = process_time() - start
    write.close()
    return took


def reminding(count: int = 10_000, sleeping: int = 0) -> float:
    """Return how many due reminders are fired in a second of processor time, beside so many sleeping timers."""
    with deployment() as (application, clock, _):
        spawn(application, count)
        if sleeping:
            far = START + timedelta(days=4000)
            for begin in range(0, sleeping, 50_000):
                with application.store.write() as transaction:
                    transaction.timers.put(
                        [
                            Timer(f"none-{n}", "there", far)
                            for n in range(begin, min(begin + 50_000, sleeping))
                        ]
                    )
        with application.store.read() as transaction:
            due = transaction.timers.next_at()
        if due is None:
            raise SystemExit("no timer")
        clock.set(due)
        start = process_time()
        fired = fire_due(application).fired
        took = process_time() - start
        if fired != count:
            raise SystemExit(f"fired {fired} of {count}")
        return count / took


def scheduler_jobs(count: int = 1000) -> float:
    """Return how many due jobs APScheduler's SQL job store fires in a second of processor time at its defaults."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    with tempfile.TemporaryDirectory() as folder:
        scheduler = BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{Path(folder) / 'jobs.db'}")},
            timezone="UTC",
            job_defaults={"misfire_grace_time": None},
        )
        scheduler.start(paused=True)
        FIRED.clear()
        for number in range(count):
            scheduler.add_job(_fired, "date", run_date=datetime.now(UTC), args=[number])
        start, began = process_time(), perf_counter()
        scheduler.resume()
        while len(FIRED) < count and perf_counter() - began < 60:
            sleep(0.02)
        took = process_time() - start
        scheduler.shutdown()
    return len(FIRED) / took


FIRED: list[int] = []


def _fired(number: int) -> None:
    FIRED.append(number)


def history_curve(count: int = 200) -> dict[str, float]:
    """Return the cost of a step with 10 and with 10,000 events behind it, medians of interleaved rounds."""
    with deployment() as (application, _, _path):
        (short,) = spawn(application, 1)
        (long,) = spawn(application, 1)
        steps(application, short, 10)
        steps(application, long, 10_000)
        a: list[float] = []
        b: list[float] = []
        for uow in range(10):
            a.append(steps(application, short, count // 10, begin=10 + uow * (count // 10)))
            b.append(steps(application, long, count // 10, begin=10_000 + uow * (count // 10)))
    return {
        "short": statistics.median(a),
        "long": statistics.median(b),
        "ratio": statistics.median(b) / statistics.median(a),
    }


def measure() -> dict[str, dict[str, float]]:
    """Return everything, measured in one run."""
    peer = scheduler_jobs()
    few = max(reminding(), reminding())
    many = max(reminding(sleeping=1_000_000), reminding(sleeping=1_000_000))
    return {
        "advance": advance(),
        "spawn": spawning(),
        "reminders": {"ours_per_s": few, "apscheduler_per_s": peer, "ratio": few / peer},
        "sleepers": {"with_none_per_s": few, "with_a_million_per_s": many, "ratio": few / many},
        "history": history_curve(),
    }


def main() -> int:
    """Print the measurements; the exit code says whether every target is met."""
    # As every process of the command line does.
    gc.set_threshold(50_000, 20, 50)
    found = measure()
    lines: list[tuple[str, Callable[[], bool]]] = []
    for name, values in found.items():
        print(f"{name:10}", "  ".join(f"{key} {value:,.2f}" for key, value in values.items()))
    lines = [
        (name, lambda name=name, least=least: found[name]["ratio"] >= least)
        for name, least in TARGETS.items()
    ]
    lines += [(name, lambda name=name: found[name]["ratio"] <= 1.2) for name in ("sleepers", "history")]
    missed = [name for name, met in lines if not met()]
    print("missed: " + ", ".join(missed) if missed else "every target met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
