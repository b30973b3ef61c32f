"""A store whose users are programs of the scheduler: they give way at its calls, and meet its faults there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sim_scheduler import Died, Program, Scheduler
from watched_store import WatchedStore

from engine.app.ports.store import Store
from engine.language import say
from engine.store.problem import StoreUnavailableError

#: A machine stands still for so many minutes at least and at most: longer than every lease.
STILL = (5, 600)


@dataclass
class Lock:
    """Who writes: one at a time, as on SQLite; where `readers` wait too, one at all, as in memory."""

    readers: bool
    holder: Program | None = None

    def free(self) -> bool:
        """Tell whether nobody holds it."""
        return self.holder is None


class SimulatedStore:
    """`engine.app.ports.store.Store` of one program, over the store all share."""

    def __init__(self, inner: Store, scheduler: Scheduler, lock: Lock) -> None:
        self._scheduler, self._lock = scheduler, lock
        self._watched = WatchedStore(inner, self._called, self._ended)

    def write(self) -> AbstractContextManager[Any]:
        """Begin a transaction that may write."""
        return self._held(self._watched.write, exclusive=True)

    def read(self) -> AbstractContextManager[Any]:
        """Begin a transaction that only reads."""
        return self._held(self._watched.read, exclusive=self._lock.readers)

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold a name."""
        return self._watched.hold(name)

    def close(self) -> None:
        """Do nothing: the store is everybody's."""

    @contextmanager
    def _held(self, begin: Any, *, exclusive: bool) -> Iterator[Any]:
        if exclusive:
            self._scheduler.wait_for(self._lock.free)
            self._lock.holder = self._scheduler.program
        try:
            with begin() as transaction:
                yield transaction
        finally:
            self._ended()

    def _ended(self) -> None:
        if self._lock.holder is self._scheduler.current:
            self._lock.holder = None

    def _called(self, name: str) -> None:
        scheduler, odds = self._scheduler, self._scheduler.odds
        scheduler.calls += 1
        if name == "begin":
            scheduler.program.wrote_at, scheduler.program.wrote_call = scheduler.now, scheduler.calls
        if scheduler.one_in_a_thousand(odds.die):
            scheduler.fault("killed")
            raise Died
        if name in ("begin", "begin to read", "commit") and scheduler.one_in_a_thousand(odds.fail_before * 5):
            scheduler.fault("store fails before")
            raise StoreUnavailableError(say("数据库暂不可用"))
        if name == "committed" and scheduler.one_in_a_thousand(odds.fail_after * 5):
            scheduler.fault("connection gone after commit")
            raise StoreUnavailableError(say("数据库暂不可用"))
        if scheduler.one_in_a_thousand(odds.stop):
            scheduler.fault("stood still")
            scheduler.stand_still(timedelta(minutes=scheduler.chance.randint(*STILL)))
        elif scheduler.one_in_a_thousand(odds.switch):
            scheduler.give_way()
