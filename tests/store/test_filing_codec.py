"""Rows of signatures, retention and jobs come back as they were (`tests/contract/test_contract_filing.py` holds the rest)."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.ports.jobs import JobRecord, JobState
from engine.store.filing_codec import job_of, job_row, progress_row

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_what_changes_of_a_job_is_the_end_of_its_row() -> None:
    job = JobRecord(
        id="job-1",
        number=1,
        kind="a",
        words={},
        pieces=("x",),
        state=JobState.DONE,
        made_by="p",
        made_at=NOON,
    )
    assert job_of(job_row(job)) == job
    assert job_row(job)[-6:] == progress_row(job)
