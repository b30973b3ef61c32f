"""作业: heavy work handed to workers, stopped, and tried again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.app.access.command import CommandContext, command
from engine.app.ports.jobs import JobRecord, JobState
from engine.kernel.refusal import NextAction
from engine.language import say

__all__ = ["JobRecord", "JobState", "cancel_job", "queue_job", "retry_job"]

#: Pieces of one job; more become several jobs, so that several workers have something to do to the end.
MAX_PIECES = 20


def _ids(body: Sequence[str]) -> list[str]:
    return list(body)


@command("job.change", decode=_ids)
def queue_job(
    context: CommandContext, kind: str, words: Mapping[str, Any], pieces: Sequence[str]
) -> list[str]:
    """Hand work to the workers; return the ids of its jobs. It is queued together with all else this transaction does."""
    if not pieces:
        raise context.refusal("job", say("没有要办理的"))
    jobs = context.transaction.jobs
    number = jobs.last_number()
    made = []
    for start in range(0, len(pieces), MAX_PIECES):
        number += 1
        job = JobRecord(
            id=f"job-{number}",
            number=number,
            kind=kind,
            words=words,
            pieces=tuple(pieces[start : start + MAX_PIECES]),
            state=JobState.QUEUED,
            made_by=context.by,
            made_at=context.now,
        )
        jobs.add(job)
        made.append(job.id)
    context.record("job", {"jobs": made, "kind": kind, "pieces": len(pieces)})
    return made


@command("job.change", decode=JobRecord.from_json)
def cancel_job(context: CommandContext, job: str) -> JobRecord:
    """Stop a job after the piece that is being done; what is done stays."""
    found = _found(context, job)
    if found.over:
        raise context.refusal("job", say("作业“{job}”已经结束", job=job))
    after = replace(found, state=JobState.CANCELLED, worker=None, claimed_until=None, ended_at=context.now)
    context.transaction.jobs.set(after, found)
    context.record("job", {"jobs": [job], "cancelled": True})
    return after


@command("job.change", decode=JobRecord.from_json)
def retry_job(context: CommandContext, job: str) -> JobRecord:
    """Do what failed of a job once more, or the rest of one that was cancelled, as a new job."""
    found = _found(context, job)
    if not found.over:
        raise context.refusal("job", say("作业“{job}”还没有结束", job=job))
    rest = list(dict.fromkeys([*found.failed, *found.pieces[found.done :]]))
    if not rest:
        raise context.refusal("job", say("作业“{job}”没有要重试的", job=job))
    number = context.transaction.jobs.last_number() + 1
    again = JobRecord(
        id=f"job-{number}",
        number=number,
        kind=found.kind,
        words=found.words,
        pieces=tuple(rest),
        state=JobState.QUEUED,
        made_by=context.by,
        made_at=context.now,
    )
    context.transaction.jobs.add(again)
    context.record("job", {"jobs": [again.id], "again": job})
    return again


def _found(context: CommandContext, job: str) -> JobRecord:
    found = context.transaction.jobs.get(job)
    if found is None:
        raise context.refusal("job", say("没有作业“{job}”", job=job), next_action=NextAction("list_jobs"))
    return found
