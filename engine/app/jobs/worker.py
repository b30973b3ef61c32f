"""A worker: takes jobs and does their pieces one after the other, each only once, whatever becomes of other workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.app.ports.jobs import JobState
from engine.app.ports.store import ConflictError
from engine.language import Message

if TYPE_CHECKING:
    from engine.app.ports.jobs import JobRecord
    from engine.app.ports.store import Clock, Store

#: A worker that has given no sign for so long is taken to be gone; the next one goes on from its last piece.
CLAIM = timedelta(minutes=2)


class PieceFailed(Exception):
    """One piece of a job cannot be done; the others go on. `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


#: Does one piece of a job. It may be done again where a worker was killed: a piece that is there already is left alone.
Handler = Callable[["JobRecord", str], None]


def claim(store: Store, clock: Clock, worker: str, kinds: Mapping[str, Handler]) -> JobRecord | None:
    """Take the oldest job that nobody has, or whose worker is gone; None where there is none."""
    with store.write() as transaction:
        now = clock.now()
        for job in transaction.jobs.all():
            if job.kind not in kinds or job.over:
                continue
            if job.state is JobState.RUNNING and job.claimed_until is not None and job.claimed_until > now:
                continue
            taken = replace(job, state=JobState.RUNNING, worker=worker, claimed_until=now + CLAIM)
            try:
                transaction.jobs.set(taken, job)
            except ConflictError:
                # Another worker was quicker.
                continue
            return taken
    return None


def work(
    store: Store, clock: Clock, worker: str, kinds: Mapping[str, Handler], most: int | None = None
) -> int:
    """Do jobs until none waits, or `most` pieces are done; return how many pieces."""
    count = 0
    while (job := claim(store, clock, worker, kinds)) is not None:
        handler = kinds[job.kind]
        while job is not None and job.state is JobState.RUNNING:
            if most is not None and count >= most:
                _leave(store, job)
                return count
            if job.done < len(job.pieces):
                piece = job.pieces[job.done]
                failed = dict(job.failed)
                try:
                    handler(job, piece)
                except PieceFailed as problem:
                    failed[piece] = str(problem.message)
                count += 1
                job = _advance(store, clock, job, replace(job, done=job.done + 1, failed=failed))
            else:
                end = JobState.FAILED if job.failed else JobState.DONE
                job = _advance(store, clock, job, replace(job, state=end))
    return count


def _advance(store: Store, clock: Clock, before: JobRecord, after: JobRecord) -> JobRecord | None:
    """Store how far a job has come; None where it is no longer this worker's (cancelled, or taken over)."""
    now = clock.now()
    ended = now if after.over else None
    until = None if after.over else now + CLAIM
    after = replace(after, claimed_until=until, ended_at=ended, worker=None if after.over else after.worker)
    try:
        with store.write() as transaction:
            transaction.jobs.set(after, before)
    except ConflictError:
        return None
    return after


def _leave(store: Store, job: JobRecord) -> None:
    """Give a job back, as far as it has come."""
    try:
        with store.write() as transaction:
            transaction.jobs.set(replace(job, state=JobState.QUEUED, worker=None, claimed_until=None), job)
    except ConflictError:
        return
