"""Signatures, records of retention and jobs, in both stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sample_rows import HARD

from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.retention import RetentionRecord, RetentionState
from engine.app.ports.signatures import SignatureRecord, SigningWay
from engine.app.ports.store import ConflictError, Store

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SIGNED = SignatureRecord(
    id="w-1/S1",
    case="w-1",
    record="onsite_check",
    sha256="ab" * 32,
    person="insp-01",
    way=SigningWay.PAD,
    device=HARD,
    at=NOON,
    by="insp-02",
    picture="w-1/F1",
)
BINNED = RetentionRecord(
    case="w-1", state=RetentionState.BIN, at=NOON, by="a", reason=HARD, until=date(2026, 3, 1), destroyed={}
)
JOB = JobRecord(
    id="job-1",
    number=1,
    kind="archive",
    words={"folder": "x"},
    pieces=("w-1", "w-2"),
    state=JobState.QUEUED,
    made_by="a",
    made_at=NOON,
)


def test_signatures_stand_in_their_order_and_each_once(store: Store) -> None:
    second = replace(SIGNED, id="w-1/S2", at=NOON + timedelta(minutes=1), picture=None, seal="s")
    with store.write() as transaction:
        transaction.signatures.add(second)
        transaction.signatures.add(SIGNED)
        with pytest.raises(ConflictError):
            transaction.signatures.add(SIGNED)
    with store.read() as transaction:
        assert transaction.signatures.of_case("w-1") == [SIGNED, second]
        assert transaction.signatures.of_case("w-2") == []


def test_the_record_of_retention_is_the_last_one(store: Store) -> None:
    destroyed = replace(BINNED, state=RetentionState.DESTROYED, until=None, destroyed={"w-1/1": "cd" * 32})
    with store.write() as transaction:
        transaction.retention.put(BINNED)
        transaction.retention.put(destroyed)
        transaction.retention.put(replace(BINNED, case="v-1"))
    with store.read() as transaction:
        assert transaction.retention.get("w-1") == destroyed
        assert transaction.retention.get("w-9") is None
        assert [one.case for one in transaction.retention.all()] == ["v-1", "w-1"]


def test_a_job_goes_on_only_from_where_it_is(store: Store) -> None:
    claimed = replace(JOB, state=JobState.RUNNING, worker="one", claimed_until=NOON)
    further = replace(claimed, done=1, failed={"w-1": HARD})
    with store.write() as transaction:
        assert transaction.jobs.last_number() == 0
        transaction.jobs.add(JOB)
        transaction.jobs.set(claimed, JOB)
        with pytest.raises(ConflictError):
            transaction.jobs.set(replace(JOB, worker="two"), JOB)
        transaction.jobs.set(further, claimed)
    with store.write() as transaction:
        with pytest.raises(ConflictError):
            transaction.jobs.set(claimed, claimed)
        with pytest.raises(ConflictError):
            transaction.jobs.add(JOB)
    with store.read() as transaction:
        assert transaction.jobs.get("job-1") == further
        assert transaction.jobs.all() == [further]
        assert transaction.jobs.last_number() == 1


def test_waiting_are_the_oldest_that_nobody_has_or_whose_worker_is_gone(store: Store) -> None:
    def job(number: int, state: JobState, until: datetime | None = None) -> JobRecord:
        worker = None if until is None else "one"
        return replace(
            JOB, id=f"job-{number}", number=number, state=state, worker=worker, claimed_until=until
        )

    with store.write() as transaction:
        for one in (
            job(11, JobState.QUEUED),
            job(2, JobState.RUNNING, NOON),
            job(3, JobState.RUNNING, NOON + timedelta(seconds=1)),
            job(4, JobState.DONE),
            job(5, JobState.CANCELLED),
            job(6, JobState.QUEUED),
        ):
            transaction.jobs.add(one)
    with store.read() as transaction:
        assert [one.number for one in transaction.jobs.waiting(NOON, [JOB.kind, "more"], 9)] == [2, 6, 11]
        assert [one.number for one in transaction.jobs.waiting(NOON, [JOB.kind], 2)] == [2, 6]
        assert transaction.jobs.waiting(NOON, ["other"], 9) == []
