"""Seals: one root over everything that must not change, kept as a chained entry and given to outsiders.

Chains show that nobody changed one entry alone. Whoever can write the whole database can make new chains; then the
roots that were given away no longer fit. A seal covers, as leaves of one tree,

* the newest entry of every history but that of the seals (``NAME``, its number, its hash),
* every publication (``publication:ID``; number 2 once withdrawn),
* the log of every draw (``draw:CASE/NUMBER``; number of lines), and the public log of draws (`PUBLIC_LOG`).

A leaf is the text ``NAME\\nNUMBER\\nHASH``. What has changed since the last seal is appended: a history that has grown has
another leaf. So a seal is made of the roots of the perfect subtrees its entry holds and of what is new, which the row
statements since tell (`position`); nothing else is read. Seals of earlier programs replaced a leaf in its place, and read
every history: `engine.app.audit.sealed` reads both.

The stream ``seal`` holds, for every seal, what changed since the last one (``heads``, several entries where it is much)
and then the root (``sealed``). So any earlier root can be made again, and a case that does not fit is named, not only the
day. What one seal takes is bounded, so that its writing transaction is; where more has been committed, it covers what came
first and says so (``rest``). It is whole by itself, and the next one goes on from it. Beside each history stand the marks of
the entries it has grown by, the first `HASH_PREFIX` characters of their hashes: they prove nothing, but name the entry that
was changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.app.audit.statements import statement_pages
from engine.app.history.case_records import publication_digest
from engine.app.history.credential import with_credential
from engine.app.history.event_time import behind, event_time
from engine.app.history.paged_reading import Reading, page_of, pages_of
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.records import DrawRow, OutboxItem, Publication, Seal
from engine.app.ports.store import Transaction
from engine.kernel.append_only_tree import GrowingTree, leaf_hash
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.lifecycle.command import SYSTEM

if TYPE_CHECKING:
    from engine.app.ports.audit.statements import RowStatement
    from engine.app.services import Services

STREAM = "seal"
HEADS, SEALED = "heads", "sealed"
#: Of an entry `heads`: its leaves were appended. Of an entry `sealed`: what the next seal starts from.
APPENDED, SUBTREES, POSITION = "appended", "subtrees", "position"
#: Of an entry `sealed`: more had been committed than it covers.
REST = "rest"
#: The parts of rows that have leaves.
_SEALED_PARTS = ("publication", "draw", "draw_line", "draw_log")
PUBLICATION, DRAW = "publication:", "draw:"
#: The leaf of the public log over all draws of ssj-draw/2. No case has this name: cases are numbered.
PUBLIC_LOG = "draw:log"

#: Characters of a mark.
HASH_PREFIX = 8
#: Leaves named in one entry, so that the size of a row is bounded.
CHUNK = 2000
#: Events a seal has marks of: its entries hold so much, and no more, whatever has been committed since the last one. Only
#: what one transaction stated at once may exceed both bounds.
MAX_EVENTS = 20_000
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


@dataclass(frozen=True, slots=True)
class SealDraft:
    """A seal that has been worked out: what has changed since the last one, and the root with it.

    `last` is the entry of the seal it follows; it may be written while that is the newest.
    """

    changed: tuple[Leaf, ...]
    tree: GrowingTree
    #: The position of the last row statement it covers.
    position: int
    last: Event | None
    #: Whether more has been committed than it covers.
    rest: bool = False


def draft_seal(transaction: Transaction) -> SealDraft | None:
    """Work out the seal over what `transaction` sees, or as much of it as one takes; None where nothing has changed since the last.

    It reads what was stated since, in a transaction that only reads; `write_seal` writes what it found.
    """
    last = transaction.events.last(STREAM)
    tree, position = tree_of(last), int(last.body.get(POSITION, 0)) if last else 0
    grown = _Grown(transaction, position)
    changed = tuple(grown.leaves(transaction))
    while not changed and grown.rest:
        # What was taken up has no leaves: the draws of another format.
        grown = _Grown(transaction, grown.position)
        changed = tuple(grown.leaves(transaction))
    if not changed:
        return None
    for leaf in changed:
        tree.append(leaf_hash(leaf.leaf.encode()))
    return SealDraft(changed, tree, grown.position, last, grown.rest)


class _Grown:
    """What has grown since the last seal, by the row statements after a position."""

    def __init__(self, transaction: Transaction, position: int) -> None:
        self.position = position
        #: stream -> the number of its first new event, and number and hash of its last
        self._streams: dict[str, tuple[int, int, str]] = {}
        self._publications: set[str] = set()
        self._draws: set[tuple[str, int]] = set()
        self._lines: set[int] = set()
        #: Whether there is more than one seal takes.
        self.rest = False
        self._events = 0
        settled = transaction.statements.settled()
        for page in statement_pages(transaction, position):
            for one in page:
                if one.position <= settled and not self.rest:
                    self._take(one)
            if self.rest:
                break

    def _take(self, statement: RowStatement) -> None:
        """Take up a statement; where it is too much beside those before, note that there is more."""
        events = [one for one in json.loads(statement.events) if one[0] != STREAM]
        named = any(f'"{part}"' in statement.rows for part in _SEALED_PARTS)
        rows = json.loads(statement.rows) if named else []
        publications = {key[0] for part, key, _ in rows if part == "publication"}
        draws = {(key[0], key[1]) for part, key, _ in rows if part in ("draw", "draw_line")}
        lines = {key[0] for part, key, _ in rows if part == "draw_log"}
        count = sum(last - first + 1 for _, first, last, _ in events)
        new = sum(stream not in self._streams for stream, *_ in events)
        size = len(self._streams) + len(self._publications | publications) + len(self._draws | draws) + 1
        begun = self._streams or self._publications or self._draws or self._lines
        if begun and (size + new > CHUNK or self._events + count > MAX_EVENTS):
            self.rest = True
            return
        self.position = statement.position
        self._events += count
        for stream, first, last, hashed in events:
            first_new = self._streams.get(stream, (first,))[0]
            self._streams[stream] = (first_new, last, hashed)
        self._publications |= publications
        self._draws |= draws
        self._lines |= lines

    def leaves(self, transaction: Transaction) -> Iterator[Leaf]:
        """Yield the leaves: histories first, then publications, draws, and the public log of draws."""
        for name in sorted(self._streams, key=str.encode):
            first, last, hashed = self._streams[name]
            new = transaction.events.hashes(name, after=first - 1)[: last - first + 1]
            yield Leaf(name, last, hashed, hash_prefixes_of(new))
        for piece in _pieces(sorted(self._publications, key=str.encode)):
            yield from map(publication_leaf, transaction.records.publications(ids=piece))
        for case, number in sorted(self._draws):
            row = transaction.records.draw(case, number)
            if row is not None and not row.public:
                yield draw_leaf(row)
        if self._lines:
            first, last = min(self._lines), max(self._lines)
            lines = transaction.records.log_lines(first - 1)[: last - first + 1]
            yield public_log_leaf(lines, first - 1)


def _pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield ids in pieces of a bounded size."""
    for at in range(0, len(ids), ENTRIES):
        yield ids[at : at + ENTRIES]


def write_seal(transaction: Transaction, now: datetime, zone: tzinfo, by: str, draft: SealDraft) -> Seal:
    """Write a seal that was worked out before. Raises ConflictError where another has been made since.

    The day of a seal is that of `zone` on which it is written. What was committed while it was worked out is left to the next
    one.
    """
    events = _entries(now, draft, now.astimezone(zone).date().isoformat(), by)
    # Each entry names the one before it: where that is no longer the newest, nothing is written.
    transaction.events.append(events)
    made = seal_of(events[-1])
    if not made.rest:
        transaction.outbox.put([_order_of_site(made, now)])
    return made


def seal(services: Services, zone: tzinfo | None = None) -> Seal | None:
    """Seal as the daemon does, which is no person's act; the day is that of `zone` (default: the office's).

    Everything committed until now is sealed, in as many seals as it takes, each in a transaction of its own: one that was
    broken off is gone on with by the next. Returns the last of them, None where nothing had changed.
    """

    def transact() -> Seal | None:
        with services.store.read() as transaction:
            draft = draft_seal(transaction)
        if draft is None:
            return None
        with services.store.write() as transaction:
            now = services.clock.now()
            return write_seal(transaction, now, zone or services.definitions.time.zone, SYSTEM, draft)

    made = None
    while (one := retry_on_conflict(transact)) is not None:
        made = one
        if not made.rest:
            break
    return made


def seal_of_today(services: Services) -> Seal | None:
    """Seal, unless that was done today and nothing was left; None where nothing was sealed."""
    today = services.clock.now().astimezone(services.definitions.time.zone).date().isoformat()
    with services.store.read() as transaction:
        last = transaction.events.last(STREAM)
    if last is not None and last.body.get("day") == today and not last.body.get(REST):
        return None
    return seal(services)


def publication_leaf(publication: Publication, *, as_published: bool = False) -> Leaf:
    """Return the leaf of a publication; `as_published` leaves out that it was withdrawn."""
    withdrawn = publication.withdrawn_at if not as_published else None
    digest = publication_digest(publication, as_published=as_published)
    return Leaf(PUBLICATION + publication.id, 2 if withdrawn else 1, digest)


def draw_leaf(row: DrawRow, lines: int | None = None) -> Leaf:
    """Return the leaf of a draw's log, or of its first `lines` lines."""
    log = row.log
    count = len(log) if lines is None else lines
    digest = hashlib.sha256("\n".join(log[:count]).encode()).hexdigest()
    return Leaf(f"{DRAW}{row.case}/{row.number}", count, digest)


def public_log_leaf(lines: Sequence[str], before: int = 0) -> Leaf:
    """Return the leaf of so many lines of the public log of draws, which come after `before` others."""
    return Leaf(PUBLIC_LOG, before + len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())


def entries(reading: Reading, after: int = 0) -> Iterator[Event]:
    """Yield the entries of the stream of seals, oldest first, from number `after` + 1, a few in memory at a time."""
    pages = pages_of(
        lambda seq: page_of(reading).events.of(STREAM, after=seq, limit=ENTRIES),
        after,
        attrgetter("seq"),
        ENTRIES,
    )
    for page in pages:
        yield from page


def leaves_of(event: Event) -> Iterator[Leaf]:
    """Yield the leaves an entry of the stream of seals names."""
    if event.kind == HEADS:
        yield from map(leaf_of, event.body.get("heads", ()))


def is_appended(event: Event) -> bool:
    """Tell whether the leaves an entry names were appended, and not put in the place of earlier ones."""
    return event.body.get(APPENDED) is True


def tree_of(event: Event | None) -> GrowingTree:
    """Return the tree the seal after the one of an entry grows from: none where its leaves had been replaced in their places.

    Raises ValueError where the entry holds none.
    """
    if event is None or SUBTREES not in event.body:
        return GrowingTree()
    return GrowingTree(event.body["leaves"], [bytes.fromhex(one) for one in event.body[SUBTREES]])


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
    return Seal(
        body["number"],
        body["day"],
        event.at,
        body["root"],
        body["leaves"],
        event.seq,
        event.hash,
        body.get(REST) is True,
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
        (HEADS, {"heads": rows[at : at + CHUNK], APPENDED: True}) for at in range(0, len(rows), CHUNK)
    ]
    sealed = {
        "number": number,
        "day": day,
        "root": draft.tree.root().hex(),
        "leaves": draft.tree.size,
        SUBTREES: [one.hex() for one in draft.tree.subtrees],
        POSITION: draft.position,
        **({REST: True} if draft.rest else {}),
    }
    bodies.append((SEALED, sealed))
    at = event_time(now, last.at if last else None)
    made = []
    for kind, body in bodies:
        seq += 1
        written = {**with_credential(by, body), **behind(now, at)}
        made.append(follow(STREAM, seq, at, by, kind, written, previous))
        previous = made[-1].hash
    return made
