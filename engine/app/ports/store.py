"""What the office needs from outside: a store, a clock, entropy. Adapters implement these.

A `Transaction` is one transaction. Everything a command changes goes through one unit and is committed together or not
at all. The rows are plain values; `engine.store.sql` keeps them in tables, `engine.store.memory` in dictionaries,
and one contract suite (`tests/contract`) runs against both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from engine.app.ports.records import (
        CaseFilter,
        Document,
        DrawRow,
        IdempotencyRecord,
        InboxEntry,
        OutboxItem,
        Publication,
        RegisterEntry,
        Snapshot,
        Task,
        Timer,
        Version,
    )
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event


class ConflictError(Exception):
    """Somebody else wrote the case first."""

    def __init__(self, case: str) -> None:
        super().__init__(case)
        self.case = case


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, aware."""
        ...


class Cases(Protocol):
    """The cases as they stand."""

    def get(self, case_id: str, *, lock: bool = False) -> Case | None:
        """Return a case; with `lock`, nobody else can write it before this unit ends."""
        ...

    def many(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return several cases by id, locked; unknown ids are left out."""
        ...

    def free(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return those of several cases that nobody else holds, locked; waits for nobody."""
        ...

    def add(self, cases: Sequence[Case]) -> None:
        """Store new cases."""
        ...

    def save(self, case: Case, seen: int) -> None:
        """Replace a case whose revision is still `seen`. Raises Conflict otherwise."""
        ...

    def save_many(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases, each with the revision that was seen. Raises Conflict."""
        ...

    def stay(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases that stay where they are: in their state and version, open or closed. Raises Conflict.

        What cases are found by is left as it is stored.
        """
        ...

    def find(self, wanted: CaseFilter, *, limit: int = 1000, after: str | None = None) -> list[Case]:
        """Return cases that fit, ordered by id, after the case `after`."""
        ...

    def count(self, wanted: CaseFilter) -> int:
        """Return how many cases fit."""
        ...

    def outstanding(self, parent: str, workflow: str, reached: Iterable[str]) -> bool:
        """Tell whether an open child of `parent` stands in a state outside `reached`."""
        ...

    def number(self, name: str, count: int = 1) -> int:
        """Take `count` running numbers of the series `name`; return the first (series start at 1)."""
        ...

    def last_number(self, name: str) -> int:
        """Return the last number taken of the series `name`, 0 before the first."""
        ...


class Events(Protocol):
    """The append-only histories."""

    def append(self, events: Sequence[Event]) -> None:
        """Add events; each must be the next of its stream. Raises Conflict where it is not."""
        ...

    def of(self, stream: str, *, after: int = 0, limit: int = 10_000) -> list[Event]:
        """Return events of a stream in order, from number `after` + 1."""
        ...

    def last(self, stream: str) -> Event | None:
        """Return the newest event of a stream."""
        ...

    def newest(self, streams: Sequence[str]) -> tuple[str, ...]:
        """Return the hash of the newest event of each stream, "" for one without events."""
        ...

    def streams(self, *, prefix: str = "") -> Iterator[str]:
        """Yield the names of all streams, ordered."""
        ...

    def hashes(self, stream: str, *, after: int = 0) -> list[str]:
        """Return the hashes of a stream's events in order, from number `after` + 1."""
        ...

    def heads(self) -> Iterator[tuple[str, int, str]]:
        """Yield the name of every stream with the number and the hash of its newest event, ordered by name."""
        ...

    def count(self, kind: str | None = None) -> int:
        """Return how many events (of one kind) there are."""
        ...


class Tasks(Protocol):
    """What people must do now: one row per case and holder key (see `engine.app.people.directory`)."""

    def put(self, tasks: Sequence[Task]) -> None:
        """Store open tasks."""
        ...

    def drop(self, case_ids: Sequence[str]) -> None:
        """Remove all tasks of these cases."""
        ...

    def of_keys(self, keys: Sequence[str], *, limit: int = 1000) -> list[Task]:
        """Return tasks of any of the keys, earliest due first, those without a due day last."""
        ...

    def of_case(self, case_id: str) -> list[Task]:
        """Return the tasks of one case."""
        ...

    def all(
        self, *, section: str | None = None, overdue_at: datetime | None = None, limit: int = 1000
    ) -> list[Task]:
        """Return open tasks, of one section, or already late at an instant; earliest due first."""
        ...


class Timers(Protocol):
    """The due instants. A timer is a row written with the state it belongs to."""

    def put(self, timers: Sequence[Timer]) -> None:
        """Set timers; one with the same case and name is replaced."""
        ...

    def drop(self, keys: Sequence[tuple[str, str]]) -> None:
        """Remove timers by (case, name)."""
        ...

    def due(self, now: datetime, limit: int) -> list[Timer]:
        """Take up to `limit` timers that are due, earliest first; nobody else gets them before this unit ends."""
        ...

    def due_before(self, taken: Sequence[Timer]) -> set[str]:
        """Return the cases of timers just taken of which another unit has taken an earlier one."""
        ...

    def next_at(self) -> datetime | None:
        """Return when the earliest timer is due."""
        ...

    def set_aside(self, timer: Timer, error: str) -> None:
        """Mark a timer as an incident: it no longer fires and waits for a person."""
        ...

    def incidents(self) -> list[tuple[Timer, str]]:
        """Return the timers set aside, with what went wrong."""
        ...

    def of_case(self, case_id: str) -> list[Timer]:
        """Return the timers of one case."""
        ...

    def provisional(self) -> list[str]:
        """Return the ids of cases with a timer whose instant is provisional."""
        ...

    def count(self) -> int:
        """Return how many timers sleep."""
        ...


class Outbox(Protocol):
    """What leaves the house: written with the command that caused it, delivered afterwards."""

    def put(self, items: Sequence[OutboxItem]) -> None:
        """Add items; one whose id is already there is left as it is."""
        ...

    def take(self, now: datetime, limit: int, channels: Sequence[str]) -> list[OutboxItem]:
        """Take up to `limit` undelivered items of `channels` whose time has come, oldest first."""
        ...

    def sent(self, ids: Sequence[str], at: datetime) -> None:
        """Mark items as delivered."""
        ...

    def failed(self, item_id: str, error: str, retry_at: datetime | None) -> None:
        """Note a failed attempt; with no `retry_at` the item becomes an incident."""
        ...

    def claim(self, ids: Sequence[str], until: datetime, note: str) -> None:
        """Give the items to one sender until an instant. No attempt is counted: it has not been made yet."""
        ...

    def hold(self, ids: Sequence[str], until: datetime) -> None:
        """Keep waiting items back until an instant; nothing is counted."""
        ...

    def release(self, items: Sequence[OutboxItem]) -> None:
        """Give items back that were claimed and not tried: they wait again as they did when they were taken."""
        ...

    def retry(self, item_id: str) -> bool:
        """Let an incident be tried once more; tell whether there was one. Its attempts stay counted."""
        ...

    def dismiss(self, item_id: str) -> bool:
        """Close an incident that is not to be tried again (status ``dismissed``); tell whether there was one."""
        ...

    def listed(self, *, status: str | None = None, limit: int = 1000) -> list[OutboxItem]:
        """Return items by status (``waiting``, ``sent``, ``incident``, ``dismissed``), newest first."""
        ...

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many items there are by (kind, status)."""
        ...


class Inbox(Protocol):
    """The messages people find in the house, written with the command that caused them."""

    def put(self, entries: Sequence[InboxEntry]) -> None:
        """Add entries; one whose id is already there is left as it is."""
        ...

    def of(self, recipient: str, *, unacked: bool = False, limit: int = 1000) -> list[InboxEntry]:
        """Return a person's entries, newest first."""
        ...

    def ack(self, recipient: str, ids: Sequence[str], at: datetime) -> list[str]:
        """Mark a person's own entries as read; returns the ids this changed, in the order given."""
        ...


class Registers(Protocol):
    """一单两库 and the rest: objects, inspectors, items, experts, people."""

    def put(self, entries: Sequence[RegisterEntry], at: datetime) -> None:
        """Store entries; one with the same kind and id is replaced."""
        ...

    def get(self, kind: str, entry_id: str) -> RegisterEntry | None:
        """Return one entry."""
        ...

    def all(self, kind: str) -> list[RegisterEntry]:
        """Return all entries of a register, ordered by the bytes of their ids."""
        ...

    def some(self, kind: str, ids: Sequence[str]) -> dict[str, RegisterEntry]:
        """Return entries by id; unknown ids are left out."""
        ...

    def mentioning(self, kind: str, word: str) -> list[str]:
        """Return the ids of at least all entries in whose data `word` stands as a text of its own, unordered."""
        ...

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Take entries out."""
        ...

    def summary(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Return, per register, how many entries it holds and when it was last changed."""
        ...

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a frozen copy of a register."""
        ...

    def snapshots(self, kind: str | None = None) -> list[Snapshot]:
        """Return the snapshots, newest first."""
        ...


class Records(Protocol):
    """Draws, publications, documents and other things that are made once and kept."""

    def put_draw(self, row: DrawRow) -> None:
        """Store a draw; one with the same case and number is replaced."""
        ...

    def draw(self, case_id: str, number: int | None = None) -> DrawRow | None:
        """Return a draw of a case: the one with `number`, else the newest."""
        ...

    def draws(self, case_id: str | None = None) -> list[DrawRow]:
        """Return draws, ordered by case and number."""
        ...

    def put_publication(self, publication: Publication) -> None:
        """Store a publication; one with the same id is replaced."""
        ...

    def publications(self, *, kind: str | None = None, case_id: str | None = None) -> list[Publication]:
        """Return publications, ordered by when they were published and id."""
        ...

    def put_document(self, document: Document) -> None:
        """Keep a document."""
        ...

    def documents(self, case_id: str) -> list[Document]:
        """Return the documents of a case, oldest first."""
        ...


class Definitions(Protocol):
    """Published definitions. A version never changes."""

    def put_texts(self, texts: Mapping[str, bytes]) -> None:
        """Keep source texts by their SHA-256."""
        ...

    def text(self, digest: str) -> bytes | None:
        """Return a source text."""
        ...

    def add_version(self, version: Version) -> None:
        """Add a version of a workflow."""
        ...

    def version(self, workflow: str, number: int | None = None) -> Version | None:
        """Return a version: the one with `number`, else the newest."""
        ...

    def versions(self, workflow: str | None = None) -> list[Version]:
        """Return versions, ordered by workflow and number."""
        ...


class Settings(Protocol):
    """Small things by name: calendar years, cursors."""

    def get(self, name: str) -> Any:
        """Return what is kept under `name` (JSON values), or None."""
        ...

    def put(self, name: str, value: Any) -> None:
        """Keep a JSON value under `name`."""
        ...

    def drop(self, name: str) -> None:
        """Keep nothing under `name` any more."""
        ...

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin with `prefix`, ordered."""
        ...


class Transaction(Protocol):
    """One transaction."""

    @property
    def touched(self) -> bool:
        """Tell whether this unit has written registers or settings: what it reads of them may yet be undone."""
        ...

    @property
    def cases(self) -> Cases:
        """The cases as they stand."""
        ...

    @property
    def events(self) -> Events:
        """The histories."""
        ...

    @property
    def tasks(self) -> Tasks:
        """What people must do now."""
        ...

    @property
    def timers(self) -> Timers:
        """The due instants."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What leaves the house."""
        ...

    @property
    def inbox(self) -> Inbox:
        """The messages people find in the house."""
        ...

    @property
    def registers(self) -> Registers:
        """一单两库 and the rest."""
        ...

    @property
    def records(self) -> Records:
        """Draws, publications, documents."""
        ...

    @property
    def definitions(self) -> Definitions:
        """Published definitions."""
        ...

    @property
    def settings(self) -> Settings:
        """Small things by name."""
        ...

    def receipt(self, request_id: str) -> IdempotencyRecord | None:
        """Return what a request answered, if it has been carried out."""
        ...

    def remember(self, receipt: IdempotencyRecord) -> None:
        """Keep the answer of a request. Raises Conflict if the id is already taken."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Begin a part that is undone alone when its block raises."""
        ...


class Store(Protocol):
    """Where everything is kept."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that may write; it commits at the end of the block, or rolls back if that raises."""
        ...

    def read(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that only reads, on one consistent state."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
