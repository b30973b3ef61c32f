"""On a database of one file a job begins as soon as it is committed, whoever committed it; no sweep is waited for."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from command_fixtures import done
from sqlalchemy.exc import SQLAlchemyError

from engine.app.commands import Caller
from engine.app.commands.papers.jobs import queue_job
from engine.app.delivery.deliver import Retry
from engine.app.ports.jobs import JobState
from engine.app.ports.store import Store, UnavailableError
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.deployment.jobs import commit_watch
from engine.deployment.jobs.commit_watch import CommitWatch
from engine.deployment.open import open_application
from engine.store.memory.store import MemoryStore
from engine.store.sql import open_store
from tests.hung_run import HUNG, until


def has_looked(looks: Sequence[object], times: int) -> bool:
    return len(looks) >= times


@contextmanager
def watching(
    store: Store, look: Callable[[], object], ended: Callable[[], bool] = lambda: False
) -> Iterator[list[Exception]]:
    failed: list[Exception] = []
    watch = CommitWatch(store, look, ended, failed.append, seconds=0.01)
    watch.start()
    try:
        yield failed
    finally:
        watch.end()


def test_every_commit_of_another_process_is_noticed_and_nothing_else(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with closing(open_store(url, create=True)) as store, closing(open_store(url)) as other:
        looks: list[datetime] = []
        with watching(store, lambda: looks.append(datetime.now(UTC))) as failed:
            until(lambda: len(looks) == 1)
            time.sleep(0.1)
            assert len(looks) == 1
            for number in (2, 3):
                with other.write() as transaction:
                    transaction.settings.put("a", number)
                until(partial(has_looked, looks, number))
            # A look reads: it wakes nobody.
            with other.read() as transaction:
                transaction.jobs.all()
            time.sleep(0.1)
            assert len(looks) == 3
        assert failed == []


def test_work_that_came_while_a_worker_ended_is_looked_for() -> None:
    looked = threading.Event()
    with watching(MemoryStore(), looked.set, ended=lambda: not looked.is_set()):
        assert looked.wait(HUNG)


@pytest.mark.parametrize("kind", [OSError, sqlite3.OperationalError, UnavailableError, SQLAlchemyError])
def test_an_error_is_told_and_the_watch_goes_on(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit_watch, "_AGAIN", 0.01)
    calls: list[int] = []

    def look() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise kind

    with watching(MemoryStore(), look, ended=lambda: len(calls) < 2) as failed:
        until(lambda: len(calls) == 2)
    assert [type(one) for one in failed] == [kind]


def test_a_job_is_done_without_a_sweep(tmp_path: Path) -> None:
    """The daemon is not asked to sweep at all; another process queues the job."""
    home = tmp_path / "bureau"
    done("init", home, "--sample")
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    found = find_home(str(home))
    tasks = DeploymentTasks(found, Retry((1, 5), 15), beat_every=timedelta(seconds=10))
    try:
        tasks.stand(lambda: None, lambda: None)
        application = open_application(found)
        try:
            words = {"folder": str(tmp_path / "out"), "for": "office"}
            queue_job(application, Caller("leading"), "archive", words, ["batch-1"])

            def over() -> bool:
                with application.store.read() as transaction:
                    return all(job.over for job in transaction.jobs.all())

            until(over)
            with application.store.read() as transaction:
                assert [job.state for job in transaction.jobs.all()] == [JobState.DONE]
        finally:
            application.store.close()
        assert (tmp_path / "out" / "batch-1.zip").is_file()
        tasks.halt()
    finally:
        tasks.close()
