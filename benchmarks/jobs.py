"""Workers of jobs on one PostgreSQL: four beside one, with one killed and one cut off, and beside procrastinate.

Every worker is a process that writes papers as PDF; it is started before the clock is, works on one thread, and has a
network namespace of its own where one may be made. A paper is done when a row says so; each time one is written is
counted too. One and four take turns; of each the best of five counts. The clock stops when the last paper is there and
a worker has seen that nothing is left: the end of a process, which is no work of a job, takes four of them half a second
on two cores. What it is with that half second stands beside it. A worker is idle while a job waits where it saw a
job that nobody had, slept, and then took that job: that is counted.

Papers a second say nothing on a machine others work on. The processor time does: that of all workers and of the server
for one round. What two cores can do is twice what one does in the same time, so that the gain of four workers is twice
the time of one over that of four, as long as no worker sleeps while a job waits.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from time import perf_counter, process_time, sleep
from typing import Any

import psycopg

from benchmarks.papers import papers, varied
from benchmarks.slices import Meter, family
from benchmarks.timers import plain, postgresql, postmaster
from benchmarks.ways import Way, enter, ways
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


class _Writer:
    """Writes one paper after the other, and notes each in a row."""

    def __init__(self, url: str, name: str) -> None:
        from engine.documents.paper.formats import written

        self._written = written
        # Read in the first process and handed on: it takes longer than a round.
        self._made = json.loads(os.environ[_MADE])
        self._name = name
        self._rows = psycopg.connect(plain(url), autocommit=True)
        # Fonts are read before the clock starts.
        self._written(self._made[0].encode(), ".pdf", DAY)
        self._began = process_time()

    def write(self, piece: str) -> None:
        """Write a paper; once it is there a second one is left alone."""
        number = int(piece)
        self._rows.execute("INSERT INTO tried VALUES (%s, %s)", (number, self._name))
        content = self._written(varied(self._made[number % len(self._made)], number).encode(), ".pdf", DAY)
        self._rows.execute(
            "INSERT INTO made (paper, bytes, worker, began) VALUES (%s, %s, %s, clock_timestamp()) ON CONFLICT (paper) DO NOTHING",
            (number, len(content), self._name),
        )

    def ended(self) -> None:
        """Note that this worker found nothing left, and the processor time it took since it was ready."""
        self._rows.execute(
            "INSERT INTO spent VALUES (%s, clock_timestamp())", (process_time() - self._began,)
        )

    def idle(self, job: str) -> None:
        """Note that this worker slept while a job waited that it takes now."""
        self._rows.execute("INSERT INTO idle VALUES (%s, %s)", (job, self._name))


def _worker(
    url: str, namespace: str | None, name: str, ready: Any, go: Any, lease: timedelta, plain_url: str
) -> None:
    enter(namespace)
    writer = _Writer(plain_url, name)
    clock = SystemClock()
    left: set[str] = set()

    def write(job: JobRecord, piece: str) -> None:
        if job.id in left:
            writer.idle(job.id)
            left.clear()
        writer.write(piece)

    with closing(open_store(url)) as store:
        # What is imported and compiled for the first job of a process is so before the clock starts: each of four does it.
        work(store, clock, name, {"nothing": write})
        ready.release()
        go.wait()
        while True:
            try:
                work(store, clock, name, {"papers": write}, lease=lease)
                with store.read() as transaction:
                    if all(job.over for job in transaction.jobs.all()):
                        writer.ended()
                        return
                    left = {job.id for job in transaction.jobs.waiting(clock.now(), ["papers"], PAPERS)}
            except UnavailableError:
                # Cut off from the database: it tries again, as the next process of a daemon does.
                left = set()
            sleep(0.05)


def _procrastinate_worker(
    url: str, namespace: str | None, name: str, ready: Any, go: Any, _: timedelta, plain_url: str
) -> None:
    from procrastinate import App, PsycopgConnector

    enter(namespace)
    writer = _Writer(plain_url, name)
    app = App(connector=PsycopgConnector(conninfo=plain(url)))

    async def paper(piece: str) -> None:
        writer.write(piece)

    app.task(name="paper")(paper)

    async def run() -> None:
        async with app.open_async():
            ready.release()
            await asyncio.to_thread(go.wait)
            await app.run_worker_async(wait=False, concurrency=1, install_signal_handlers=False)

    asyncio.run(run())
    writer.ended()


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

    app = App(connector=SyncPsycopgConnector(conninfo=plain(url)))
    with app.open():
        with psycopg.connect(plain(url)) as connection:
            there = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if there is None or there[0] is None:
            app.schema_manager.apply_schema()
        task = app.configure_task("paper")
        for paper in range(PAPERS):
            task.defer(piece=str(paper))


@dataclass(frozen=True, slots=True)
class _Round:
    """What a round took and what was seen in it."""

    #: Seconds on the wall until the last paper was there and a worker had seen that nothing is left; until the last
    #: process was gone; seconds of processor time of the workers that ended and of the server.
    took: float
    gone: float
    spent: float
    #: How often a worker slept while a job waited; papers that were written once more than asked for.
    idle: int
    again: int
    #: Workers in a network namespace of their own.
    apart: int


def _round(
    url: str,
    count: int,
    *,
    queue: Callable[[str], None] = _queue,
    worker: Callable[..., None] = _worker,
    lease: timedelta = timedelta(minutes=2),
    faults: Callable[[Sequence[Any], Way], None] | None = None,
) -> _Round:
    """Let `count` workers write all papers; each must be there. `faults` is given the workers and the way of the second."""
    fresh = multiprocessing.get_context("spawn")
    ready, go = fresh.Semaphore(0), fresh.Event()
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS made; CREATE TABLE made (paper int PRIMARY KEY, bytes int, worker text, began timestamptz);"
            "DROP TABLE IF EXISTS tried; CREATE TABLE tried (paper int, worker text);"
            "DROP TABLE IF EXISTS spent; CREATE TABLE spent (seconds float8, at timestamptz);"
            "DROP TABLE IF EXISTS idle; CREATE TABLE idle (job text, worker text)"
        )
    queue(url)
    server = postmaster(url)
    meter = Meter(lambda: family(server))
    with ways(url, count) as made:
        workers = [
            fresh.Process(target=worker, args=(way.url, way.namespace, f"w{number}", ready, go, lease, url))
            for number, way in enumerate(made)
        ]
        for process in workers:
            process.start()
        for _ in workers:
            if not ready.acquire(timeout=300):
                raise TimeoutError("a worker did not start")
        before, began, started = meter(), perf_counter(), datetime.now(UTC)
        go.set()
        if faults is not None:
            faults(workers, made[1])
        while any(process.is_alive() for process in workers):
            # Of what ends meanwhile only the time until the last look is known.
            meter()
            workers[-1].join(0.05)
        gone, server_spent = perf_counter() - began, meter() - before
        apart = sum(way.namespace is not None for way in made)
    with psycopg.connect(plain(url)) as connection:
        rows = connection.execute(
            "SELECT count(*), (SELECT count(*) FROM idle), (SELECT count(*) FROM tried), (SELECT sum(seconds) FROM spent),"
            " greatest(max(began), (SELECT min(at) FROM spent)) FROM made"
        ).fetchone()
    if rows is None or rows[0] != PAPERS:
        raise AssertionError(f"{rows} of {PAPERS} papers")
    took = (rows[4] - started).total_seconds()
    return _Round(took, gone, server_spent + rows[3], rows[1], rows[2] - PAPERS, apart)


def _database(url: str) -> None:
    # As much as a process is given by its surroundings.
    os.environ[_MADE] = json.dumps([html for _, html in papers()][:6])
    os.environ["RAYON_NUM_THREADS"] = "1"
    open_store(url, create=True).close()


def four() -> dict[str, float]:
    """Return papers a second by one worker and by four, in turn, the best of five of each; and what does not hang on the wall.

    That is the processor time of a round of each, how often one of four was idle, and papers written more than once.
    """
    with postgresql() as url:
        _database(url)
        rounds: dict[int, list[_Round]] = {1: [], 4: []}
        for _ in range(ROUNDS):
            for count, found in rounds.items():
                found.append(_round(url, count))
    one, all_four = (min(found.took for found in rounds[count]) for count in (1, 4))
    one_gone, four_gone = (min(found.gone for found in rounds[count]) for count in (1, 4))
    one_spent, four_spent = (min(found.spent for found in rounds[count]) for count in (1, 4))
    return {
        "one_per_s": PAPERS / one,
        "four_per_s": PAPERS / all_four,
        "ratio": one / all_four,
        "one_until_gone_per_s": PAPERS / one_gone,
        "four_until_gone_per_s": PAPERS / four_gone,
        "ratio_until_processes_are_gone": one_gone / four_gone,
        "one_cpu_s": one_spent,
        "four_cpu_s": four_spent,
        "two_cores": 2 * one_spent / four_spent,
        "one_core": 1.0,
        "idle": float(sum(found.idle for found in rounds[4])),
        "again": float(sum(found.again for both in rounds.values() for found in both)),
        "apart": float(min(found.apart for found in rounds[4])),
        "none": 0.0,
    }


def _kill_and_cut(url: str, workers: Sequence[Any], way: Way) -> None:
    """Kill one worker when a third of the papers are there; cut another off from the server for longer than its lease."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        while connection.execute("SELECT count(*) < %s FROM made", (PAPERS // 3,)).fetchone() == (True,):
            sleep(0.02)
    os.kill(workers[0].pid, signal.SIGKILL)
    way.cut()
    sleep(LEASE.total_seconds() + 1)
    way.join()


def faults() -> dict[str, float]:
    """Return the papers of a round in which one of four workers was killed and one cut off: all, each once.

    `again` is how many papers were begun once more: the one each of the two was at, and no other.
    """
    with postgresql() as url:
        _database(url)
        found = _round(url, 4, lease=LEASE, faults=partial(_kill_and_cut, url))
        with closing(open_store(url)) as store, store.read() as transaction:
            ended = [job.state.value for job in transaction.jobs.all()]
    # What the two had was left in the middle: it was done only when their lease was over.
    if set(ended) != {"done"} or found.again > 2 or found.took < LEASE.total_seconds():
        raise AssertionError((ended, found))
    return {
        "papers": float(PAPERS),
        "asked": float(PAPERS),
        "seconds": found.took,
        "idle": float(found.idle),
        "again": float(found.again),
        "apart": float(found.apart),
        "ratio": 1.0,
    }


def procrastinate() -> dict[str, float]:
    """Return papers a second by four workers of ours and by four of procrastinate, in turn, the best of five of each."""
    with postgresql() as url:
        _database(url)
        ours: list[_Round] = []
        theirs: list[_Round] = []
        for _ in range(ROUNDS):
            ours.append(_round(url, 4))
            theirs.append(_round(url, 4, queue=_queue_procrastinate, worker=_procrastinate_worker))
    here, there = (min(found.took for found in both) for both in (ours, theirs))
    spent, other = (min(found.spent for found in both) for both in (ours, theirs))
    return {
        "ours_per_s": PAPERS / here,
        "peer_per_s": PAPERS / there,
        "ratio": there / here,
        "ours_cpu_s": spent,
        "peer_cpu_s": other,
        "cpu_ratio": other / spent,
    }


PARTS = {"four": four, "faults": faults, "procrastinate": procrastinate}
