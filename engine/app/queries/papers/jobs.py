"""Jobs with how far they have come."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.records import CaseFilter
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

__all__ = ["JobRecord", "JobState", "closed_cases", "list_jobs", "papers_of_year", "show_job"]

#: More cases than any year has.
MAX_CASES = 100_000


@query("job.read")
def list_jobs(context: QueryContext) -> Sequence[JobRecord]:
    """Return the jobs the viewer may look at, oldest first."""
    return [job for job in context.transaction.jobs.all() if _is_theirs(context, job)]


@query("job.read")
def show_job(context: QueryContext, job: str) -> JobRecord | Refusal:
    """Return one job."""
    found = context.transaction.jobs.get(job)
    if found is not None and _is_theirs(context, found):
        return found
    reason = RefusalReason("job", say("没有作业“{job}”", job=job), next=NextAction("list_jobs"))
    return Refusal(None, "", (reason,))


@query("document.read")
def closed_cases(context: QueryContext, workflow: str, year: int) -> Sequence[str]:
    """Return the ids of the cases of a workflow that were closed in a year, of those the viewer lists."""
    zone = context.source.definitions.time.zone
    found = context.transaction.cases.find(CaseFilter(workflow=workflow, open=False), limit=MAX_CASES)
    return [
        case.id
        for case in found
        if case.closed_at is not None and case.closed_at.astimezone(zone).year == year and context.lists(case)
    ]


@query("document.read")
def papers_of_year(context: QueryContext, workflow: str, year: int) -> Sequence[str]:
    """Return the ids of the documents made in a year for cases of a workflow, of those the viewer lists, oldest case first."""
    zone = context.source.definitions.time.zone
    found = context.transaction.cases.find(CaseFilter(workflow=workflow), limit=MAX_CASES)
    return [
        document.id
        for case in found
        if context.lists(case)
        for document in context.transaction.records.documents(case.id)
        if document.name.endswith(".html") and document.made_at.astimezone(zone).year == year
    ]


def _is_theirs(context: QueryContext, job: JobRecord) -> bool:
    """Tell whether the viewer may look at a job: it names cases of all sections, and what failed of them."""
    return not context.limited or job.made_by == context.viewer.id
