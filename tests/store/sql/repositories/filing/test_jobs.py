"""A job is changed by its id and by how it was seen (`tests/contract/test_contract_filing.py` holds what they do)."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from engine.app.ports.jobs import JobRecord, JobState
from engine.store.sql.repositories.filing.jobs import SET, SqlJobs


def test_a_change_says_how_the_job_was_seen() -> None:
    assert SET.binds[-4:] == ("this", "seen", "so_far", "whose")


def test_a_new_job_calls_the_daemons() -> None:
    driver: Any = SimpleNamespace(
        work=False, run=lambda statement, row: SimpleNamespace(rowcount=1), wrote=lambda table, rows: None
    )
    SqlJobs(driver).add(
        JobRecord(
            id="job-1",
            number=1,
            kind="papers",
            words={},
            pieces=("a",),
            state=JobState.QUEUED,
            made_by="p",
            made_at=datetime(2026, 3, 2, tzinfo=UTC),
        )
    )
    assert driver.work
