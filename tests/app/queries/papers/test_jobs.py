"""Jobs and what a year has closed, as they are listed (`tests/cli/records/test_job.py` holds the rest)."""

from __future__ import annotations

from bureau_of_sections import open_sections

from engine.app.queries.papers.jobs import closed_cases, list_jobs, show_job
from engine.kernel.refusal import Refusal


def test_what_there_is_not() -> None:
    opened = open_sections()
    assert list_jobs(opened.services, "anna") == []
    assert isinstance(show_job(opened.services, "anna", "job-1"), Refusal)
    assert closed_cases(opened.services, "anna", "errand", 2026) == []
    assert isinstance(list_jobs(opened.services, "nobody"), Refusal)
