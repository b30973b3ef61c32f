"""Jobs in SQL."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, func, literal_column, or_, select, update

from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.store import ConflictError
from engine.store.codec import stamp
from engine.store.filing_codec import job_of, job_row, progress_row
from engine.store.sql.building import bind, insert_new
from engine.store.sql.prepared import DriverConnection, PreparedStatement
from engine.store.sql.tables import TEXT, job

_CHANGED = ("state", "done", "failed", "worker", "claimed_until", "ended_at")
_NOBODY = literal_column("''", TEXT)
ADD = insert_new(job)
GET = PreparedStatement(select(job).where(job.c.id == bind(job, "id")), "id")
ALL = PreparedStatement(select(job).order_by(job.c.number))
LAST = PreparedStatement(select(func.max(job.c.number)))
SET = PreparedStatement(
    update(job)
    .where(
        job.c.id == bind(job, "id", "this"),
        job.c.state == bind(job, "state", "seen"),
        job.c.done == bind(job, "done", "so_far"),
        func.coalesce(job.c.worker, _NOBODY) == bind(job, "worker", "whose"),
    )
    .values({name: bind(job, name) for name in _CHANGED}),
    *_CHANGED,
    *("this", "seen", "so_far", "whose"),
)


class SqlJobs:
    """`engine.app.ports.jobs.Jobs`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def add(self, job: JobRecord) -> None:
        """Store a new job. Raises ConflictError where its id is taken."""
        row = job_row(job)
        if self._driver.run(ADD, row).rowcount != 1:
            raise ConflictError(job.id)
        self._driver.wrote("job", [row])
        # Daemons are called, as for a timer: none sleeps while a job waits.
        self._driver.work = True

    def get(self, job_id: str) -> JobRecord | None:
        """Return a job by its id."""
        row = self._driver.first(GET, (job_id,))
        return None if row is None else job_of(row)

    def all(self) -> list[JobRecord]:
        """Return all jobs, oldest first."""
        return [job_of(row) for row in self._driver.run(ALL)]

    def waiting(
        self, now: datetime, kinds: Collection[str], limit: int, worker: str | None = None
    ) -> list[JobRecord]:
        """Return the oldest jobs of `kinds` that no worker has, or `worker`, or whose worker has given no sign until `now`.

        At most `limit`. In a transaction that writes, those another one is about to take are passed over.
        """
        left = [job.c.claimed_until.is_(None), job.c.claimed_until <= stamp(now)]
        if worker is not None:
            left.append(job.c.worker == worker)
        query = (
            select(job)
            .where(
                job.c.kind.in_(kinds),
                or_(
                    job.c.state == JobState.QUEUED.value,
                    and_(job.c.state == JobState.RUNNING.value, or_(*left)),
                ),
            )
            .order_by(job.c.number)
            .limit(limit)
        )
        if self._driver.writing:
            query = query.with_for_update(skip_locked=True)
        return [job_of(row) for row in self._driver.connection.execute(query)]

    def last_number(self) -> int:
        """Return the number of the newest job; 0 where there is none."""
        return int(self._driver.run(LAST).scalar_one() or 0)

    def set(self, job: JobRecord, before: JobRecord) -> None:
        """Store a job as it is now. Raises ConflictError where it is no longer as `before` says."""
        progress = progress_row(job)
        seen = (job.id, before.state.value, before.done, before.worker or "")
        if self._driver.run(SET, (*progress, *seen)).rowcount != 1:
            raise ConflictError(job.id)
        self._driver.changed("job.progress", [(job.id, *progress)])
