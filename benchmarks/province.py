"""A province in one PostgreSQL: a million cases, three million timers, ten million entries, and what acts cost on the way.

How the rows are made: one case is started and moved on nine times by the product; its rows are the pattern. The server
repeats them with other numbers, people, sections and days (250 of them), and hashes every entry anew, each chained to
the one before, so the history of every case is whole: the checker of the product reads some hundreds of them. Every
case has its own timer and two more that sleep for years. Ten thousand inspectors work in pairs, in a hundred sections.

Measured at every power of ten of cases by the wall clock (the server is another process), on the settings the server
comes with, but for `max_wal_size`: the list of one person's tasks, of a section, the tasks that are late; steps on
cases chosen at random; due reminders of cases that are started for it; a sweep with nothing due. At the full size also
a section's list with an index the product does not have, several daemons at the same due timers, a step after
10 … 10,000 entries of one history, and steps with all ten thousand inspectors in the register: before, 200 are.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import random
import re
import statistics
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from benchmarks.application import START, new, steps
from benchmarks.timers import due_cases, opened, postgresql
from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.apply import start_cases
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.timers.fire_due import fire_due
from engine.app.worklist.work_items import work_items, work_items_of
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal
from engine.lifecycle.chain import GENESIS, breaks
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.sql import open_store

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PIECE = 25_000
SECTIONS, PAIRS, DAYS, MOVES = 100, 5_000, 250, 9
#: So many pairs stand in the register while the curves are measured; all of them do at the end (``crowd``).
REGISTERED = 100
#: Targets in milliseconds.
TARGETS = {"list_ms": 50, "advance_ms": 10}

# What differs from case to case: the pattern's text, and the expression of the copy's.
_NUMBER = "lpad(n::text, 7, '0')"
_PAIR = f"(n % {PAIRS})"
MARKS = {
    "E00000000": f"'P' || {_NUMBER}",
    "示例企业0": f"'示例企业' || {_NUMBER}",
    '"insp-1"': f"'\"p-' || {_PAIR} || 'a\"'",
    '"insp-2"': f"'\"p-' || {_PAIR} || 'b\"'",
    '"section":"one"': f"'\"section\":\"s' || (n % {SECTIONS}) || '\"'",
}


def pattern(application: Application) -> dict[str, Any]:
    """Make the one true case; return its rows by table."""
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, START)
        process = application.definitions.latest(transaction, "visit")
        if process is None:
            raise SystemExit("not published")
        (case,) = start_cases(uow, process, SYSTEM, new(1)).ids
    steps(application, case, MOVES)
    with _engine(application).begin() as connection:

        def rows(query: str) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(text(query), {"case": case}).mappings()]

        found = {
            "case": rows('SELECT * FROM "case" WHERE id = :case')[0],
            "events": rows("SELECT * FROM event WHERE stream = :case ORDER BY seq"),
            "task": rows("SELECT * FROM task WHERE case_id = :case ORDER BY key")[0],
            "timer": rows("SELECT * FROM timer WHERE case_id = :case")[0],
        }
        for table, column in (
            ('"case"', "id"),
            ("event", "stream"),
            ("task", "case_id"),
            ("timer", "case_id"),
        ):
            connection.execute(text(f"DELETE FROM {table} WHERE {column} = :case"), {"case": case})
        connection.execute(text("DELETE FROM outbox"))
    return found


def register(engine: Engine, first: int, last: int) -> None:
    """Enter the inspectors of these pairs into the register."""
    people = [
        {"id": f"p-{number}{letter}", "section": f"s{number % SECTIONS}"}
        for number in range(first, last)
        for letter in "ab"
    ]
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO register_entry SELECT kind, :id, name, :section, data, changed_at"
                " FROM register_entry WHERE kind = 'inspectors' AND id = 'insp-1'"
            ),
            people,
        )
        # The server does so by itself within a minute.
        connection.execute(text("ANALYZE register_entry"))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _copied(value: str, days: dict[str, str]) -> str:
    """Return the expression of SQL that gives the copy's text for a text of the pattern."""
    marks = {**MARKS, **days}
    parts = re.split("(" + "|".join(map(re.escape, marks)) + ")", value)
    return " || ".join(marks.get(part) or _quoted(part) for part in parts if part)


def statement(rows: dict[str, Any]) -> str:
    """Return the statement that makes the cases from :first to :last, with all their rows."""
    case, events, task, timer = rows["case"], rows["events"], rows["task"], rows["timer"]
    # The deadline and the next reminder move from case to case; when things happened stays.
    days = {
        day: f"to_char(date '{day}' + 30 + (n * 7 % {DAYS}), 'YYYY-MM-DD')"
        for day in {task["due_at"][:10], task["due_on"], timer["at"][:10]}
    }
    chain, previous = "", _quoted(GENESIS)
    for event in events:
        seq, actor = event["seq"], event["actor"]
        who = _copied(f'"{actor}"', {}) if actor == "insp-1" else _quoted(f'"{actor}"')
        chained = rf"{previous} || E'\n' || id || E'\n{seq}\n{event['at']}\n' || w{seq} || E'\n{event['kind']}\n' || b{seq}"
        # OFFSET 0 keeps the server from putting the expression in, and reckoning it again, wherever it is used.
        chain += (
            f", LATERAL (SELECT trim(both '\"' from {who}) AS w{seq}, {_copied(event['body'], days)} AS b{seq} OFFSET 0) t{seq}"
            f", LATERAL (SELECT encode(sha256(convert_to({chained}, 'UTF8')), 'hex') AS h{seq} OFFSET 0) l{seq}"
        )
        previous = f"h{seq}"
    entries = ", ".join(
        f"({e['seq']}, {_quoted(e['at'])}, w{e['seq']}, {_quoted(e['kind'])}, b{e['seq']},"
        f" {_quoted(GENESIS) if e['seq'] == 1 else 'h' + str(e['seq'] - 1)}, h{e['seq']})"
        for e in events
    )
    own = {"id": "id", "section": "section", "head": previous}
    columns = ", ".join(f'"{name}"' for name in case)
    values = ", ".join(own.get(name) or _value(value, days) for name, value in case.items())
    works = {"case_id": "id", "section": "section", "key": "'p:p-' || pair || letter"}
    work = ", ".join(works.get(name) or _value(value, days) for name, value in task.items())
    return f"""
WITH made AS MATERIALIZED (
  SELECT n, 'prov-' || {_NUMBER} AS id, 's' || (n % {SECTIONS}) AS section, {_PAIR} AS pair FROM generate_series(:first, :last) AS n
), full_chain AS MATERIALIZED (SELECT * FROM made{chain}),
a AS (INSERT INTO event (stream, seq, at, actor, kind, body, previous, hash)
  SELECT id, e.* FROM full_chain, LATERAL (VALUES {entries}) AS e),
b AS (INSERT INTO "case" ({columns}) SELECT {values} FROM full_chain),
c AS (INSERT INTO task ({", ".join(task)}) SELECT {work} FROM made, (VALUES ('a'), ('b')) AS letters (letter)),
d AS (INSERT INTO timer (case_id, name, at, provisional)
  SELECT id, {_quoted(timer["name"])}, {_copied(timer["at"], days)}, false FROM made)
INSERT INTO timer (case_id, name, at, provisional)
  SELECT id, name, {_quoted(to_text(START + timedelta(days=4000)))}, false FROM made, (VALUES ('asleep-1'), ('asleep-2')) AS sleeping (name)
"""


def _value(value: Any, days: dict[str, str]) -> str:
    if isinstance(value, str):
        return _copied(value, days)
    return "NULL" if value is None else str(value).lower()


def load(engine: Engine, insert: str, first: int, last: int) -> float:
    """Make the cases from `first` up to `last`, the last not among them; return seconds."""
    began = perf_counter()

    def piece(begin: int) -> None:
        with engine.begin() as connection:
            # Nothing would be lost that is not made again; steps and sweeps are measured without this.
            connection.execute(text("SET LOCAL synchronous_commit = off"))
            connection.execute(text("SET LOCAL work_mem = '256MB'"))
            end = min(begin + PIECE, last) - 1
            # Without bound values: the texts within hold colons that would be taken for names.
            connection.exec_driver_sql(
                insert.replace(":first", str(begin)).replace(":last", str(end)).replace("%", "%%")
            )

    # Two at a time: making the rows is the server's work, and it has a process for each connection.
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(piece, range(first, last, PIECE)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    return perf_counter() - began


def whole_chains(application: Application, numbers: list[int]) -> int:
    """Check the histories of these cases as the product does; return how many entries. A broken one ends all."""
    entries = 0
    with application.store.read() as transaction:
        for number in numbers:
            events = list(transaction.events.of(_id(number)))
            broken = list(breaks(events))
            if broken or len(events) < MOVES + 1:
                raise SystemExit(f"{_id(number)}: {len(events)} entries, {broken}")
            entries += len(events)
    return entries


def _id(number: int) -> str:
    return f"prov-{number:07d}"


def _engine(application: Application) -> Engine:
    engine: Engine = application.store.engine  # type: ignore[attr-defined]
    return engine


def _median_ms(act: Callable[[], Any], times: int = 15) -> float:
    def once() -> float:
        began = perf_counter()
        act()
        return (perf_counter() - began) * 1000

    once()
    return statistics.median(once() for _ in range(times))


def asked(
    application: Application, size: int, dice: random.Random, stepped: set[int], due: int
) -> dict[str, float]:
    """Return what acts cost at this size."""
    clock = application.clock
    assert isinstance(clock, VirtualClock)
    clock.set(START + timedelta(hours=1))
    now = clock.now()

    def read(question: Callable[[Any], Any]) -> Callable[[], Any]:
        def act() -> Any:
            with application.store.read() as transaction:
                return question(transaction)

        return act

    found = {
        "list_ms": _median_ms(
            read(lambda transaction: work_items_of(transaction, f"p-{dice.randrange(REGISTERED)}a", now))
        ),
        "section_ms": _median_ms(
            read(lambda transaction: work_items(transaction, now, section=f"s{dice.randrange(SECTIONS)}")), 5
        ),
        "late_ms": _median_ms(
            read(lambda transaction: work_items(transaction, now + timedelta(days=90), overdue=True)), 5
        ),
    }
    found |= stepping(application, size, REGISTERED, dice, stepped)
    at = due_cases(application, clock, due)
    clock.set(at)
    began = perf_counter()
    fired = fire_due(application).fired
    found["reminders_per_s"] = fired / (perf_counter() - began)
    if fired < due:
        raise SystemExit(f"fired {fired} of {due}")
    began = perf_counter()
    fire_due(application)
    found["idle_sweep_ms"] = (perf_counter() - began) * 1000
    return found


def stepping(
    application: Application, size: int, pairs: int, dice: random.Random, stepped: set[int], most: int = 300
) -> dict[str, float]:
    """Return milliseconds of a step on cases of the first `pairs` pairs, median and 95 of 100; adds them to `stepped`."""
    free = [number for number in range(size) if number % PAIRS < pairs and number not in stepped]
    took = []
    for number in dice.sample(free, min(most, len(free) // 2)):
        stepped.add(number)
        began = perf_counter()
        outcome = application.advance(
            _id(number),
            "back",
            f"p-{number % PAIRS}a",
            {"found": "未发现问题", "count": 2},
            request_id=f"province-{number}",
        )
        took.append((perf_counter() - began) * 1000)
        if isinstance(outcome, Refusal):
            raise SystemExit(str(outcome))
    took.sort()
    return {
        "advance_ms": statistics.median(took),
        "advance_p95_ms": took[len(took) * 95 // 100],
        "steps": len(took),
    }


def sizes(engine: Engine) -> dict[str, float]:
    """Return bytes of the database and of its greatest tables with their indexes, and counts."""
    with engine.connect() as connection:

        def one(query: str) -> float:
            return float(connection.execute(text(query)).scalar_one())

        found = {"bytes": one("SELECT pg_database_size(current_database())")}
        for table in ("case", "event", "task", "timer"):
            found[f"{table}_bytes"] = one(f"SELECT pg_total_relation_size('\"{table}\"')")
            found[f"{table}_rows"] = one(f'SELECT count(*) FROM "{table}"')
    return found


def history(application: Application, lengths: tuple[int, ...]) -> dict[str, float]:
    """Return milliseconds of a step, median of a hundred, after so many entries of the same case."""
    clock = application.clock
    assert isinstance(clock, VirtualClock)
    clock.set(START)
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, START)
        process = application.definitions.latest(transaction, "visit")
        if process is None:
            raise SystemExit("not published")
        (case,) = start_cases(uow, process, SYSTEM, new(1)).ids
    done, found = 0, {}
    for length in lengths:
        steps(application, case, length - done, begin=done)
        found[str(length)] = statistics.median(
            steps(application, case, 1, begin=length + number) * 1000 for number in range(100)
        )
        done = length + 100
    return found


def _daemon(url: str, at: Any, ready: Barrier, fired: Any) -> None:
    gc.set_threshold(50_000, 20, 50)
    application = Application(open_store(url), VirtualClock(at), DefinitionCache(_keeping()))
    # The definitions are read before the clock runs, as in a daemon that has been up for a while.
    with application.store.read() as transaction:
        application.definitions.latest(transaction, "visit")
    ready.wait(300)
    fired.put(fire_due(application).fired)
    ready.wait(300)
    application.store.close()


def _keeping() -> DeadlineCalculator:
    return DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), START.time())


def daemons(
    application: Application, url: str, counts: tuple[int, ...] = (1, 2, 4), due: int = 10_000
) -> dict[str, float]:
    """Return reminders per second of so many daemons at the same due timers; each timer must be fired once."""
    clock = application.clock
    assert isinstance(clock, VirtualClock)
    context = multiprocessing.get_context("spawn")
    found = {}
    for count in counts:
        at = due_cases(application, clock, due)
        ready, fired = context.Barrier(count + 1), context.Queue()
        all_ = [context.Process(target=_daemon, args=(url, at, ready, fired)) for _ in range(count)]
        for one in all_:
            one.start()
        ready.wait(300)
        began = perf_counter()
        ready.wait(300)
        took = perf_counter() - began
        total = sum(fired.get(timeout=60) for _ in all_)
        for one in all_:
            one.join(60)
        if total != due:
            raise SystemExit(f"{count} daemons fired {total} of {due}")
        found[str(count)] = due / took
    return found


def measured(
    largest: int = SIZES[-1], lengths: tuple[int, ...] = (10, 100, 1_000, 10_000)
) -> Iterator[tuple[str, Any]]:
    """Yield name and figures as they come."""
    dice = random.Random(20260101)
    with postgresql() as url:
        application = opened(url, VirtualClock(START))
        try:
            with _engine(application).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ALTER SYSTEM SET max_wal_size = '4GB'"))
                connection.execute(text("SELECT pg_reload_conf()"))
            insert = statement(pattern(application))
            register(_engine(application), 0, REGISTERED)
            made, stepped = 0, set[int]()
            for size in (size for size in SIZES if size <= largest):
                seconds = load(_engine(application), insert, made, size)
                made = size
                checked = whole_chains(application, dice.sample(range(size), min(size, 500)))
                disk = sizes(_engine(application))
                found = asked(application, size, dice, stepped, due=2_000)
                yield str(size), {**found, **disk, "load_seconds": seconds, "entries_checked": checked}
            yield "daemons", daemons(application, url)
            yield "history", history(application, lengths)
            register(_engine(application), REGISTERED, PAIRS)
            yield "crowd", stepping(application, made, PAIRS, dice, stepped, most=50)
        finally:
            application.store.close()


def measure(largest: int = SIZES[-1]) -> dict[str, Any]:
    """Return everything; the greatest size also under ``full``, beside the smallest as ``least`` and the targets."""
    gc.set_threshold(50_000, 20, 50)
    found: dict[str, Any] = {}
    for name, figures in measured(largest):
        found[name] = figures
        print(name, json.dumps(figures), file=sys.stderr, flush=True)
    least, full = found[str(SIZES[0])], found[str(largest)]
    return {
        **found,
        "targets": TARGETS,
        "least": least,
        "full": {
            **full,
            "list_ratio": full["list_ms"] / TARGETS["list_ms"],
            "section_ratio": full["section_ms"] / TARGETS["list_ms"],
            "advance_ratio": full["advance_ms"] / TARGETS["advance_ms"],
            "reminders_ratio": full["reminders_per_s"] / least["reminders_per_s"],
        },
        "ratios": {
            "crowd": found["crowd"]["advance_ms"] / TARGETS["advance_ms"],
            "history": found["history"]["10000"] / found["history"]["10"],
            "daemons": found["daemons"]["2"] / found["daemons"]["1"],
        },
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]), indent=1))
