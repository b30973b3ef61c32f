"""The append-only histories in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from sqlite3 import SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE, IntegrityError
from typing import TYPE_CHECKING, Any

from engine.app.ports.store import ConflictError
from engine.lifecycle.chain import GENESIS, Event, StoredEvent, event_of
from engine.store.case_codec import event_row
from engine.store.sql.kept.kept_statements import kept, made
from engine.store.sql.prepared import ASK, CHUNK, DriverConnection, pieces

#: What SQLite says of a key that is taken.
_TAKEN = (SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE)
_stream = attrgetter("stream")
#: So many events are sent without waiting at most.
FEW = 8


if TYPE_CHECKING:
    from engine.store.sql.core import events as core
else:
    core = kept("events")


class SqlEvents:
    """`engine.app.ports.repositories.Events`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def append(self, events: Sequence[Event]) -> None:
        """Add events; each must be the next of its stream. Raises ConflictError where it is not."""
        heads: dict[str, Event] = {}
        begun: list[tuple[Any, ...]] = []
        followed: list[tuple[Any, ...]] = []
        link = self._driver
        if link.heads and len(events) <= FEW and link.heads.keys() >= {*map(_stream, events)}:
            self._send(events)
            return
        before = {} if link.on_server else self._before(events)
        for one in events:
            head = heads.get(one.stream)
            seq, previous = (head.seq, head.hash) if head else (one.seq - 1, one.previous)
            if (
                one.seq != seq + 1
                or one.previous != previous
                or (seq == 0) != (previous == GENESIS)
                or seq < 0
            ):
                raise ConflictError(one.stream)
            heads[one.stream] = one
            if not seq or head is not None:
                begun.append(event_row(one))
            elif link.on_server:
                followed.append((*event_row(one), one.stream, seq, previous))
            elif before.get((one.stream, seq)) == previous:
                # Asked first: SQLite makes a table of its own for an INSERT that looks at what it writes to.
                begun.append(event_row(one))
            else:
                raise ConflictError(one.stream)
        if (begun and link.run_many(core.BEGIN, begun) != len(begun)) or (
            followed and link.run_many(core.FOLLOW, followed) != len(followed)
        ):
            raise ConflictError(self._overtaken(events))
        if len(events) > FEW:
            link.fresh.update([f"{one.stream}:{one.seq}" for one in events])
        link.appended(events)

    def _before(self, events: Sequence[Event]) -> Mapping[tuple[str, int], str]:
        """Return the hashes of the stored events that the first new one of each stream follows."""
        firsts: dict[str, int] = {}
        for one in events:
            firsts.setdefault(one.stream, one.seq - 1)
        return self.hashes_at([place for place in firsts.items() if place[1]])

    def _send(self, events: Sequence[Event]) -> None:
        """Add events of histories whose newest is known, and which others cannot write now."""
        link = self._driver
        for one in events:
            if link.heads[one.stream] != (one.seq - 1, one.previous):
                raise ConflictError(one.stream)
            link.heads[one.stream] = (one.seq, one.hash)
            link.stems.append(f"{one.stream}:{one.seq}:")
        rows = [*map(event_row, events)]
        try:
            link.send("event", (core.ADD, rows))
        except IntegrityError as problem:
            # A trigger that refuses is one of them as well: that the data has moved is no conflict.
            if problem.sqlite_errorcode not in _TAKEN:
                raise
            raise ConflictError(self._overtaken(events)) from None
        link.appended(events)

    def _overtaken(self, written: Sequence[Event]) -> str:
        """Return the first stream whose history is not stored as it was written."""
        for one in written:
            row = self._driver.first(core.HASH, (one.stream, one.seq))
            if row is None or row[0] != one.hash:
                return one.stream
        return written[0].stream

    def of(self, stream: str, *, after: int = 0, limit: int = 10_000) -> list[Event]:
        """Return events of a stream in order."""
        return [event_of(row) for row in self._driver.run(core.OF, (stream, after, limit))]

    def last(self, stream: str) -> Event | None:
        """Return the newest event of a stream."""
        row = self._driver.first(core.LAST, (stream,))
        return None if row is None else event_of(row)

    def newest(self, streams: Sequence[str]) -> tuple[str, ...]:
        """Return the hash of the newest event of each stream, "" for one without events."""
        ahead = self._driver.ahead
        found = ASK if ahead is None else ahead.pop(("newest", *streams), ASK)
        if found is ASK:
            found = (
                self._driver.first(made("events", "newest", len(streams)), tuple(streams))
                if streams
                else None
            )
        # None where a stream has none.
        return tuple(found) if found and None not in found else tuple([one or "" for one in found or ()])

    def streams(self, *, prefix: str = "", after: str = "") -> Iterator[str]:
        """Yield the names of all streams that begin with `prefix` and come after `after`, fetched page by page."""
        page = self._driver.connection.execute(core.streams(prefix, after)).scalars().all()
        while page:
            for name in page:
                # SQLite keeps bytes as well, which come after all texts.
                if prefix and not (isinstance(name, str) and name.startswith(prefix)):
                    return
                yield name
            page = self._driver.connection.execute(core.streams(prefix, page[-1])).scalars().all()

    def hashes(self, stream: str, *, after: int = 0) -> list[str]:
        """Return the hashes of a stream's events in order."""
        return [row[0] for row in self._driver.run(core.HASHES, (stream, after))]

    def stored(self, after: tuple[str, int], limit: int) -> Sequence[StoredEvent]:
        """Return events of all streams as they are stored, by name of stream and number."""
        return list(self._driver.run(core.STORED, (*after, limit)))

    def hashes_at(self, places: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
        """Return the hash of the event at each place."""
        found: dict[tuple[str, int], str] = {}
        for piece in pieces(places, CHUNK):
            if len(piece) == CHUNK:
                rows = self._driver.run(
                    core.hashes_at(CHUNK), tuple([one for place in piece for one in place])
                )
                found.update(((row[0], row[1]), row[2]) for row in rows)
                continue
            for place in piece:
                if (row := self._driver.first(core.HASH, place)) is not None:
                    found[place] = row[0]
        return found

    def last_hashes(self) -> Iterator[tuple[str, int, str]]:
        """Yield every stream with the number and the hash of its newest event, fetched page by page."""
        after = ""
        while page := list(self._driver.connection.execute(core.last_hashes(after))):
            yield from ((row[0], row[1], row[2]) for row in page)
            after = page[-1][0]

    def count(self, kind: str | None = None) -> int:
        """Return how many events (of one kind) there are."""
        query = core.count(kind)
        return self._driver.connection.execute(query).scalar_one()
