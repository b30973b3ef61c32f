"""Jobs in memory keep what was asked for (`tests/contract/test_contract_filing.py` holds what they do)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.app.ports.jobs import JobRecord, JobState
from engine.store.memory.jobs import MemoryJobs
from engine.store.memory.undo_log import UndoLog


def test_progress_changes_nothing_of_what_was_asked_for() -> None:
    undo_log = UndoLog()
    undo_log.open = True
    jobs = MemoryJobs(undo_log)
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    job = JobRecord(
        id="job-1",
        number=1,
        kind="a",
        words={},
        pieces=("x",),
        state=JobState.QUEUED,
        made_by="p",
        made_at=at,
    )
    jobs.add(job)
    jobs.set(replace(job, pieces=(), done=1), job)
    found = jobs.get("job-1")
    assert found is not None
    assert (found.pieces, found.done) == (("x",), 1)
