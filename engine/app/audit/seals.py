"""Seals: one root over everything that must not change, kept as a chained entry and given to outsiders.

Chains show that nobody changed one entry alone. Whoever can write the whole database can make new chains; then the
roots that were given away no longer fit. A seal covers, as leaves of one tree (`engine.kernel.merkle_tree`),

* the newest entry of every history but that of the seals (``NAME``, its number, its hash),
* every publication (``publication:ID``; number 2 once withdrawn),
* the log of every draw (``draw:CASE/NUMBER``; number of lines).

A leaf is the text ``NAME\\nNUMBER\\nHASH``. It keeps its place for good; a leaf of a new name comes after all others,
new names of one seal in the order of their bytes. The stream ``seal`` holds, for every seal, what changed since the
last one (``heads``, several entries where it is much) and then the root (``sealed``): so any earlier root can be
made again, and a case that does not fit is named, not only the day. Beside each history stand the marks of the entries
it has grown by, the first `HASH_PREFIX` characters of their hashes: they prove nothing, but name the entry that was changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.app.history.credential import with_credential
from engine.app.history.event_time import behind, event_time
from engine.app.history.paged_reading import Reading, page_of, pages_of
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.records import DrawRow, OutboxItem, Publication, Seal
from engine.app.ports.store import Transaction
from engine.kernel.instants import to_text
from engine.kernel.merkle_tree import MerkleTree, ProofStep
from engine.lifecycle.chain import GENESIS, Event, canonical, follow
from engine.lifecycle.command import SYSTEM

if TYPE_CHECKING:
    from engine.app.services import Services

STREAM = "seal"
HEADS, SEALED = "heads", "sealed"
PUBLICATION, DRAW = "publication:", "draw:"
#: The leaf of the public log over all draws of ssj-draw/2. No case has this name: cases are numbered.
PUBLIC_LOG = "draw:log"

#: Characters of a mark.
HASH_PREFIX = 8
#: Leaves named in one entry, so that the size of a row is bounded.
CHUNK = 2000
#: Entries fetched at a time.
ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf: how far something had come, and the hash it had there."""

    name: str
    seq: int
    hash: str
    #: The marks of the entries since the last seal, up to number `seq`; no part of the leaf.
    marks: str = field(default="", compare=False)

    @property
    def leaf(self) -> str:
        """Return the text that is hashed."""
        return f"{self.name}\n{self.seq}\n{self.hash}"


@dataclass(slots=True)
class SealedTree:
    """All leaves as the last seal has them, with their tree."""

    leaves: list[Leaf] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    tree: MerkleTree = field(default_factory=MerkleTree)

    def of(self, name: str) -> Leaf | None:
        """Return the leaf of a name."""
        place = self.places.get(name)
        return None if place is None else self.leaves[place]

    def put(self, leaf: Leaf) -> None:
        """Take up a new or newer leaf."""
        place = self.places.get(leaf.name)
        if place is None:
            self.places[leaf.name] = self.tree.append(leaf.leaf)
            self.leaves.append(leaf)
        else:
            self.tree.replace(place, leaf.leaf)
            self.leaves[place] = leaf

    def proof(self, name: str) -> tuple[ProofStep, ...]:
        """Return the steps from the leaf of a name to the root. Raises KeyError for a name never sealed."""
        return self.tree.proof(self.places[name])


@dataclass(frozen=True, slots=True)
class SealDraft:
    """A seal that has been worked out: what has changed since the last one, and the root with it.

    `last` is the entry of the seal it follows; it may be written while that is the newest.
    """

    changed: tuple[Leaf, ...]
    root: str
    leaves: int
    last: Event | None


def draft_seal(transaction: Transaction) -> SealDraft | None:
    """Work out the seal over everything `transaction` sees; None where nothing has changed since the last seal.

    It reads all histories, so it is done in a reading transaction; `write_seal` writes what it found.
    """
    last = transaction.events.last(STREAM)
    ledger = sealed_tree_of(transaction)
    changed = tuple(
        _marked(transaction, head, ledger.of(head.name))
        for head in present(transaction)
        if ledger.of(head.name) != head
    )
    if not changed:
        return None
    for head in changed:
        ledger.put(head)
    return SealDraft(changed, ledger.tree.root(), len(ledger.tree), last)


def write_seal(transaction: Transaction, now: datetime, zone: tzinfo, by: str, draft: SealDraft) -> Seal:
    """Write a seal that was worked out before. Raises ConflictError where another has been made since.

    The day of a seal is that of `zone` on which it is written. What was committed while it was worked out is left to the next
    one.
    """
    events = _entries(now, draft, now.astimezone(zone).date().isoformat(), by)
    # Each entry names the one before it: where that is no longer the newest, nothing is written.
    transaction.events.append(events)
    made = seal_of(events[-1])
    transaction.outbox.put([_order_of_site(made, now)])
    return made


def seal(services: Services, zone: tzinfo | None = None) -> Seal | None:
    """Seal as the daemon does, which is no person's act; the day is that of `zone` (default: the office's)."""

    def transact() -> Seal | None:
        with services.store.read() as transaction:
            draft = draft_seal(transaction)
        if draft is None:
            return None
        with services.store.write() as transaction:
            now = services.clock.now()
            return write_seal(transaction, now, zone or services.definitions.time.zone, SYSTEM, draft)

    return retry_on_conflict(transact)


def seal_of_today(services: Services) -> Seal | None:
    """Seal, unless that was done today; None where nothing was sealed."""
    today = services.clock.now().astimezone(services.definitions.time.zone).date().isoformat()
    with services.store.read() as transaction:
        last = transaction.events.last(STREAM)
    if last is not None and last.body.get("day") == today:
        return None
    return seal(services)


def present(transaction: Transaction) -> Iterator[Leaf]:
    """Yield the leaves as the store has them now: histories first, then publications, then draws."""
    for name, seq, hashed in transaction.events.last_hashes():
        if name != STREAM:
            yield Leaf(name, seq, hashed)
    for publication in sorted(transaction.records.publications(), key=lambda found: found.id.encode()):
        yield publication_leaf(publication)
    for row in transaction.records.draws():
        if not row.public:
            yield draw_leaf(row)
    if lines := transaction.records.log_lines():
        yield public_log_leaf(lines)


def publication_leaf(publication: Publication, *, as_published: bool = False) -> Leaf:
    """Return the leaf of a publication; `as_published` leaves out that it was withdrawn."""
    body: list[Any] = [
        publication.kind,
        publication.case,
        publication.title,
        publication.body,
        to_text(publication.published_at),
        publication.due_on.isoformat() if publication.due_on else None,
        publication.late,
    ]
    withdrawn = publication.withdrawn_at if not as_published else None
    if withdrawn:
        body += [to_text(withdrawn), publication.withdrawn_because]
    digest = hashlib.sha256(canonical(body).encode()).hexdigest()
    return Leaf(PUBLICATION + publication.id, 2 if withdrawn else 1, digest)


def draw_leaf(row: DrawRow, lines: int | None = None) -> Leaf:
    """Return the leaf of a draw's log, or of its first `lines` lines."""
    log = row.log
    count = len(log) if lines is None else lines
    digest = hashlib.sha256("\n".join(log[:count]).encode()).hexdigest()
    return Leaf(f"{DRAW}{row.case}/{row.number}", count, digest)


def public_log_leaf(lines: Sequence[str], count: int | None = None) -> Leaf:
    """Return the leaf of the public log of draws, or of its first `count` lines."""
    size = len(lines) if count is None else count
    return Leaf(PUBLIC_LOG, size, hashlib.sha256("\n".join(lines[:size]).encode()).hexdigest())


def sealed_tree_of(transaction: Transaction, until: int | None = None) -> SealedTree:
    """Return all leaves as the newest seal has them, or the seal whose entry is number `until`."""
    ledger = SealedTree()
    for event in entries(transaction):
        if until is not None and event.seq > until:
            break
        for head in leaves_of(event):
            ledger.put(head)
    return ledger


def entries(reading: Reading) -> Iterator[Event]:
    """Yield the entries of the stream of seals, oldest first, a few in memory at a time."""
    pages = pages_of(
        lambda seq: page_of(reading).events.of(STREAM, after=seq, limit=ENTRIES),
        0,
        attrgetter("seq"),
        ENTRIES,
    )
    for page in pages:
        yield from page


def leaves_of(event: Event) -> Iterator[Leaf]:
    """Yield the leaves an entry of the stream of seals names."""
    if event.kind == HEADS:
        yield from map(leaf_of, event.body.get("heads", ()))


def leaf_of(row: Sequence[Any]) -> Leaf:
    """Return the leaf of a row ``[name, number, hash]``, with the marks where there is a fourth."""
    name, seq, hashed, *marks = row
    return Leaf(str(name), int(seq), str(hashed), str(marks[0]) if marks else "")


def row_of(head: Leaf) -> list[Any]:
    """Return the row of a leaf."""
    row = [head.name, head.seq, head.hash]
    return [*row, head.marks] if head.marks else row


def hash_prefixes_of(hashes: Iterable[str]) -> str:
    """Return the marks of entries."""
    return "".join(one[:HASH_PREFIX] for one in hashes)


def seals(reading: Reading) -> Iterator[Seal]:
    """Yield all seals, oldest first."""
    for event in entries(reading):
        if event.kind == SEALED:
            yield seal_of(event)


def seal_of(event: Event) -> Seal:
    """Return the seal an entry of the kind `sealed` is."""
    body = event.body
    return Seal(body["number"], body["day"], event.at, body["root"], body["leaves"], event.seq, event.hash)


def _marked(transaction: Transaction, head: Leaf, before: Leaf | None) -> Leaf:
    """Return the leaf with the marks of what its history has grown by."""
    if head.name.startswith((PUBLICATION, DRAW)):
        return head
    good = before.seq if before else 0
    return replace(
        head, marks=hash_prefixes_of(transaction.events.hashes(head.name, after=good)[: head.seq - good])
    )


def _order_of_site(made: Seal, now: datetime) -> OutboxItem:
    """Order the site to be built with the new root on it."""
    return OutboxItem(
        id=f"{STREAM}:{made.number}",
        kind="site",
        channel="site",
        recipient=None,
        case=None,
        payload={"sealed": made.day},
        created_at=now,
    )


def _entries(now: datetime, draft: SealDraft, day: str, by: str) -> list[Event]:
    last = draft.last
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    number = int(last.body["number"]) + 1 if last else 1
    rows = [row_of(head) for head in draft.changed]
    bodies: list[tuple[str, dict[str, Any]]] = [
        (HEADS, {"heads": rows[at : at + CHUNK]}) for at in range(0, len(rows), CHUNK)
    ]
    bodies.append((SEALED, {"number": number, "day": day, "root": draft.root, "leaves": draft.leaves}))
    at = event_time(now, last.at if last else None)
    made = []
    for kind, body in bodies:
        seq += 1
        written = {**with_credential(by, body), **behind(now, at)}
        made.append(follow(STREAM, seq, at, by, kind, written, previous))
        previous = made[-1].hash
    return made
