"""Signatures, records of retention and jobs as rows and back. The columns are those of `engine.store.sql.tables`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.retention import RetentionRecord, RetentionState
from engine.app.ports.signatures import SignatureRecord, SigningWay
from engine.kernel.instants import from_text
from engine.store.codec import from_json, instant, instant_of, stamp, to_json

Row = tuple[Any, ...]


def signature_row(one: SignatureRecord) -> Row:
    """Return the columns of a signature."""
    columns = (one.id, one.case, one.record, one.sha256, one.person, one.way.value, one.device)
    return (*columns, stamp(one.at), one.by, one.picture, one.seal)


def signature_of(row: Sequence[Any]) -> SignatureRecord:
    """Return the signature of its columns."""
    return SignatureRecord(
        id=row[0],
        case=row[1],
        record=row[2],
        sha256=row[3],
        person=row[4],
        way=SigningWay(row[5]),
        device=row[6],
        at=from_text(row[7]),
        by=row[8],
        picture=row[9],
        seal=row[10],
    )


def retention_row(one: RetentionRecord) -> Row:
    """Return the columns of a record of retention."""
    until = None if one.until is None else one.until.isoformat()
    return (one.case, one.state.value, stamp(one.at), one.by, one.reason, until, to_json(dict(one.destroyed)))


def retention_of(row: Sequence[Any]) -> RetentionRecord:
    """Return the record of retention of its columns."""
    return RetentionRecord(
        case=row[0],
        state=RetentionState(row[1]),
        at=from_text(row[2]),
        by=row[3],
        reason=row[4],
        until=None if row[5] is None else date.fromisoformat(row[5]),
        destroyed=from_json(row[6]),
    )


def job_row(job: JobRecord) -> Row:
    """Return the columns of a job."""
    asked = (job.id, job.number, job.kind, to_json(dict(job.words)), to_json(list(job.pieces)))
    return (*asked, job.made_by, stamp(job.made_at), *progress_row(job))


def progress_row(job: JobRecord) -> Row:
    """Return the columns of a job that change."""
    times = (instant(job.claimed_until), instant(job.ended_at))
    return (job.state.value, job.done, to_json(dict(job.failed)), job.worker, *times)


def job_of(row: Sequence[Any]) -> JobRecord:
    """Return the job of its columns."""
    return JobRecord(
        id=row[0],
        number=row[1],
        kind=row[2],
        words=from_json(row[3]),
        pieces=tuple(from_json(row[4])),
        made_by=row[5],
        made_at=from_text(row[6]),
        state=JobState(row[7]),
        done=row[8],
        failed=from_json(row[9]),
        worker=row[10],
        claimed_until=instant_of(row[11]),
        ended_at=instant_of(row[12]),
    )
