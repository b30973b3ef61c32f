"""The in-memory store: one lock, one undo log."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.ports.drafts import DraftKey
from engine.app.ports.records import IdempotencyRecord
from engine.store.memory.daemons import MemoryDaemons
from engine.store.memory.drafts import MemoryDrafts
from engine.store.memory.filing import MemoryRetention, MemorySignatures
from engine.store.memory.history import MemoryCases, MemoryEvents
from engine.store.memory.inbox import MemoryInbox
from engine.store.memory.jobs import MemoryJobs
from engine.store.memory.papers import MemoryPapers
from engine.store.memory.people import (
    MemoryCredentials,
    MemoryDelegations,
    MemoryProposals,
    MemorySignInAttempts,
    MemoryTokens,
)
from engine.store.memory.queues import MemoryOutbox, MemoryTasks, MemoryTimers
from engine.store.memory.readings import MemoryPersonalValues, MemoryPruning, MemoryReadings
from engine.store.memory.reference_data import (
    MemoryDefinitions,
    MemoryIdempotencyRecords,
    MemoryRecords,
    MemoryRegisters,
    MemorySettings,
)
from engine.store.memory.statements import MemoryStatements
from engine.store.memory.undo_log import MemoryTable, UndoLog
from engine.store.memory.web_sessions import MemoryWebSessions

if TYPE_CHECKING:
    from engine.app.ports.audit.statements import RowStatement
    from engine.lifecycle.chain import Event


@dataclass(frozen=True, slots=True)
class KeptContents:
    """Everything a store held at one time. Rows are never changed in place, so that they are shared with the store."""

    tables: tuple[tuple[MemoryTable[Any, Any], Mapping[Any, Any]], ...]
    streams: Mapping[str, tuple[Event, ...]]
    statements: tuple[RowStatement, ...]


class MemoryTransaction:
    """`engine.app.ports.store.Transaction`; the only one of its store, used by one thread at a time."""

    def __init__(self) -> None:
        self._undo_log = UndoLog()
        self.cases = MemoryCases(self._undo_log)
        self.events = MemoryEvents(self._undo_log)
        self.tasks = MemoryTasks(self._undo_log)
        self.timers = MemoryTimers(self._undo_log)
        self.outbox = MemoryOutbox(self._undo_log)
        self.inbox = MemoryInbox(self._undo_log)
        self.registers = MemoryRegisters(self._undo_log)
        self.records = MemoryRecords(self._undo_log)
        self.papers = MemoryPapers(self._undo_log)
        self.definitions = MemoryDefinitions(self._undo_log)
        self.settings = MemorySettings(self._undo_log)
        self.delegations = MemoryDelegations(self._undo_log)
        self.credentials = MemoryCredentials(self._undo_log)
        self.tokens = MemoryTokens(self._undo_log)
        self.web_sessions = MemoryWebSessions(self._undo_log)
        self.readings = MemoryReadings(self._undo_log)
        self.personal_values = MemoryPersonalValues(self._undo_log)
        self.pruning = MemoryPruning(self._undo_log)
        self.proposals = MemoryProposals(self._undo_log)
        self.drafts = MemoryDrafts(self._undo_log)
        self.signatures = MemorySignatures(self._undo_log)
        self.retention = MemoryRetention(self._undo_log)
        self.jobs = MemoryJobs(self._undo_log)
        self.sign_in_attempts = MemorySignInAttempts(self._undo_log)
        self.daemons = MemoryDaemons(self._undo_log)
        self.statements = MemoryStatements(self._undo_log)
        self._idempotency = MemoryIdempotencyRecords(self._undo_log)

    @property
    def touched(self) -> bool:
        """Tell whether it has written registers, delegations or settings."""
        return self._undo_log.touched

    def look_ahead(
        self, request: str | None, case: str, streams: Sequence[str], draft: DraftKey | None = None
    ) -> None:
        """Do nothing: here nothing is far away."""

    def idempotency_record(self, request_id: str) -> IdempotencyRecord | None:
        """Return what a request answered, if it has been carried out."""
        return self._idempotency.get(request_id)

    def record_request(self, record: IdempotencyRecord) -> None:
        """Store the answer of a request. Raises ConflictError where its id is taken."""
        self._idempotency.put(record)

    def kept(self) -> KeptContents:
        """Return everything that is held now."""
        tables = tuple((table, table.kept()) for some in self._undo_log.tables.values() for table in some)
        return KeptContents(
            tables, self.events.kept(), tuple(self.statements.of(limit=self.statements.last()))
        )

    def back_to(self, kept: KeptContents) -> None:
        """Hold exactly what was held then."""
        for table, rows in kept.tables:
            table.back_to(rows)
        self.events.back_to(kept.streams)
        self.statements.back_to(kept.statements)

    def serialize(self) -> None:
        """Do nothing: no other transaction runs beside this one."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Begin a part that is undone alone when its block raises."""
        mark = self._undo_log.mark
        try:
            yield
        except BaseException:
            self._undo_log.back_to(mark)
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep what the block writes, or nothing of it when it raises."""
        self._undo_log.open = True
        self._undo_log.touched = False
        try:
            yield
            self.statements.state()
        except BaseException:
            self._undo_log.back_to(0)
            raise
        finally:
            self._undo_log.open = False
            self._undo_log.touched = False
            self._undo_log.forget()


class MemoryStore:
    """`engine.app.ports.store.Store` without a database. Gone with the process."""

    def __init__(self) -> None:
        self._transaction = MemoryTransaction()
        self._lock = threading.RLock()
        self._busy = False
        self._held: set[str] = set()
        self._holding = threading.Lock()

    @contextmanager
    def hold(self, name: str) -> Iterator[bool]:
        """Hold a name while the block lasts; False where another block does."""
        with self._holding:
            taken = name not in self._held
            self._held.add(name)
        try:
            yield taken
        finally:
            if taken:
                with self._holding:
                    self._held.discard(name)

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        """Begin a transaction that may write; others wait until it ends.

        Raises RuntimeError inside another transaction of the same thread: a database would wait for itself there.
        """
        with self._alone(), self._transaction.transaction():
            yield self._transaction

    @contextmanager
    def read(self) -> Iterator[MemoryTransaction]:
        """Begin a transaction that only reads; nobody writes meanwhile. Raises RuntimeError as `write` does."""
        with self._alone():
            yield self._transaction

    def kept(self) -> KeptContents:
        """Return everything the store holds, for `back_to`. Raises RuntimeError inside a transaction of the same thread."""
        with self._alone():
            return self._transaction.kept()

    def back_to(self, kept: KeptContents) -> None:
        """Hold again what the store held when `kept` was called, as often as is wanted. Raises RuntimeError as `kept` does."""
        with self._alone():
            self._transaction.back_to(kept)

    def close(self) -> None:
        """Do nothing: there are no connections."""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            # The lock lets the same thread in twice, so that this can be said instead of waiting for ever.
            if self._busy:
                raise RuntimeError("a transaction of this store is already open in this thread")
            self._busy = True
            try:
                yield
            finally:
                self._busy = False
