"""A job is kept as it was, and is over once no worker has anything to do with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.app.ports.jobs import JobRecord, JobState

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
JOB = JobRecord(
    id="j-1",
    number=1,
    kind="papers",
    words={"year": 2026},
    pieces=["a", "b"],
    state=JobState.RUNNING,
    made_by="anna",
    made_at=NOW,
    done=1,
    failed={"a": "no paper"},
    worker="w-1",
    claimed_until=NOW + timedelta(minutes=1),
)


def test_a_job_is_read_as_it_was_written() -> None:
    assert JobRecord.from_json(JOB.as_json()) == JOB
    ended = replace(JOB, state=JobState.DONE, worker=None, claimed_until=None, ended_at=NOW)
    assert JobRecord.from_json(ended.as_json()) == ended
    assert (JOB.as_json()["state"], JOB.as_json()["ended_at"]) == ("running", None)


def test_a_job_is_over_when_it_was_done_failed_or_was_cancelled() -> None:
    over = {state for state in JobState if replace(JOB, state=state).over}
    assert over == {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
