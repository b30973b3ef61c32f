"""A worker: takes jobs and does their pieces one after the other, each only once, whatever becomes of other workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.app.ports.jobs import JobState
from engine.app.ports.store import ENVIRONMENT_ERRORS, ConflictError, UnavailableError
from engine.files.containers import ZIP_ERRORS
from engine.kernel.budget import JSON_ERRORS
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.jobs import JobRecord
    from engine.app.ports.store import Clock, Store, Transaction

#: After so long without a sign somebody looks whether the worker is gone; then the next one goes on from its last piece.
CLAIM = timedelta(minutes=2)
#: How long a job rests whose worker could not use the store: nobody has it, and nobody tries it again at once.
AGAIN = timedelta(seconds=5)


#: What a fault of the program itself is, or a value nobody expected: the piece is passed over, with a word why. Any other error
#: ends the worker.
PROGRAM_ERRORS = (*JSON_ERRORS, LookupError, ArithmeticError, AssertionError, RuntimeError, *ZIP_ERRORS)


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
    """Take the oldest job that nobody has, or whose worker is gone; None where there is none.

    What has the name of `worker` is its own: whoever holds the name is the only process of it.
    """
    while True:
        job: JobRecord | None = None
        try:
            with store.write() as transaction:
                found = transaction.jobs.waiting(clock.now(), list(kinds), 1, worker)
                if not found:
                    return None
                job = found[0]
                if job.state is JobState.QUEUED:
                    return _take(transaction, clock, worker, job, lease)
            if (taken := _take_over(store, clock, worker, job, lease)) is not None:
                return taken
        except ConflictError:
            # Another worker was quicker, or somebody has cancelled it: the next one, then.
            continue
        except UnavailableError:
            if job is not None:
                # A server may be lost after it has kept what it was given.
                _let_rest(store, clock, worker, job)
            raise


def _take(
    transaction: Transaction, clock: Clock, worker: str | None, job: JobRecord, lease: timedelta
) -> JobRecord:
    taken = replace(job, state=JobState.RUNNING, worker=worker, claimed_until=clock.now() + lease)
    transaction.jobs.set(taken, job)
    return taken


def _take_over(store: Store, clock: Clock, worker: str, job: JobRecord, lease: timedelta) -> JobRecord | None:
    """Take a job whose claim has run out if its worker is gone; else give that worker another claim, and return None.

    A worker holds its name for as long as it lives: however long a piece takes, nobody else begins it meanwhile. One that
    has the name of the worker that asks is an earlier process of that name.
    """
    if job.worker in (None, worker):
        with store.write() as transaction:
            return _take(transaction, clock, worker, job, lease)
    with store.hold(_name_of(job.worker)) as gone, store.write() as transaction:
        taken = _take(transaction, clock, worker if gone else job.worker, job, lease)
    return taken if gone else None


def _name_of(worker: str | None) -> str:
    return f"worker:{worker}"


def work(
    store: Store,
    clock: Clock,
    worker: str,
    kinds: Mapping[str, Handler],
    most: int | None = None,
    lease: timedelta = CLAIM,
) -> int:
    """Do jobs until none waits, or `most` pieces are done; return how many pieces.

    When a worker has given no sign for `lease`, the next one looks whether it is gone, and only then goes on with its job.
    Whoever is taken over all the same, because its connection to the server was lost, finds that out after its piece and
    keeps nothing of it. A process that finds another one of its name at work does nothing. Raises what failed in the
    environment (`ENVIRONMENT_ERRORS`): before a job is taken, or else the piece is not done and waits: for `lease` where
    the machine lacks something, and the job says what; for `AGAIN` where the store does. Raises besides what is in none
    of the families that are named (`PROGRAM_ERRORS`); that piece has failed then, and whoever comes goes on with the next.
    """
    # Who finds nothing to do needs no connection for its name. It is opened before anything is claimed: what cannot be
    # opened would leave a job in the hands of nobody until the claim is over.
    if not _any_waits(store, clock, worker, kinds):
        return 0
    with store.hold(_name_of(worker)) as alone:
        return _work(store, clock, worker, kinds, most, lease) if alone else 0


def _any_waits(store: Store, clock: Clock, worker: str, kinds: Mapping[str, Handler]) -> bool:
    with store.read() as transaction:
        return bool(transaction.jobs.waiting(clock.now(), list(kinds), 1, worker))


def _work(
    store: Store, clock: Clock, worker: str, kinds: Mapping[str, Handler], most: int | None, lease: timedelta
) -> int:
    count = 0
    while (job := claim(store, clock, worker, kinds, lease)) is not None:
        while job is not None and job.state is JobState.RUNNING:
            if most is not None and count >= most:
                _leave(store, job)
                return count
            mine = job
            try:
                after = mine
                if mine.done < len(mine.pieces):
                    after = _piece_done(store, clock, mine, kinds[mine.kind], lease)
                    count += 1
                job = _advance(store, clock, mine, _ended(after), lease)
            except (UnavailableError, ConflictError):
                _let_rest(store, clock, worker, mine)
                raise
    return count


def _let_rest(store: Store, clock: Clock, worker: str, job: JobRecord) -> None:
    """Give a job back, as far as it is stored, for somebody to take in a while; where that cannot be stored, the claim ends by itself."""
    with suppress(*ENVIRONMENT_ERRORS, ConflictError), store.write() as transaction:
        there = transaction.jobs.get(job.id)
        if there is not None and there.state is JobState.RUNNING and there.worker == worker:
            transaction.jobs.set(replace(there, worker=None, claimed_until=clock.now() + AGAIN), there)


def _piece_done(store: Store, clock: Clock, job: JobRecord, handler: Handler, lease: timedelta) -> JobRecord:
    """Do the next piece of a job, and return the job with it. Raises what failed in the environment."""
    piece = job.pieces[job.done]
    failed = {one: why for one, why in job.failed.items() if one != piece}
    try:
        handler(job, piece)
    except PieceError as problem:
        failed[piece] = str(problem.message)
    except (UnavailableError, ConflictError):
        raise
    except ENVIRONMENT_ERRORS as problem:
        with suppress(*ENVIRONMENT_ERRORS, ConflictError), store.write() as transaction:
            why = {piece: str(_why_later(problem))}
            # In nobody's name: the one who has it would try it again at once.
            _take(transaction, clock, None, replace(job, failed={**failed, **why}), lease)
        raise
    except PROGRAM_ERRORS as problem:
        return _failed(job, piece, failed, problem)
    except Exception as problem:
        # Noted first, so that no other worker ends here and nothing behind is done; whoever runs this one is given it.
        with suppress(*ENVIRONMENT_ERRORS):
            _advance(store, clock, job, _ended(_failed(job, piece, failed, problem)), lease)
        raise
    return replace(job, done=job.done + 1, failed=failed)


def _failed(job: JobRecord, piece: str, others: Mapping[str, str], problem: Exception) -> JobRecord:
    why = str(say("程序内部出错：{kind}", kind=type(problem).__name__))
    return replace(job, done=job.done + 1, failed={**others, piece: why})


def _why_later(problem: BaseException) -> Message:
    why = say("内存不够") if isinstance(problem, MemoryError) else str(problem)
    return say("运行环境出错，不是这一件的问题，过后再做：{why}", why=why)


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
