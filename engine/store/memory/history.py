"""Cases and their histories in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from engine.app.ports.records import CaseFilter
from engine.app.ports.store import ConflictError
from engine.kernel.instants import require_aware
from engine.lifecycle.case import Case
from engine.lifecycle.chain import GENESIS, Event, StoredEvent, event_of
from engine.store.case_codec import case_of, case_row, event_row
from engine.store.codec import to_json
from engine.store.memory.undo_log import Groups, MemoryTable, Sorted, UndoLog


class MemoryCases:
    """`engine.app.ports.repositories.Cases`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._children: Groups[str, Case] = Groups(lambda case: case.parent)
        self._subjects: Groups[str, Case] = Groups(lambda case: case.subject.get("id"))
        self._ids: Sorted[str, Case] = Sorted(lambda case: (case.id,))
        self._open: Sorted[str, Case] = Sorted(
            lambda c: (c.parent, c.workflow, c.state, c.id) if c.parent and c.open else None
        )
        self._cases = MemoryTable(
            undo_log,
            self._children,
            self._subjects,
            self._ids,
            self._open,
            table="case",
            row=lambda _, case: case_row(case),
        )
        self._sequences: MemoryTable[str, int] = MemoryTable(
            undo_log, table="sequence_counter", row=lambda name, last: (name, last)
        )

    def get(self, case_id: str, *, lock: bool = False) -> Case | None:
        """Return a case."""
        return self._cases.get(case_id)

    def many(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return several cases by id."""
        return {i: case for i in case_ids if (case := self._cases.get(i)) is not None}

    def lock_available(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """Return several cases by id: no other transaction has locked any."""
        return self.many(case_ids)

    def add(self, cases: Sequence[Case]) -> None:
        """Store new cases. Raises ConflictError where an id is taken."""
        for case in cases:
            if self._cases.get(case.id) is not None:
                raise ConflictError(case.id)
            self._cases.put(case.id, case_of(case_row(case)))

    def save(self, case: Case, seen: int) -> None:
        """Replace a case whose revision is still `seen`."""
        known = self._cases.get(case.id)
        if known is None or known.rev != seen:
            raise ConflictError(case.id)
        self._cases.put(case.id, case_of(case_row(case)))

    def save_many(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases."""
        for case, seen in changes:
            self.save(case, seen)

    def save_moved(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases that have come to another state of their version, or have ended."""
        self.save_many(changes)

    def save_in_place(self, changes: Sequence[tuple[Case, int]]) -> None:
        """Replace several cases whose state, version and being open or closed have not changed."""
        self.save_many(changes)

    def find(self, wanted: CaseFilter, *, limit: int = 1000, after: str | None = None) -> list[Case]:
        """Return cases that fit, ordered by id."""
        return list(islice(self._fitting(wanted, after), limit))

    def count(self, wanted: CaseFilter) -> int:
        """Return how many cases fit."""
        return sum(1 for _ in self._fitting(wanted, None))

    def _fitting(self, wanted: CaseFilter, after: str | None) -> Iterator[Case]:
        opened = (_utc(wanted.opened_from), _utc(wanted.opened_before))
        for case_id in self._likely(wanted, after):
            if after is not None and case_id <= after:
                continue
            case = self._cases.rows[case_id]
            if _fits(case, wanted, *opened):
                yield case

    def _likely(self, wanted: CaseFilter, after: str | None) -> Iterable[str]:
        if wanted.parent is not None:
            return sorted(self._children.of(wanted.parent))
        if wanted.subject is not None:
            return sorted(self._subjects.of(wanted.subject))
        return (place[0] for place in self._ids.since((after or "",)))

    def has_open_children_outside(self, parent: str, workflow: str, reached: Iterable[str]) -> bool:
        """Tell whether an open child is in a state outside `reached`, looking at one child per state."""
        passed = set(reached)
        state = ""
        while (place := next(self._open.since((parent, workflow, state)), None)) is not None:
            if place[:2] != (parent, workflow):
                return False
            if place[2] not in passed:
                return True
            # The least text after this state; the next place has another one.
            state = place[2] + "\0"
        return False

    def count_children(self, parent: str) -> list[tuple[str, str, bool, int]]:
        """Return (workflow, state, whether open, how many) of the children of `parent`, ordered."""
        children = (self._cases.rows[case_id] for case_id in self._children.of(parent))
        counted = Counter((child.workflow, child.state, child.open) for child in children)
        return sorted((*kind, count) for kind, count in counted.items())

    def number(self, name: str, count: int = 1) -> int:
        """Take running numbers of a sequence."""
        last = self._sequences.get(name) or 0
        self._sequences.put(name, last + count)
        return last + 1

    def last_number(self, name: str) -> int:
        """Return the last number taken of a sequence."""
        return self._sequences.get(name) or 0


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else require_aware(at)


def _fits(case: Case, wanted: CaseFilter, since: datetime | None, before: datetime | None) -> bool:
    asked = (
        (wanted.workflow, case.workflow),
        (wanted.version, case.version),
        (wanted.state, case.state),
        (wanted.parent, case.parent),
        (wanted.section, case.section),
        (wanted.subject, case.subject.get("id")),
        (wanted.open, case.open),
    )
    return (
        all(value is None or value == seen for value, seen in asked)
        and (since is None or case.opened_at >= since)
        and (before is None or case.opened_at < before)
    )


class MemoryEvents:
    """`engine.app.ports.repositories.Events`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._undo_log = undo_log
        self._streams: dict[str, list[Event]] = {}
        #: Streams as they were when all were kept last, without those that have changed since.
        self._kept: dict[str, tuple[Event, ...]] = {}

    def append(self, events: Sequence[Event]) -> None:
        """Add events; each must be the next of its stream."""
        for event in events:
            stream = self._streams.get(event.stream, [])
            seq, head = (stream[-1].seq, stream[-1].hash) if stream else (0, GENESIS)
            if event.seq != seq + 1 or event.previous != head:
                raise ConflictError(event.stream)
            settled = event_of(event_row(event))
            self._undo_log.note(lambda name=event.stream: self._shorten(name))  # type: ignore[misc]  # mypy cannot infer a default
            self._undo_log.appended.append(settled)
            self._streams.setdefault(event.stream, stream).append(settled)
            self._kept.pop(event.stream, None)

    def _shorten(self, name: str) -> None:
        self._undo_log.appended.pop()
        self._kept.pop(name, None)
        self._streams[name].pop()
        if not self._streams[name]:
            del self._streams[name]

    def kept(self) -> Mapping[str, tuple[Event, ...]]:
        """Return every stream as it is now; one that has not changed is the same tuple again."""
        for name, events in self._streams.items():
            if name not in self._kept:
                self._kept[name] = tuple(events)
        return dict(self._kept)

    def back_to(self, streams: Mapping[str, tuple[Event, ...]]) -> None:
        """Hold exactly these streams again; `streams` is what `kept` returned."""
        kept = self._kept
        self._streams = {
            name: self._streams[name] if kept.get(name) is events else list(events)
            for name, events in streams.items()
        }
        self._kept = dict(streams)

    def of(self, stream: str, *, after: int = 0, limit: int = 10_000) -> list[Event]:
        """Return events of a stream in order."""
        # Numbers begin at 1 and have no gaps: event `after` + 1 is at place `after`.
        return self._streams.get(stream, [])[after : after + limit]

    def last(self, stream: str) -> Event | None:
        """Return the newest event of a stream."""
        events = self._streams.get(stream)
        return events[-1] if events else None

    def newest(self, streams: Sequence[str]) -> tuple[str, ...]:
        """Return the hash of the newest event of each stream, "" for one without events."""
        return tuple(last.hash if (last := self.last(stream)) else "" for stream in streams)

    def streams(self, *, prefix: str = "", after: str = "") -> Iterator[str]:
        """Yield the names of all streams that begin with `prefix` and come after `after`, ordered."""
        yield from sorted(name for name in self._streams if name.startswith(prefix) and name > after)

    def hashes(self, stream: str, *, after: int = 0) -> list[str]:
        """Return the hashes of a stream's events in order."""
        return [event.hash for event in self._streams.get(stream, [])[after:]]

    def stored(self, after: tuple[str, int], limit: int) -> Sequence[StoredEvent]:
        """Return events of all streams as they are stored, by name of stream and number."""
        every = (
            # What is in memory is the body; its text is made of it.
            (*(row := event_row(event))[:5], to_json(event.body), *row[6:])
            for name in sorted(self._streams)
            if name >= after[0]
            for event in self._streams[name]
            if (name, event.seq) > after
        )
        return list(islice(every, limit))

    def hashes_at(self, places: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
        """Return the hash of the event at each place."""
        found = ((place, self.of(place[0], after=place[1] - 1, limit=1)) for place in places)
        return {place: events[0].hash for place, events in found if events and events[0].seq == place[1]}

    def last_hashes(self) -> Iterator[tuple[str, int, str]]:
        """Yield every stream with the number and the hash of its newest event."""
        for name in sorted(self._streams):
            last = self._streams[name][-1]
            yield name, last.seq, last.hash

    def count(self, kind: str | None = None) -> int:
        """Return how many events there are."""
        return sum(
            len(events) if kind is None else sum(event.kind == kind for event in events)
            for events in self._streams.values()
        )
