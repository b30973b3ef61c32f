"""The worker process is started when work waits, one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.app.ports.jobs import JobRecord, JobState
from engine.deployment.jobs.worker_process import WorkerProcess
from engine.store.memory.store import MemoryStore


def test_one_is_started_when_work_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[list[str]] = []
    ended: list[bool] = []
    process = SimpleNamespace(poll=lambda: None, terminate=lambda: ended.append(True), wait=lambda timeout: 0)

    def popen(words: list[str], **_: Any) -> Any:
        started.append(words)
        return process

    monkeypatch.setattr("engine.deployment.jobs.worker_process.subprocess.Popen", popen)
    store = MemoryStore()
    home: Any = SimpleNamespace(path=tmp_path)
    clock: Any = SimpleNamespace(now=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    worker = WorkerProcess(home, store, clock)
    assert not worker.look()
    job = JobRecord(
        id="job-1",
        number=1,
        kind="archive",
        words={},
        pieces=("a",),
        state=JobState.QUEUED,
        made_by="p",
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    with store.write() as transaction:
        transaction.jobs.add(job)
        # One that another worker is at starts none.
        held = datetime(2026, 3, 2, 0, 1, tzinfo=UTC)
        running = replace(job, state=JobState.RUNNING, worker="w", claimed_until=held)
        transaction.jobs.set(running, job)
    assert not worker.look()
    with store.write() as transaction:
        transaction.jobs.set(job, running)
    assert worker.look()
    assert not worker.look()
    assert started[0][1:] == ["-m", "engine", "--home", str(tmp_path), "job", "work", "--most", "200"]
    worker.close()
    assert ended == [True]
