"""A worker: takes jobs and does their pieces one after the other, each only once, whatever becomes of other workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.app.ports.jobs import JobState
from engine.app.ports.store import ConflictError, UnavailableError
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.jobs import JobRecord
    from engine.app.ports.store import Clock, Store

#: A worker that has given no sign for so long is taken to be gone; the next one goes on from its last piece.
CLAIM = timedelta(minutes=2)


class PieceError(Exception):
    """One piece of a job cannot be done; the others go on. `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


#: Does one piece of a job. It may be done again where a worker was killed: a piece that is there already is left alone.
Handler = Callable[["JobRecord", str], None]


def claim(
    store: Store, clock: Clock, worker: str, kinds: Mapping[str, Handler], lease: timedelta = CLAIM
) -> JobRecord | None:
    """Take the oldest job that nobody has, or whose worker is gone; None where there is none."""
    while True:
        try:
            with store.write() as transaction:
                now = clock.now()
                for job in transaction.jobs.waiting(now, list(kinds), 1):
                    taken = replace(job, state=JobState.RUNNING, worker=worker, claimed_until=now + lease)
                    transaction.jobs.set(taken, job)
                    return taken
                return None
        except ConflictError:
            # Another worker was quicker, or somebody has cancelled it: the next one, then.
            continue


def work(
    store: Store,
    clock: Clock,
    worker: str,
    kinds: Mapping[str, Handler],
    most: int | None = None,
    lease: timedelta = CLAIM,
) -> int:
    """Do jobs until none waits, or `most` pieces are done; return how many pieces.

    A worker that has given no sign for `lease` is taken to be gone. Whoever is taken over finds that out after its piece,
    and keeps nothing of it.
    """
    count = 0
    while (job := claim(store, clock, worker, kinds, lease)) is not None:
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
                except PieceError as problem:
                    failed[piece] = str(problem.message)
                except (UnavailableError, ConflictError):
                    raise
                except Exception as problem:  # noqa: BLE001 - else each worker ends here, and nothing behind is done
                    failed[piece] = str(say("程序内部出错：{kind}", kind=type(problem).__name__))
                count += 1
                after = replace(job, done=job.done + 1, failed=failed)
            else:
                after = job
            job = _advance(store, clock, job, _ended(after), lease)
    return count


def _ended(job: JobRecord) -> JobRecord:
    """Return a job with its last piece as over: one transaction stores both. One with pieces left is returned as it is."""
    if job.done < len(job.pieces):
        return job
    return replace(job, state=JobState.FAILED if job.failed else JobState.DONE)


def _advance(
    store: Store, clock: Clock, before: JobRecord, after: JobRecord, lease: timedelta
) -> JobRecord | None:
    """Store how far a job has come; None where it is no longer this worker's (cancelled, or taken over)."""
    now = clock.now()
    ended = now if after.over else None
    until = None if after.over else now + lease
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
