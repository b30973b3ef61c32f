"""Jobs and what a year has closed, as they are listed (`tests/cli/records/test_job.py` holds the rest)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bureau_of_sections import open_sections

from engine.app.ports.jobs import JobRecord, JobState
from engine.app.queries.papers.jobs import closed_cases, list_jobs, papers_of_year, show_job
from engine.kernel.refusal import Refusal

AT = datetime(2026, 3, 2, tzinfo=UTC)


def test_what_there_is_not() -> None:
    opened = open_sections()
    assert list_jobs(opened.services, "anna") == []
    assert isinstance(show_job(opened.services, "anna", "job-1"), Refusal)
    assert closed_cases(opened.services, "anna", "errand", 2026) == []
    assert isinstance(list_jobs(opened.services, "nobody"), Refusal)


def test_jobs_of_all_sections_are_for_those_who_see_all_and_for_whoever_made_them() -> None:
    opened = open_sections()
    made = JobRecord(
        id="job-1",
        number=1,
        kind="archives",
        words={},
        pieces=("errand-1",),
        state=JobState.QUEUED,
        made_by="anna",
        made_at=AT,
    )
    with opened.services.store.write() as transaction:
        transaction.jobs.add(made)
    for person, sees in (("lena", True), ("anna", True), ("bela", False)):
        assert (list_jobs(opened.services, person) == [made]) is sees, person
        assert (show_job(opened.services, person, "job-1") == made) is sees, person


def test_the_papers_of_a_year_are_those_of_the_cases_one_lists() -> None:
    opened = open_sections()
    with opened.services.store.write() as transaction:
        (made,) = transaction.records.documents(opened.case)
        for number, name, year in ((2, "附件.pdf", 2024), (3, "旧.html", 2023)):
            at = made.made_at.replace(year=year)
            other = replace(made, id=f"{opened.case}/{number}", name=name, made_at=at)
            transaction.records.put_document(other)
    assert papers_of_year(opened.services, "anna", "errand", 2024) == [f"{opened.case}/1"]
    assert papers_of_year(opened.services, "anna", "errand", 2023) == [f"{opened.case}/3"]
    assert papers_of_year(opened.services, "bela", "errand", 2024) == []
    assert papers_of_year(opened.services, "anna", "nothing", 2024) == []
