"""Jobs in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.store import ConflictError
from engine.store import filing_codec
from engine.store.memory.undo_log import MemoryTable, UndoLog


class MemoryJobs:
    """`engine.app.ports.jobs.Jobs`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._rows: MemoryTable[str, JobRecord] = MemoryTable(
            undo_log, table="job", row=lambda _, job: filing_codec.job_row(job)
        )

    def add(self, job: JobRecord) -> None:
        """Store a new job. Raises ConflictError where its id is taken."""
        if self._rows.get(job.id) is not None:
            raise ConflictError(job.id)
        self._rows.put(job.id, filing_codec.job_of(filing_codec.job_row(job)))

    def get(self, job_id: str) -> JobRecord | None:
        """Return a job by its id."""
        return self._rows.get(job_id)

    def all(self) -> list[JobRecord]:
        """Return all jobs, oldest first."""
        return sorted(self._rows.rows.values(), key=lambda job: job.number)

    def waiting(
        self, now: datetime, kinds: Collection[str], limit: int, worker: str | None = None
    ) -> list[JobRecord]:
        """Return the oldest jobs of `kinds` that no worker has, or `worker`, or whose worker has given no sign until `now`."""
        of_kinds = (job for job in self.all() if job.kind in kinds)
        return [job for job in of_kinds if job.state is JobState.QUEUED or _left(job, now, worker)][:limit]

    def last_number(self) -> int:
        """Return the number of the newest job; 0 where there is none."""
        return max((job.number for job in self._rows.rows.values()), default=0)

    def set(self, job: JobRecord, before: JobRecord) -> None:
        """Store a job as it is now. Raises ConflictError where it is no longer as `before` says."""
        there = self._rows.get(job.id)
        if there is None or (there.state, there.done, there.worker) != (
            before.state,
            before.done,
            before.worker,
        ):
            raise ConflictError(job.id)
        asked = filing_codec.job_of(filing_codec.job_row(job))
        self._rows.put(job.id, replace(asked, words=there.words, pieces=there.pieces))


def _left(job: JobRecord, now: datetime, worker: str | None) -> bool:
    if job.state is not JobState.RUNNING:
        return False
    own = worker is not None and job.worker == worker
    return own or job.claimed_until is None or job.claimed_until <= now
