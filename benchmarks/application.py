"""The office on SQLite with synchronous=FULL, beside programs by hand that do the same (`benchmarks.honest`).

* ``spawn``: 100,000 child cases started by one step.
* ``reminders``: 10,000 due reminders (event, outbox, next timer each), also beside APScheduler's SQL job store.
* ``log``: what one step adds to the log of the database, among 100,000 open cases.
* ``newcomer``: a step by somebody nobody has asked about yet, among 10,000 inspectors and among ten.
* ``history`` and ``sleepers``: what a step costs with a long history, what firing costs with many sleeping timers.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.honest import schema
from benchmarks.honest import spawn as by_hand
from benchmarks.honest.advance_sqlite import Advances
from benchmarks.honest.sweep import Sweep
from benchmarks.inputs import deadlines
from benchmarks.slices import minima, rates
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.apply import start_cases
from engine.app.people.message_preferences import ARRIVED, SETTING
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
  - found: {title: 发现}
  - count: {title: 数量, type: integer, min: 0}
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
        fill(application)
        try:
            yield application, clock, path
        finally:
            store.close()


def fill(application: Application) -> None:
    """Publish the process in an office, and put its people into the registers."""
    loaded = load_files({"bureau.yaml": BUREAU, "note.yaml": FORM, "visit.yaml": WORKFLOW})
    outcome = publish(application, Caller(SYSTEM), loaded)
    if not isinstance(outcome, Published):
        raise SystemExit("\n".join(f"{p.file}:{p.line} {p.message}" for p in loaded.problems))
    people = [RegisterEntry("people", "clerk-1", "经办人01", "one", {"roles": ["clerk"]})]
    inspectors = [
        RegisterEntry("inspectors", f"insp-{n}", f"检查人员{n}", "one", {"status": "active"}) for n in (1, 2)
    ]
    import_entries(application, "people", people, SYSTEM, source="bench")
    import_entries(application, "inspectors", inspectors, SYSTEM, source="bench")
    without_arrivals(application)


def without_arrivals(application: Application) -> None:
    """Let nobody be sent word of new tasks: the programs by hand do not send it yet.

    What the product does to find out that nobody wants it is measured.
    """
    with application.store.write() as transaction:
        transaction.settings.put(SETTING, {one: {ARRIVED: "none"} for one in ("clerk-1", "insp-1", "insp-2")})


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


def spawning(count: int = 100_000, rounds: int = 3) -> dict[str, float]:
    """Return child cases per second of processor time, of the office and by hand, each in one transaction."""
    table = deadlines()
    best = [float("inf")] * 2
    # The statements of both have run once, on a deployment that is thrown away.
    for size in (2000, *[count] * rounds):
        with deployment() as (application, _, _path):
            ours = _least(partial(spawn, application, size))
        with deployment() as (application, _, path):
            application.store.close()
            connection = schema.sqlite(path)
            rows = new_by_hand(size)
            hand = _least(partial(by_hand.spawn, connection, table, START, SYSTEM, rows))
            connection.close()
        if size == count:
            best = [min(best[0], ours), min(best[1], hand)]
    return rates(best[0], best[1], count)


def _least(act: Callable[[], object]) -> float:
    return minima([act], 1)[0]


def new_by_hand(count: int) -> Iterator[dict[str, Any]]:
    """Yield what so many cases start with, as the programs by hand take it."""
    for number in range(count):
        yield {
            "title": f"示例企业{number}",
            "section": "one",
            "parent": None,
            "subject": {"id": f"E{number:08d}", "name": f"示例企业{number}", "class": "B"},
            "parties": {"inspectors": ("insp-1", "insp-2")},
        }


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


def reminding_by_hand(count: int = 10_000) -> float:
    """Return the same for the sweep by hand, with no other timers."""
    with deployment() as (application, _, path):
        spawn(application, count)
        with application.store.read() as transaction:
            due = transaction.timers.next_at()
        if due is None:
            raise SystemExit("no timer")
        application.store.close()
        connection = schema.sqlite(path)
        swept = Sweep(connection, deadlines())
        start = process_time()
        fired = swept.run(due)
        took = process_time() - start
        connection.close()
        if fired != (count, 0):
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


def reminders(rounds: int = 3) -> dict[str, float]:
    """Return due reminders per second of processor time, of the office and of APScheduler."""
    few = peer = 0.0
    for _ in range(rounds):
        few, peer = max(few, reminding()), max(peer, scheduler_jobs())
    return {"ours_per_s": few, "apscheduler_per_s": peer, "ratio": few / peer}


def reminders_by_hand(rounds: int = 4) -> dict[str, float]:
    """Return the same beside the sweep by hand."""
    few = hand = 0.0
    for _ in range(rounds):
        few, hand = max(few, reminding()), max(hand, reminding_by_hand())
    return {"ours_per_s": few, "by_hand_per_s": hand, "ratio": few / hand}


def sleepers(rounds: int = 2) -> dict[str, float]:
    """Return due reminders per second beside no sleeping timer and beside a million."""
    few = many = 0.0
    for _ in range(rounds):
        few, many = max(few, reminding()), max(many, reminding(sleeping=1_000_000))
    return {"with_none_per_s": few, "with_a_million_per_s": many, "ratio": few / many}


def log(cases: int = 100_000, count: int = 40) -> dict[str, float]:
    """Return the bytes of log one step adds among so many open cases, of the office and by hand.

    The steps are few enough for the log not to be taken into the file meanwhile; they go to cases far apart.
    """
    table = deadlines()
    with deployment() as (application, clock, path):
        connection = schema.sqlite(path)
        ids = by_hand.spawn(connection, table, START, SYSTEM, new_by_hand(cases))
        chosen = ids[7 :: cases // count][:count]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        steps(application, chosen[0], 2)
        with closing(sqlite3.connect(f"{path}.hand")) as copy:
            connection.backup(copy)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for case in chosen:
            steps(application, case, 1, begin=2)
        ours = Path(f"{path}-wal").stat().st_size
        connection.close()
        hand = Advances(f"{path}.hand", table, clock.now)
        for case in chosen[:1]:
            by_hand_steps(hand, case, 2)
        hand.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for case in chosen:
            by_hand_steps(hand, case, 1, begin=2)
        other = Path(f"{path}.hand-wal").stat().st_size
        hand.close()
    return {"ours_bytes": ours / count, "by_hand_bytes": other / count, "ratio": ours / other}


def by_hand_steps(hand: Any, case: str, count: int, begin: int = 0) -> None:
    """Take so many steps on one case, to and fro, by one of the programs by hand."""
    for number in range(begin, begin + count):
        step = "go" if number % 2 == 0 else "back"
        given = {"found": "未发现问题", "count": 2}
        hand.advance(case, step, "insp-1", given, request=f"hand-{case}-{number}")


def newcomer(many: int = 10_000, rounds: int = 12) -> dict[str, float]:
    """Return the milliseconds of a step in an office that knows nobody yet, among ten inspectors and among many."""
    with deployment() as (few, _, _), deployment() as (crowd, _, _):
        entries = [
            RegisterEntry("inspectors", f"more-{n}", f"检查人员{n}", "one", {"status": "active"})
            for n in range(many)
        ]
        import_entries(few, "inspectors", entries[:8], SYSTEM, source="bench")
        import_entries(crowd, "inspectors", entries, SYSTEM, source="bench")
        acts = []
        for application in (few, crowd):
            (case,) = spawn(application, 1)
            numbers = iter(range(rounds + 1))
            steps(application, case, 1, begin=next(numbers))

            def act(
                application: Application = application, case: str = case, numbers: Iterator[int] = numbers
            ) -> None:
                application.directory_cache = type(application.directory_cache)()
                steps(application, case, 1, begin=next(numbers))

            acts.append(act)
        least = minima(acts, rounds)
    return {"crowd_ms": 1000 * least[1], "few_ms": 1000 * least[0], "ratio": least[1] / least[0]}


#: What is measured for each line.
PARTS = {
    "spawn": spawning,
    "reminders": reminders,
    "reminders_by_hand": reminders_by_hand,
    "sleepers": sleepers,
    "log": log,
    "newcomer": newcomer,
    "history": history_curve,
}
