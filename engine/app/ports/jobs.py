"""Jobs: heavy work that a worker does piece by piece, outside of the transaction that asks for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from engine.kernel.instants import from_text, to_text
from engine.value import named_value


class JobState(StrEnum):
    """What has become of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    #: Done, but for the pieces that failed; they can be tried again.
    FAILED = "failed"
    CANCELLED = "cancelled"


@named_value
class JobRecord:
    """作业: what is to be done (`kind`, `words`) in pieces, and how far it has come."""

    id: str
    number: int
    kind: str
    words: Mapping[str, Any]
    #: The pieces, such as ids of cases; each is done in a transaction of its own.
    pieces: Sequence[str]
    state: JobState
    made_by: str
    made_at: datetime
    #: The next piece; those before it are done or stand in `failed`.
    done: int = 0
    #: Piece -> why it failed; or, of the next piece, why it could not be done yet.
    failed: Mapping[str, str] = field(default_factory=dict)
    #: Which worker has it, and until when nobody looks whether that one is gone.
    worker: str | None = None
    claimed_until: datetime | None = None
    ended_at: datetime | None = None

    @property
    def over(self) -> bool:
        """Tell whether no worker has anything to do with it any more."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def put_off(self) -> str | None:
        """Return why the next piece could not be done yet, for a reason that is not its own; None where nothing is known."""
        if self.over or self.done >= len(self.pieces):
            return None
        return self.failed.get(self.pieces[self.done])

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "number": self.number,
            "kind": self.kind,
            "words": dict(self.words),
            "pieces": list(self.pieces),
            "state": self.state.value,
            "made_by": self.made_by,
            "made_at": to_text(self.made_at),
            "done": self.done,
            "failed": dict(self.failed),
            "worker": self.worker,
            "claimed_until": None if self.claimed_until is None else to_text(self.claimed_until),
            "ended_at": None if self.ended_at is None else to_text(self.ended_at),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> JobRecord:
        """Return the job `as_json` wrote."""
        times = {
            name: from_text(body[name]) if body[name] else None for name in ("claimed_until", "ended_at")
        }
        made_at = from_text(body["made_at"])
        return cls(**{**body, **times, "state": JobState(body["state"]), "made_at": made_at})


class Jobs(Protocol):
    """Jobs, in the order in which they were asked for."""

    def add(self, job: JobRecord) -> None:
        """Store a new job. Raises ConflictError where its id is taken."""
        ...

    def get(self, job_id: str) -> JobRecord | None:
        """Return a job by its id."""
        ...

    def all(self) -> list[JobRecord]:
        """Return all jobs, oldest first."""
        ...

    def waiting(
        self, now: datetime, kinds: Collection[str], limit: int, worker: str | None = None
    ) -> list[JobRecord]:
        """Return the oldest jobs of `kinds` that no worker has, or whose worker's claim is over at `now`.

        At most `limit`. With a `worker` also those that it has itself, from an earlier try or process of its name. In a transaction that writes, those another one is about to take are passed over.
        """
        ...

    def last_number(self) -> int:
        """Return the number of the newest job; 0 where there is none."""
        ...

    def set(self, job: JobRecord, before: JobRecord) -> None:
        """Store a job as it is now. Raises ConflictError where it is no longer as `before` says."""
        ...
