"""The in-memory store: one lock, one journal of how to undo."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from engine.app.ports.records import IdempotencyRecord
from engine.store.memory.history import MemoryCases, MemoryEvents
from engine.store.memory.inbox import MemoryInbox
from engine.store.memory.queues import MemoryOutbox, MemoryTasks, MemoryTimers
from engine.store.memory.reference_data import (
    MemoryDefinitions,
    MemoryReceipts,
    MemoryRecords,
    MemoryRegisters,
    MemorySettings,
)
from engine.store.memory.undo_log import UndoLog


class MemoryTransaction:
    """`engine.app.ports.store.Unit`; the only one of its store, lent to one thread at a time."""

    def __init__(self) -> None:
        self._journal = UndoLog()
        self.cases = MemoryCases(self._journal)
        self.events = MemoryEvents(self._journal)
        self.tasks = MemoryTasks(self._journal)
        self.timers = MemoryTimers(self._journal)
        self.outbox = MemoryOutbox(self._journal)
        self.inbox = MemoryInbox(self._journal)
        self.registers = MemoryRegisters(self._journal)
        self.records = MemoryRecords(self._journal)
        self.definitions = MemoryDefinitions(self._journal)
        self.settings = MemorySettings(self._journal)
        self._receipts = MemoryReceipts(self._journal)

    @property
    def touched(self) -> bool:
        """Tell whether this unit has written registers or settings."""
        return self._journal.touched

    def receipt(self, request_id: str) -> IdempotencyRecord | None:
        """Return what a request answered, if it has been carried out."""
        return self._receipts.get(request_id)

    def remember(self, receipt: IdempotencyRecord) -> None:
        """Keep the answer of a request."""
        self._receipts.put(receipt)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Begin a part that is undone alone when its block raises."""
        mark = self._journal.mark
        try:
            yield
        except BaseException:
            self._journal.back_to(mark)
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep what the block writes, or nothing of it when it raises."""
        self._journal.open = True
        self._journal.touched = False
        try:
            yield
        except BaseException:
            self._journal.back_to(0)
            raise
        finally:
            self._journal.open = False
            self._journal.touched = False
            self._journal.forget()


class MemoryStore:
    """`engine.app.ports.store.Store` without a database. Gone with the process."""

    def __init__(self) -> None:
        self._unit = MemoryTransaction()
        self._lock = threading.RLock()
        self._busy = False

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        """Begin a transaction that may write; others wait until it ends.

        Raises RuntimeError inside another unit of the same thread: a database would wait for itself there.
        """
        with self._alone(), self._unit.transaction():
            yield self._unit

    @contextmanager
    def read(self) -> Iterator[MemoryTransaction]:
        """Begin a transaction that only reads; nobody writes meanwhile. Raises RuntimeError as `write` does."""
        with self._alone():
            yield self._unit

    def close(self) -> None:
        """Do nothing: there are no connections."""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            # The lock lets the same thread in twice, so that this can be said instead of waiting for ever.
            if self._busy:
                raise RuntimeError("a unit of this store is already open in this thread")
            self._busy = True
            try:
                yield
            finally:
                self._busy = False
