"""Workers of jobs on one PostgreSQL: four beside one, with one killed and one cut off, and beside procrastinate.

Every worker is a process that writes papers as PDF; it is started before the clock is, and works on one thread. A paper
is done when a row says so, and no paper may be done twice. One and four take turns; of each the best of five counts. A
worker is idle while a job waits where it saw a job that nobody had, slept, and then took that job: that is counted.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks.papers import papers, varied
from benchmarks.timers import postgresql
from engine.app.jobs.worker import work
from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.store import UnavailableError
from engine.deployment.clocks import SystemClock
from engine.store.sql import open_store

DAY = date(2026, 3, 5)
#: Papers of one round, pieces of one job, rounds.
PAPERS, PIECES, ROUNDS = 120, 10, 5
#: A worker that gives no sign for so long is taken over, in the round with faults.
LEASE = timedelta(seconds=3)


_MADE = "SSJ_BENCH_PAPERS"
#: The name PostgreSQL gives its socket.
_SOCKET = ".s.PGSQL.5432"


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class _Writer:
    """Writes one paper after the other, and notes each in a row."""

    def __init__(self, url: str, name: str) -> None:
        from engine.documents.paper.formats import written

        self._written = written
        # Read in the first process and handed on: it takes longer than a round.
        self._made = json.loads(os.environ[_MADE])
        self._name = name
        self._rows = psycopg.connect(_plain(url), autocommit=True)
        # Fonts are read before the clock starts.
        self._written(self._made[0].encode(), ".pdf", DAY)

    def write(self, piece: str) -> None:
        """Write a paper; once it is there a second one is left alone."""
        number = int(piece)
        content = self._written(varied(self._made[number % len(self._made)], number).encode(), ".pdf", DAY)
        self._rows.execute(
            "INSERT INTO made (paper, bytes, worker, began) VALUES (%s, %s, %s, clock_timestamp()) ON CONFLICT (paper) DO NOTHING",
            (number, len(content), self._name),
        )

    def idle(self, job: str) -> None:
        """Note that this worker slept while a job waited that it takes now."""
        self._rows.execute("INSERT INTO idle VALUES (%s, %s)", (job, self._name))


class _Line:
    """The way of one worker to the server, through a socket of its own, which can be cut and joined again."""

    def __init__(self, url: str, folder: Path) -> None:
        self._there = str(Path(str(make_url(url).query["host"])) / _SOCKET)
        self.url = str(make_url(url).set(query={"host": str(folder)}).render_as_string(hide_password=False))
        self._joined = threading.Event()
        self._joined.set()
        self._both: list[socket.socket] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / _SOCKET))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through any more, and nobody in."""
        self._joined.clear()
        for one in self._both:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Let everything through again."""
        self._joined.set()

    def close(self) -> None:
        """Cut it for good."""
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            if not self._joined.is_set():
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(self._there)
            self._both += (here, there)
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while found := one.recv(65536):
                other.sendall(found)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


def _worker(url: str, name: str, ready: Any, go: Any, lease: timedelta, plain_url: str) -> None:
    writer = _Writer(plain_url, name)
    clock = SystemClock()
    left: set[str] = set()

    def write(job: JobRecord, piece: str) -> None:
        if job.id in left:
            writer.idle(job.id)
            left.clear()
        writer.write(piece)

    with closing(open_store(url)) as store:
        ready.release()
        go.wait()
        while True:
            try:
                work(store, clock, name, {"papers": write}, lease=lease)
                with store.read() as transaction:
                    if all(job.over for job in transaction.jobs.all()):
                        return
                    left = {job.id for job in transaction.jobs.waiting(clock.now(), ["papers"], PAPERS)}
            except UnavailableError:
                # Cut off from the database: it tries again, as the next process of a daemon does.
                left = set()
            sleep(0.05)


def _procrastinate_worker(url: str, name: str, ready: Any, go: Any, _: timedelta, __: str) -> None:
    from procrastinate import App, PsycopgConnector

    writer = _Writer(url, name)
    app = App(connector=PsycopgConnector(conninfo=_plain(url)))

    async def paper(piece: str) -> None:
        writer.write(piece)

    app.task(name="paper")(paper)

    async def run() -> None:
        async with app.open_async():
            ready.release()
            await asyncio.to_thread(go.wait)
            await app.run_worker_async(wait=False, concurrency=1, install_signal_handlers=False)

    asyncio.run(run())


def _queue(url: str) -> None:
    with closing(open_store(url)) as store, store.write() as transaction:
        first = transaction.jobs.last_number() + 1
        for number, start in enumerate(range(0, PAPERS, PIECES), first):
            pieces = tuple(str(paper) for paper in range(start, min(PAPERS, start + PIECES)))
            transaction.jobs.add(
                JobRecord(
                    id=f"job-{number}",
                    number=number,
                    kind="papers",
                    words={},
                    pieces=pieces,
                    state=JobState.QUEUED,
                    made_by="p",
                    made_at=datetime.now(UTC),
                )
            )


def _queue_procrastinate(url: str) -> None:
    from procrastinate import App, SyncPsycopgConnector

    app = App(connector=SyncPsycopgConnector(conninfo=_plain(url)))
    with app.open():
        with psycopg.connect(_plain(url)) as connection:
            there = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if there is None or there[0] is None:
            app.schema_manager.apply_schema()
        task = app.configure_task("paper")
        for paper in range(PAPERS):
            task.defer(piece=str(paper))


def _round(
    url: str,
    count: int,
    *,
    queue: Callable[[str], None] = _queue,
    worker: Callable[..., None] = _worker,
    lease: timedelta = timedelta(minutes=2),
    faults: Callable[[Sequence[Any], _Line], None] | None = None,
) -> tuple[float, int]:
    """Return the seconds in which `count` workers write all papers, and how often one slept while a job waited.

    Each paper must be there once. With `faults` the second worker reaches the server by a line that can be cut.
    """
    fresh = multiprocessing.get_context("spawn")
    ready, go = fresh.Semaphore(0), fresh.Event()
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS made; CREATE TABLE made (paper int PRIMARY KEY, bytes int, worker text, began timestamptz);"
            "DROP TABLE IF EXISTS idle; CREATE TABLE idle (job text, worker text)"
        )
    queue(url)
    folder = tempfile.TemporaryDirectory()
    line = _Line(url, Path(folder.name)) if faults is not None else None
    ways = [line.url if line is not None and number == 1 else url for number in range(count)]
    workers = [
        fresh.Process(target=worker, args=(way, f"w{number}", ready, go, lease, url))
        for number, way in enumerate(ways)
    ]
    for process in workers:
        process.start()
    for _ in workers:
        if not ready.acquire(timeout=300):
            raise TimeoutError("a worker did not start")
    began = perf_counter()
    go.set()
    if faults is not None and line is not None:
        faults(workers, line)
    for process in workers:
        process.join()
    took = perf_counter() - began
    if line is not None:
        line.close()
    folder.cleanup()
    with psycopg.connect(_plain(url)) as connection:
        rows = connection.execute("SELECT count(*), (SELECT count(*) FROM idle) FROM made").fetchone()
    if rows is None or rows[0] != PAPERS:
        raise AssertionError(f"{rows} of {PAPERS} papers")
    return took, rows[1]


def _database(url: str) -> None:
    # As much as a process is given by its surroundings.
    os.environ[_MADE] = json.dumps([html for _, html in papers()][:6])
    os.environ["RAYON_NUM_THREADS"] = "1"
    open_store(url, create=True).close()


def four() -> dict[str, float]:
    """Return papers a second by one worker and by four, in turn, the best of five of each; how often one of four was idle."""
    idle = 0
    with postgresql() as url:
        _database(url)
        taken: dict[int, list[float]] = {1: [], 4: []}
        for _ in range(ROUNDS):
            for count, times in taken.items():
                took, slept = _round(url, count)
                times.append(took)
                idle += slept
    return {
        "one_per_s": PAPERS / min(taken[1]),
        "four_per_s": PAPERS / min(taken[4]),
        "ratio": min(taken[1]) / min(taken[4]),
        "idle": float(idle),
        "none": 0.0,
    }


def _kill_and_cut(workers: Sequence[Any], line: _Line) -> None:
    """Kill one worker in the middle of a paper; cut another off from the server for longer than its lease."""
    sleep(1)
    os.kill(workers[0].pid, signal.SIGKILL)
    line.cut()
    sleep(LEASE.total_seconds() + 1)
    line.join()


def faults() -> dict[str, float]:
    """Return the papers of a round in which one of four workers was killed and one cut off: all, each once."""
    with postgresql() as url:
        _database(url)
        took, idle = _round(url, 4, lease=LEASE, faults=_kill_and_cut)
        with closing(open_store(url)) as store, store.read() as transaction:
            ended = [job.state.value for job in transaction.jobs.all()]
    if set(ended) != {"done"}:
        raise AssertionError(ended)
    return {
        "papers": float(PAPERS),
        "asked": float(PAPERS),
        "seconds": took,
        "idle": float(idle),
        "ratio": 1.0,
    }


def procrastinate() -> dict[str, float]:
    """Return papers a second by four workers of ours and by four of procrastinate, in turn, the best of five of each."""
    with postgresql() as url:
        _database(url)
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):
            ours.append(_round(url, 4)[0])
            theirs.append(_round(url, 4, queue=_queue_procrastinate, worker=_procrastinate_worker)[0])
    return {
        "ours_per_s": PAPERS / min(ours),
        "peer_per_s": PAPERS / min(theirs),
        "ratio": min(theirs) / min(ours),
    }


PARTS = {"four": four, "faults": faults, "procrastinate": procrastinate}
