"""Workers of jobs on one PostgreSQL: four beside one, with one killed and one cut off, and beside procrastinate.

Every worker is a process that writes papers as PDF; it is started before the clock is, and works on one thread. A paper
is done when a row says so, and no paper may be done twice. One and four take turns; of each the best of five counts.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from time import perf_counter, sleep
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks.papers import papers, varied
from benchmarks.timers import postgresql
from engine.app.jobs.worker import work
from engine.app.ports.jobs import JobRecord, JobState
from engine.deployment.clocks import SystemClock
from engine.store.sql import open_store

DAY = date(2026, 3, 5)
#: Papers of one round, pieces of one job, rounds.
PAPERS, PIECES, ROUNDS = 120, 10, 5
#: A worker that gives no sign for so long is taken over, in the round with faults.
LEASE = timedelta(seconds=3)


_MADE = "SSJ_BENCH_PAPERS"


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


def _worker(url: str, name: str, ready: Any, go: Any, lease: timedelta) -> None:
    writer = _Writer(url, name)
    with closing(open_store(url)) as store:
        ready.release()
        go.wait()
        while True:
            work(store, SystemClock(), name, {"papers": lambda _, piece: writer.write(piece)}, lease=lease)
            with store.read() as transaction:
                if all(job.over for job in transaction.jobs.all()):
                    return
            sleep(0.05)


def _procrastinate_worker(url: str, name: str, ready: Any, go: Any, _: timedelta) -> None:
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
    faults: Callable[[Sequence[Any]], None] | None = None,
) -> float:
    """Return the seconds in which `count` workers write all papers; each must be there once."""
    fresh = multiprocessing.get_context("spawn")
    ready, go = fresh.Semaphore(0), fresh.Event()
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS made; CREATE TABLE made (paper int PRIMARY KEY, bytes int, worker text, began timestamptz)"
        )
    queue(url)
    workers = [
        fresh.Process(target=worker, args=(url, f"w{number}", ready, go, lease)) for number in range(count)
    ]
    for process in workers:
        process.start()
    for _ in workers:
        if not ready.acquire(timeout=300):
            raise TimeoutError("a worker did not start")
    began = perf_counter()
    go.set()
    if faults is not None:
        faults(workers)
    for process in workers:
        process.join()
    took = perf_counter() - began
    with psycopg.connect(_plain(url)) as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT worker) FROM made").fetchone()
    if rows is None or rows[0] != PAPERS:
        raise AssertionError(f"{rows} of {PAPERS} papers")
    return took


def _database(url: str) -> None:
    # As much as a process is given by its surroundings.
    os.environ[_MADE] = json.dumps([html for _, html in papers()][:6])
    os.environ["RAYON_NUM_THREADS"] = "1"
    open_store(url, create=True).close()


def four() -> dict[str, float]:
    """Return papers a second by one worker and by four, in turn, the best of five of each."""
    with postgresql() as url:
        _database(url)
        taken: dict[int, list[float]] = {1: [], 4: []}
        for _ in range(ROUNDS):
            for count, times in taken.items():
                times.append(_round(url, count))
    return {
        "one_per_s": PAPERS / min(taken[1]),
        "four_per_s": PAPERS / min(taken[4]),
        "ratio": min(taken[1]) / min(taken[4]),
    }


def _kill_and_cut(workers: Sequence[Any]) -> None:
    """Kill one worker in the middle of a paper; stop another for longer than its lease, as one without a network is."""
    sleep(1)
    os.kill(workers[0].pid, signal.SIGKILL)
    os.kill(workers[1].pid, signal.SIGSTOP)
    sleep(LEASE.total_seconds() + 1)
    os.kill(workers[1].pid, signal.SIGCONT)


def faults() -> dict[str, float]:
    """Return the papers of a round in which one of four workers was killed and one cut off: all, each once."""
    with postgresql() as url:
        _database(url)
        took = _round(url, 4, lease=LEASE, faults=_kill_and_cut)
        with closing(open_store(url)) as store, store.read() as transaction:
            ended = [job.state.value for job in transaction.jobs.all()]
    if set(ended) != {"done"}:
        raise AssertionError(ended)
    return {"papers": float(PAPERS), "asked": float(PAPERS), "seconds": took, "ratio": 1.0}


def procrastinate() -> dict[str, float]:
    """Return papers a second by four workers of ours and by four of procrastinate, in turn, the best of five of each."""
    with postgresql() as url:
        _database(url)
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):
            ours.append(_round(url, 4))
            theirs.append(_round(url, 4, queue=_queue_procrastinate, worker=_procrastinate_worker))
    return {
        "ours_per_s": PAPERS / min(ours),
        "peer_per_s": PAPERS / min(theirs),
        "ratio": min(theirs) / min(ours),
    }


PARTS = {"four": four, "faults": faults, "procrastinate": procrastinate}
