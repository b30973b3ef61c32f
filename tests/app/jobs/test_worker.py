"""Workers: every piece once, one that was killed is taken over, one broken piece stops nothing."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.app.jobs.worker import CLAIM, PieceError, claim, work
from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.store import UnavailableError
from engine.language import say
from engine.store.memory.store import MemoryStore


class Clock:
    """A clock that is put forward."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 4, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the instant."""
        return self.at


def job(number: int, *pieces: str, kind: str = "a") -> JobRecord:
    return JobRecord(
        id=f"job-{number}",
        number=number,
        kind=kind,
        words={},
        pieces=pieces,
        state=JobState.QUEUED,
        made_by="p",
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    with made.write() as transaction:
        for one in (job(1, "x", "bad", "y"), job(2, "z"), job(3, "q", kind="other")):
            transaction.jobs.add(one)
    return made


def found(store: MemoryStore, name: str) -> JobRecord:
    with store.read() as transaction:
        one = transaction.jobs.get(name)
    assert one is not None
    return one


def test_every_piece_is_done_once_and_a_broken_one_stops_nothing(store: MemoryStore) -> None:
    did: list[str] = []

    def handler(_: JobRecord, piece: str) -> None:
        if piece == "bad":
            raise PieceError(say("缺少：{name}", name="甲"))
        did.append(piece)

    assert work(store, Clock(), "one", {"a": handler}) == 4
    assert did == ["x", "y", "z"]
    first = found(store, "job-1")
    assert (first.state, first.done, dict(first.failed)) == (JobState.FAILED, 3, {"bad": "缺少：甲"})
    assert found(store, "job-2").state is JobState.DONE
    assert found(store, "job-3").state is JobState.QUEUED


def test_the_last_piece_and_the_end_of_a_job_are_stored_together(store: MemoryStore) -> None:
    seen: list[JobRecord] = []
    clock = Clock()

    def handler(job: JobRecord, piece: str) -> None:
        seen.append(found(store, job.id))

    # Left as soon as three pieces are done: there is no moment in which all are and the job is not over.
    assert work(store, clock, "one", {"a": handler}, most=3) == 3
    assert [(one.done, one.state) for one in seen] == [(done, JobState.RUNNING) for done in (0, 1, 2)]
    first = found(store, "job-1")
    assert (first.done, first.state, first.worker, first.ended_at) == (3, JobState.DONE, None, clock.at)


def test_a_job_without_pieces_is_over_at_once(store: MemoryStore) -> None:
    with store.write() as transaction:
        transaction.jobs.add(job(4, kind="none"))
    assert work(store, Clock(), "one", {"none": lambda job, piece: None}) == 0
    assert found(store, "job-4").state is JobState.DONE


def test_two_workers_never_have_the_same_job(store: MemoryStore) -> None:
    clock, kinds = Clock(), {"a": lambda job, piece: None}
    first, second = claim(store, clock, "one", kinds), claim(store, clock, "two", kinds)
    assert first is not None
    assert second is not None
    assert (first.id, second.id) == ("job-1", "job-2")
    assert claim(store, clock, "three", kinds) is None


def test_a_worker_that_was_killed_is_taken_over_from_its_last_piece(store: MemoryStore) -> None:
    clock, did = Clock(), []

    def killed(_: JobRecord, piece: str) -> None:
        if piece == "bad":
            raise KeyboardInterrupt
        did.append(piece)

    with pytest.raises(KeyboardInterrupt):
        work(store, clock, "one", {"a": killed})
    assert (found(store, "job-1").done, found(store, "job-1").worker) == (1, "one")
    work(store, clock, "two", {"a": lambda job, piece: did.append(piece)})
    assert did == ["x", "z"]
    clock.at += CLAIM + timedelta(seconds=1)
    work(store, clock, "two", {"a": lambda job, piece: did.append(piece)})
    assert did == ["x", "z", "bad", "y"]


def test_a_job_that_is_cancelled_ends_after_its_piece(store: MemoryStore) -> None:
    did: list[str] = []

    def cancelling(job: JobRecord, piece: str) -> None:
        did.append(piece)
        with store.write() as transaction:
            there: Any = transaction.jobs.get(job.id)
            transaction.jobs.set(replace(there, state=JobState.CANCELLED, worker=None), there)

    work(store, Clock(), "one", {"a": cancelling})
    assert did == ["x", "z"]
    assert found(store, "job-1").state is JobState.CANCELLED


def test_a_worker_may_stop_and_give_the_job_back(store: MemoryStore) -> None:
    assert work(store, Clock(), "one", {"a": lambda job, piece: None}, most=2) == 2
    given = found(store, "job-1")
    assert (given.state, given.done, given.worker) == (JobState.QUEUED, 2, None)


def test_jobs_of_kinds_a_worker_does_not_know_hide_none(store: MemoryStore) -> None:
    with store.write() as transaction:
        for number in range(10, 60):
            transaction.jobs.add(job(number, "p", kind="newer"))
        transaction.jobs.add(job(60, "last"))
    did: list[str] = []
    work(store, Clock(), "one", {"a": lambda _, piece: did.append(piece)})
    assert did == ["x", "bad", "y", "z", "last"]


class Unheld:
    """A store that holds no names: as for a worker whose connection to the server is gone."""

    def __init__(self, inner: MemoryStore) -> None:
        self.write, self.read, self.close = inner.write, inner.read, inner.close

    @contextmanager
    def hold(self, name: str) -> Iterator[bool]:
        """Say that nobody else has it."""
        yield True


def test_whoever_was_taken_over_finds_that_out_after_its_piece(store: MemoryStore) -> None:
    clock, did = Clock(), []

    def slow(_: JobRecord, piece: str) -> None:
        did.append(piece)
        if piece == "x":
            clock.at += timedelta(seconds=31)
            work(
                store,
                clock,
                "two",
                {"a": lambda _, piece: did.append(f"two {piece}")},
                lease=timedelta(seconds=30),
            )

    work(Unheld(store), clock, "one", {"a": slow}, lease=timedelta(seconds=30))
    assert did == ["x", "two x", "two bad", "two y", "two z"]


@pytest.mark.parametrize("minutes", [1, 3, 600])
def test_a_piece_that_takes_longer_than_the_claim_is_done_once(store: MemoryStore, minutes: int) -> None:
    """Two workers in turn, on a machine where each piece takes so many minutes: nobody takes over from one that is alive."""
    clock, begun = Clock(), Counter[str]()

    def second(_: JobRecord, piece: str) -> None:
        begun[piece] += 1

    def first(_: JobRecord, piece: str) -> None:
        begun[piece] += 1
        for _minute in range(minutes):
            clock.at += timedelta(minutes=1)
            work(store, clock, "two", {"a": second})

    assert work(store, clock, "one", {"a": first}) == 3
    assert begun == {"x": 1, "bad": 1, "y": 1, "z": 1}
    assert {found(store, name).state for name in ("job-1", "job-2")} == {JobState.DONE}


def test_a_worker_takes_up_what_an_earlier_process_of_its_name_has_left(store: MemoryStore) -> None:
    """In a container each process may have the same number."""
    clock, did = Clock(), []
    assert claim(store, clock, "one", {"a": lambda job, piece: None}) is not None
    clock.at += CLAIM

    def handler(_: JobRecord, piece: str) -> None:
        did.append(piece)

    work(store, clock, "one", {"a": handler})
    assert did == ["x", "bad", "y", "z"]


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("problem", [FULL, MemoryError()])
def test_what_the_machine_lacks_is_no_fault_of_the_piece_and_is_said(
    store: MemoryStore, problem: Exception
) -> None:
    clock, did, lacking = Clock(), [], [True]

    def handler(_: JobRecord, piece: str) -> None:
        if piece == "bad" and lacking:
            raise problem
        did.append(piece)

    with pytest.raises(type(problem)):
        work(store, clock, "w", {"a": handler})
    left = found(store, "job-1")
    assert (left.state, left.done, list(left.failed)) == (JobState.RUNNING, 1, ["bad"])
    assert left.put_off is not None
    assert "过后再做" in left.put_off
    # Nobody tries it again at once; what is behind it is done meanwhile.
    work(store, clock, "v", {"a": handler})
    assert did == ["x", "z"]
    clock.at += CLAIM
    lacking.clear()
    work(store, clock, "v", {"a": handler})
    assert did == ["x", "z", "bad", "y"]
    done = found(store, "job-1")
    assert (done.state, dict(done.failed), done.put_off) == (JobState.DONE, {}, None)


def test_a_full_disk_that_holds_the_database_too_leaves_the_job_as_it_is(store: MemoryStore) -> None:
    full: list[bool] = []

    class Full(Unheld):
        @contextmanager
        def hold(self, name: str) -> Iterator[bool]:
            with store.hold(name) as held:
                yield held

    away = Full(store)

    @contextmanager
    def write() -> Iterator[Any]:
        if full:
            raise UnavailableError("full")
        with store.write() as transaction:
            yield transaction

    away.write = write

    def handler(_: JobRecord, piece: str) -> None:
        full.append(True)
        raise FULL

    with pytest.raises(OSError, match="No space"):
        work(away, Clock(), "w", {"a": handler})
    left = found(store, "job-1")
    assert (left.state, left.done, dict(left.failed)) == (JobState.RUNNING, 0, {})


def test_a_fault_of_the_program_fails_its_piece_and_nothing_behind_it(store: MemoryStore) -> None:
    def handler(_: JobRecord, piece: str) -> None:
        if piece == "bad":
            raise KeyError(piece)

    assert work(store, Clock(), "w", {"a": handler}) == 4
    assert (found(store, "job-1").state, found(store, "job-2").state) == (JobState.FAILED, JobState.DONE)
    assert "KeyError" in found(store, "job-1").failed["bad"]


class StrangeError(Exception):
    """In none of the families that are named."""


def test_an_error_nobody_named_ends_the_worker_and_the_next_one_does_not_meet_it(store: MemoryStore) -> None:
    def handler(_: JobRecord, piece: str) -> None:
        if piece == "bad":
            raise StrangeError(piece)

    with pytest.raises(StrangeError):
        work(store, Clock(), "w", {"a": handler})
    assert "StrangeError" in found(store, "job-1").failed["bad"]
    done = found(store, "job-1").done
    assert done > 0
    assert found(store, "job-1").pieces[done - 1] == "bad"


def test_what_the_store_lacks_is_no_fault_of_the_piece(store: MemoryStore) -> None:
    def handler(_: JobRecord, piece: str) -> None:
        raise UnavailableError(piece)

    with pytest.raises(UnavailableError):
        work(store, Clock(), "w", {"a": handler})
    assert found(store, "job-1").failed == {}
