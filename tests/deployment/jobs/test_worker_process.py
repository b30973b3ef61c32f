"""A worker process is started for each kind of which work waits, one at a time of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.app.ports.jobs import JobRecord, JobState
from engine.deployment.jobs.worker_process import WorkerProcesses
from engine.store.memory.store import MemoryStore

NOON = datetime(2026, 3, 2, tzinfo=UTC)


def job(number: int, kind: str) -> JobRecord:
    return JobRecord(
        id=f"job-{number}",
        number=number,
        kind=kind,
        words={},
        pieces=("a",),
        state=JobState.QUEUED,
        made_by="p",
        made_at=NOON,
    )


def test_one_of_each_kind_is_started_when_work_of_it_waits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[list[str]] = []
    ended: list[bool] = []
    over: list[int] = []
    process = SimpleNamespace(
        poll=lambda: over[0] if over else None,
        terminate=lambda: ended.append(True),
        wait=lambda timeout: 0,
    )

    def popen(words: list[str], **_: Any) -> Any:
        started.append(words)
        return process

    monkeypatch.setattr("engine.deployment.jobs.worker_process.subprocess.Popen", popen)
    store = MemoryStore()
    home: Any = SimpleNamespace(path=tmp_path)
    clock: Any = SimpleNamespace(now=lambda: NOON)
    workers = WorkerProcesses(home, store, clock)
    assert workers.look() == []
    archive = job(1, "archive")
    # One that another worker is at starts none.
    running = replace(
        archive, state=JobState.RUNNING, worker="w", claimed_until=datetime(2026, 3, 2, 0, 1, tzinfo=UTC)
    )
    with store.write() as transaction:
        transaction.jobs.add(archive)
        transaction.jobs.set(running, archive)
    assert workers.look() == []
    with store.write() as transaction:
        transaction.jobs.set(archive, running)
    assert workers.look() == ["archive"]
    assert workers.look() == []
    # Papers do not wait for the packages of a year.
    with store.write() as transaction:
        transaction.jobs.add(job(2, "papers"))
    assert workers.look() == ["papers"]
    assert workers.look() == []
    assert [words[1:] for words in started] == [
        ["-m", "engine", "--home", str(tmp_path), "job", "work", "--kind", kind]
        for kind in ("archive", "papers")
    ]
    over.append(0)
    assert workers.look() == ["archive", "papers"]
    over.clear()
    workers.close()
    assert ended == [True, True]
