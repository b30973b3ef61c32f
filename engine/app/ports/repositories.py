"""What the rows of the office are read and written by: one repository for each kind of row.

Each is part of a `Transaction`, which commits what they have written or undoes all of it. `tests/contract` runs against every store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from engine.app.ports.records import (
        CaseFilter,
        Delegation,
        Document,
        DrawRow,
        Heartbeat,
        InboxEntry,
        MadeDocument,
        OutboxItem,
        Publication,
        RegisterEntry,
        Snapshot,
        Timer,
        Version,
    )
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event, StoredEvent


class Cases(Protocol):
    """The cases in their present state."""

    def get(self, case_id: str, *, lock: bool = False) -> Case | None:
        """Return a case; with `lock`, nobody else can write it before this transaction ends."""
        ...

    def many(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return several cases by id, locked; unknown ids are left out."""
        ...

    def lock_available(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return those of several cases that no other transaction has locked, locked; never waits."""
        ...

    def add(self, cases: Sequence[Case]) -> None:
        """Store new cases."""
        ...

    def save(self, case: Case, seen: int) -> None:
        """Replace a case whose revision is still `seen`. Raises ConflictError otherwise."""
        ...

    def save_many(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases, each with the revision that was seen. Raises ConflictError."""
        ...

    def save_moved(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases that have come to another state of their version, or have ended. Raises ConflictError."""
        ...

    def save_in_place(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases whose state, version and being open or closed have not changed. Raises ConflictError."""
        ...

    def find(self, wanted: CaseFilter, *, limit: int = 1000, after: str | None = None) -> list[Case]:
        """Return cases that fit, ordered by id, after the case `after`."""
        ...

    def count(self, wanted: CaseFilter) -> int:
        """Return how many cases fit."""
        ...

    def has_open_children_outside(self, parent: str, workflow: str, reached: Iterable[str]) -> bool:
        """Tell whether an open child of `parent` is in a state outside `reached`."""
        ...

    def count_children(self, parent: str) -> list[tuple[str, str, bool, int]]:
        """Return (workflow, state, whether open, how many) of the children of `parent`, ordered."""
        ...

    def number(self, name: str, count: int = 1) -> int:
        """Take `count` numbers of the sequence `name`; return the first (sequences start at 1)."""
        ...

    def last_number(self, name: str) -> int:
        """Return the last number taken of the sequence `name`, 0 before the first."""
        ...


class Events(Protocol):
    """The append-only histories."""

    def append(self, events: Sequence[Event]) -> None:
        """Add events; each must be the next of its stream. Raises ConflictError where it is not."""
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

    def streams(self, *, prefix: str = "", after: str = "") -> Iterator[str]:
        """Yield the names of all streams that begin with `prefix` and come after `after`, ordered."""
        ...

    def hashes(self, stream: str, *, after: int = 0) -> list[str]:
        """Return the hashes of a stream's events in order, from number `after` + 1."""
        ...

    def stored(self, after: tuple[str, int], limit: int) -> Sequence[StoredEvent]:
        """Return events of all streams as they are stored, by name of stream and number, from the first after `after`."""
        ...

    def hashes_at(self, places: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
        """Return the hash of the event at each place (stream, number); what is not there is left out."""
        ...

    def last_hashes(self) -> Iterator[tuple[str, int, str]]:
        """Yield the name of every stream with the number and the hash of its newest event, ordered by name."""
        ...

    def count(self, kind: str | None = None) -> int:
        """Return how many events (of one kind) there are."""
        ...


class Timers(Protocol):
    """The due instants. A timer is a row written with the state it belongs to."""

    def put(self, timers: Sequence[Timer]) -> None:
        """Set timers; one with the same case and name is replaced."""
        ...

    def drop(self, keys: Sequence[tuple[str, str]]) -> None:
        """Remove timers by (case, name)."""
        ...

    def replace(self, keys: Sequence[tuple[str, str]], timers: Sequence[Timer]) -> None:
        """Remove timers by (case, name), and set others."""
        ...

    def due(self, now: datetime, limit: int) -> list[Timer]:
        """Take up to `limit` timers that are due, earliest first; no other transaction gets them before this one ends."""
        ...

    def due_before(self, taken: Sequence[Timer]) -> set[str]:
        """Return the cases of timers just taken of which another transaction has taken an earlier one."""
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

    def incident(self, case_id: str, name: str) -> tuple[Timer, str] | None:
        """Return one timer if it is set aside, with what went wrong."""
        ...

    def of_case(self, case_id: str) -> list[Timer]:
        """Return the timers of one case."""
        ...

    def provisional(self) -> list[str]:
        """Return the ids of cases with a timer whose instant is provisional."""
        ...

    def count(self) -> int:
        """Return how many timers wait."""
        ...


class Outbox(Protocol):
    """Transactional outbox: written with the command that caused it, delivered afterwards."""

    def put(self, items: Sequence[OutboxItem]) -> None:
        """Add items; one whose id is already there is left as it is."""
        ...

    def take(self, now: datetime, limit: int, channels: Sequence[str]) -> list[OutboxItem]:
        """Take up to `limit` undelivered items of `channels` whose time has come, oldest first."""
        ...

    def sent(self, ids: Sequence[str], at: datetime) -> None:
        """Mark items as delivered."""
        ...

    def failed(
        self, item_id: str, error: str, retry_at: datetime | None, *, leases: int | None = None
    ) -> None:
        """Note a failed attempt; with no `retry_at` the item becomes an incident.

        With `leases` only while the item has been leased so many times: another may have leased it since.
        """
        ...

    def lease(self, ids: Sequence[str], until: datetime, note: str) -> None:
        """Lease the items to one sender until an instant. No attempt is counted: it has not been made yet."""
        ...

    def extend_lease(self, ids: Sequence[str], until: datetime) -> None:
        """Let waiting items wait until an instant: extends a lease, and defers items without one. Nothing is counted."""
        ...

    def return_lease(self, items: Sequence[OutboxItem]) -> None:
        """End the lease of items that were not tried, given as they were taken; what another has leased since stays with it."""
        ...

    def retry(self, item_id: str) -> bool:
        """Let an incident be tried once more; tell whether there was one. Its attempts stay counted."""
        ...

    def dismiss(self, item_id: str) -> bool:
        """Close an incident that is not to be tried again (status ``dismissed``); tell whether there was one."""
        ...

    def incident(self, item_id: str) -> OutboxItem | None:
        """Return one item if it is an incident."""
        ...

    def listed(self, *, status: str | None = None, limit: int = 1000) -> list[OutboxItem]:
        """Return items by status (``waiting``, ``sent``, ``incident``, ``dismissed``), newest first."""
        ...

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many items there are by (kind, status)."""
        ...


class Inbox(Protocol):
    """The messages people read in the product itself, written with the command that caused them."""

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
        """Return the ids of at least all entries in whose data `word` is a whole text, unordered."""
        ...

    def with_role(self, kind: str, role: str) -> list[str]:
        """Return the ids of at least all entries that name `role` among their roles, unordered."""
        ...

    def remove(self, kind: str, ids: Sequence[str]) -> None:
        """Remove entries."""
        ...

    def summary(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Return, per register, how many entries it holds and when it was last changed."""
        ...

    def changed_at(self, kind: str, entry_id: str) -> datetime | None:
        """Return when an entry was last put; None where there is none."""
        ...

    def unchanged_since(self, kind: str, before: datetime) -> Iterator[tuple[RegisterEntry, datetime]]:
        """Yield the entries last put before an instant, with when that was, ordered by the bytes of their ids."""
        ...

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a frozen copy of a register."""
        ...

    def snapshots(self, kind: str | None = None) -> list[Snapshot]:
        """Return the snapshots, newest first."""
        ...


class Records(Protocol):
    """Draws, publications and documents: made once and kept."""

    def put_draw(self, row: DrawRow) -> None:
        """Store a draw whose record holds all of its log; one with the same case and number is replaced."""
        ...

    def add_draw_line(self, case_id: str, number: int, seq: int, line: str) -> None:
        """Add the line number `seq` to the log of a draw, whose record is not written. Raises ConflictError where it is taken."""
        ...

    def draw(self, case_id: str, number: int | None = None) -> DrawRow | None:
        """Return a draw of a case: the one with `number`, else the newest."""
        ...

    def draws(self, case_id: str | None = None) -> list[DrawRow]:
        """Return draws, ordered by case and number."""
        ...

    def add_log_line(self, seq: int, line: str) -> None:
        """Add line number `seq` to the public log of the bureau. Raises ConflictError where the number is taken."""
        ...

    def log_lines(self, after: int = 0) -> list[str]:
        """Return the public log of the bureau over all its draws, line by line, from number `after` + 1."""
        ...

    def put_draw_key(self, case_id: str, number: int, key: bytes) -> None:
        """Keep the key of a draw. Raises ConflictError where there is one already."""
        ...

    def draw_key(self, case_id: str, number: int) -> bytes | None:
        """Return the key of a draw; empty bytes where it is destroyed."""
        ...

    def forget_draw_key(self, case_id: str, number: int) -> None:
        """Put nothing in the place of the key of a draw."""
        ...

    def draws_before(self, before: datetime) -> list[tuple[str, int]]:
        """Return case and number of the draws made before an instant, oldest first; no record is read."""
        ...

    def put_evidence(self, sha256: str, content: bytes) -> None:
        """Keep a file under its SHA-256."""
        ...

    def evidence(self, sha256: str) -> bytes | None:
        """Return the file of this SHA-256; empty bytes where it is destroyed."""
        ...

    def forget_evidence(self, sha256: str) -> None:
        """Put nothing in the place of a file."""
        ...

    def put_publication(self, publication: Publication) -> None:
        """Store a publication; one with the same id is replaced."""
        ...

    def publications(
        self, *, kind: str | None = None, case_id: str | None = None, ids: Sequence[str] | None = None
    ) -> list[Publication]:
        """Return publications (of a kind, of a case, with one of these ids), ordered by when they were published and id."""
        ...

    def put_document(self, document: Document) -> None:
        """Keep a document."""
        ...

    def documents(self, case_id: str) -> list[Document]:
        """Return the documents of a case, oldest first."""
        ...

    def count_documents(self, case_id: str) -> int:
        """Return how many documents a case has; none of them is read."""
        ...

    def made_documents(self, cases: Sequence[str]) -> list[MadeDocument]:
        """Return which documents were made for cases, and when, by case and oldest first; what they say is not read."""
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
    """JSON values by name: calendar years, cursors, what an importer has seen."""

    def get(self, name: str) -> Any:
        """Return the JSON value of `name`, or None."""
        ...

    def put(self, name: str, value: Any) -> None:
        """Store a JSON value as `name`; one that is there is replaced."""
        ...

    def drop(self, name: str) -> None:
        """Remove the value of `name`."""
        ...

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin with `prefix`, ordered."""
        ...


class Delegations(Protocol):
    """委托: who acts for whom. A delegation is never removed; one taken back early is marked so."""

    def all(self) -> list[Delegation]:
        """Return every delegation ever made, in the order in which they were made."""
        ...

    def add(self, delegation: Delegation, number: int | None = None) -> None:
        """Store a new delegation, the `number`-th ever made where the caller knows. Raises ConflictError where its id is taken."""
        ...

    def end(self, delegation_id: str) -> None:
        """Mark a delegation as taken back before its last day; an unknown id changes nothing."""
        ...


class Daemons(Protocol):
    """The last heartbeat of every daemon."""

    def put(self, heartbeat: Heartbeat) -> None:
        """Store a heartbeat; an earlier one of the same daemon is replaced."""
        ...

    def get(self, name: str) -> Heartbeat | None:
        """Return the last heartbeat of a daemon."""
        ...

    def all(self) -> list[Heartbeat]:
        """Return the last heartbeat of every daemon, ordered by name."""
        ...

    def last_at(self) -> datetime | None:
        """Return when the last heartbeat of any daemon was."""
        ...

    def drop_before(self, at: datetime) -> None:
        """Remove the heartbeats given before an instant."""
        ...
