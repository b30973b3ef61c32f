"""Workers of jobs on every store, each of whose calls fails once: no job is held by somebody who cannot go on with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from watched_store import Fault, WatchedStore

from engine.app.jobs.worker import AGAIN, CLAIM, work
from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.store import Store, UnavailableError

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PIECES = {"job-1": ("a", "b"), "job-2": ("c",)}


class Clock:
    """A clock that is put forward."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """Return the instant."""
        return self.at


class HeldStore(WatchedStore):
    """Holding a name is a call like any other: a server may have no connection left for it."""

    @contextmanager
    def hold(self, name: str) -> Iterator[bool]:
        """Hold a name, where it does not fail."""
        self._watch("hold")
        with self.inner.hold(name) as held:
            yield held


def queue(store: Store) -> None:
    """Put every job back to where nobody has begun it."""
    with store.write() as transaction:
        for number, (name, pieces) in enumerate(PIECES.items(), 1):
            fresh = JobRecord(
                id=name,
                number=number,
                kind="a",
                words={},
                pieces=pieces,
                state=JobState.QUEUED,
                made_by="p",
                made_at=NOON,
            )
            there = transaction.jobs.get(name)
            if there is None:
                transaction.jobs.add(fresh)
            else:
                transaction.jobs.set(fresh, there)


def states(store: Store) -> set[JobState]:
    with store.read() as transaction:
        return {job.state for job in transaction.jobs.all()}


@pytest.mark.parametrize("lasting", [False, True])
def test_whatever_call_fails_no_job_waits_for_a_claim_nobody_has(store: Store, lasting: bool) -> None:
    """Once: whoever comes takes it after a rest of seconds. Until the worker has ended: the worker itself takes it at once."""
    number, calls = 0, []
    while True:
        number += 1
        queue(store)
        clock, did = Clock(), Counter[str]()

        def handler(_: JobRecord, piece: str, did: Counter[str] = did) -> None:
            did[piece] += 1

        fault = Fault(lambda: UnavailableError("gone"), number, 10**6 if lasting else None)
        try:
            work(HeldStore(store, fault), clock, "one", {"a": handler})
        except UnavailableError:
            pass
        else:
            if not fault.reached:
                break
        calls = fault.calls
        if lasting:
            work(store, clock, "one", {"a": handler})
        else:
            clock.at += AGAIN
            work(store, clock, "two", {"a": handler})
        assert states(store) == {JobState.DONE}, (number, fault.calls[-3:])
        assert set(did) == {"a", "b", "c"}
        # The piece that was being stored may be done again; its handler leaves alone what is there.
        assert sum(did.values()) <= 4, (number, did)
    assert "hold" in calls
    assert number > len(PIECES) * 4


def test_nothing_is_claimed_where_the_name_of_the_worker_cannot_be_held(store: Store) -> None:
    queue(store)

    def away(name: str) -> None:
        if name == "hold":
            raise UnavailableError("no connection left")

    with pytest.raises(UnavailableError):
        work(HeldStore(store, away), Clock(), "one", {"a": lambda job, piece: None})
    assert states(store) == {JobState.QUEUED}


def test_a_worker_is_given_what_stands_in_its_own_name_and_no_other(store: Store) -> None:
    queue(store)
    with store.write() as transaction:
        for worker, name in (("one", "job-1"), ("two", "job-2")):
            there = transaction.jobs.get(name)
            assert there is not None
            taken = replace(there, state=JobState.RUNNING, worker=worker, claimed_until=NOON + CLAIM)
            transaction.jobs.set(taken, there)
    for begin in (store.read, store.write):
        with begin() as transaction:
            assert [one.id for one in transaction.jobs.waiting(NOON, ["a"], 9, "one")] == ["job-1"]
            assert transaction.jobs.waiting(NOON, ["b"], 9, "one") == []
            assert transaction.jobs.waiting(NOON, ["a"], 9) == []


def test_a_second_process_of_one_name_does_nothing_while_the_first_is_at_work(store: Store) -> None:
    queue(store)
    clock, did = Clock(), []

    def handler(_: JobRecord, piece: str) -> None:
        did.append(piece)
        assert work(store, clock, "one", {"a": lambda _, other: did.append(f"again {other}")}) == 0

    assert work(store, clock, "one", {"a": handler}) == 3
    assert did == ["a", "b", "c"]
