"""Dictionaries whose changes can be undone, with indexes that follow them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from engine.store.problem import ReadOnlyTransactionError

if TYPE_CHECKING:
    from engine.lifecycle.chain import Event

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T = TypeVar("T")
K_contra = TypeVar("K_contra", contravariant=True)
V_contra = TypeVar("V_contra", contravariant=True)


class UndoLog:
    """How to undo what the present transaction has done, newest last."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []
        self.open = False
        #: Registers, delegations or settings were written in the present transaction.
        self.touched = False
        #: Table -> its rows; a table of the database may be kept in two.
        self.tables: dict[str, list[MemoryTable[Any, Any]]] = {}
        #: What was written in the present transaction, undone or not.
        self.written: dict[tuple[MemoryTable[Any, Any], Any], None] = {}
        #: The events appended in the present transaction.
        self.appended: list[Event] = []

    def note(self, undo: Callable[[], None]) -> None:
        """Note how to undo a change that is about to be made. Raises ReadOnlyTransactionError in a transaction that only reads."""
        if not self.open:
            raise ReadOnlyTransactionError
        self._undo.append(undo)

    @property
    def mark(self) -> int:
        """Return the number of changes noted so far (see `back_to`)."""
        return len(self._undo)

    def back_to(self, mark: int) -> None:
        """Undo everything noted after `mark`, newest first."""
        while len(self._undo) > mark:
            self._undo.pop()()

    def forget(self) -> None:
        """Keep the changes: they can no longer be undone."""
        self._undo.clear()
        self.written.clear()
        self.appended.clear()


class MemoryIndex(Protocol[K_contra, V_contra]):
    """Something that follows the rows of a table."""

    def add(self, key: K_contra, value: V_contra) -> None:
        """Take in a row."""
        ...

    def discard(self, key: K_contra, value: V_contra) -> None:
        """Leave out a row that was taken in."""
        ...


class MemoryTable(Generic[K, V]):
    """Rows by key. `table` is the table of the database they are in there, `row` makes all its columns of a key and a value."""

    def __init__(
        self, undo_log: UndoLog, *indexes: MemoryIndex[K, V], table: str, row: Callable[[K, V], Sequence[Any]]
    ) -> None:
        self._undo_log = undo_log
        self._indexes = indexes
        self.table = table
        self.row = row
        self.rows: dict[K, V] = {}
        self._kept: Mapping[K, V] | None = None
        undo_log.tables.setdefault(table, []).append(self)

    def put(self, key: K, value: V) -> None:
        """Add or replace a row."""
        old = self.rows.get(key)
        self._undo_log.note(lambda: self._set(key, old))
        self._undo_log.written[self, key] = None
        self._set(key, value)

    def remove(self, key: K) -> None:
        """Take a row away, if it is there."""
        old = self.rows.get(key)
        if old is not None:
            self._undo_log.note(lambda: self._set(key, old))
            self._undo_log.written[self, key] = None
            self._set(key, None)

    def get(self, key: K) -> V | None:
        """Return a row."""
        return self.rows.get(key)

    def kept(self) -> Mapping[K, V]:
        """Return the rows as they are now, in one mapping for as long as none changes."""
        if self._kept is None:
            self._kept = dict(self.rows)
        return self._kept

    def back_to(self, rows: Mapping[K, V]) -> None:
        """Hold exactly these rows again, in their order; `rows` is what `kept` returned."""
        if rows is self._kept:
            return
        for key in list(self.rows):
            self._set(key, None)
        for key, value in rows.items():
            self._set(key, value)
        self._kept = rows

    def _set(self, key: K, value: V | None) -> None:
        self._kept = None
        old = self.rows.pop(key, None)
        if old is not None:
            for index in self._indexes:
                index.discard(key, old)
        if value is not None:
            self.rows[key] = value
            for index in self._indexes:
                index.add(key, value)


class Groups(Generic[K, V]):
    """The keys of rows that share something."""

    def __init__(self, group: Callable[[V], Hashable | None]) -> None:
        self._group = group
        self._keys: dict[Hashable, dict[K, None]] = {}

    def add(self, key: K, value: V) -> None:
        """Take in a row; one whose group is None is not kept."""
        group = self._group(value)
        if group is not None:
            self._keys.setdefault(group, {})[key] = None

    def discard(self, key: K, value: V) -> None:
        """Leave out a row."""
        group = self._group(value)
        if group is not None:
            keys = self._keys[group]
            del keys[key]
            if not keys:
                del self._keys[group]

    def of(self, group: Hashable) -> list[K]:
        """Return the keys of a group."""
        return list(self._keys.get(group, ()))


class KnownGroups(Groups[K, V]):
    """Groups of which what was worked out stays known until one of their rows changes."""

    def __init__(self, group: Callable[[V], Hashable | None]) -> None:
        super().__init__(group)
        self._known: dict[Hashable, dict[Hashable, Any]] = {}

    def add(self, key: K, value: V) -> None:
        """Take in a row."""
        self._known.pop(self._group(value), None)
        super().add(key, value)

    def discard(self, key: K, value: V) -> None:
        """Leave out a row."""
        self._known.pop(self._group(value), None)
        super().discard(key, value)

    def groups(self) -> list[Hashable]:
        """Return the groups there are."""
        return list(self._keys)

    def known(self, group: Hashable, what: Hashable, work_out: Callable[[list[K]], T]) -> T:
        """Return what `work_out` makes of the keys of a group; nobody may change it."""
        kept = self._known.setdefault(group, {})
        if what not in kept:
            kept[what] = work_out(self.of(group))
        found: T = kept[what]
        return found


class Sorted(Generic[K, V]):
    """Rows in order of a place that is different for every row."""

    #: Up to so many new places are put in one by one; more are sorted in together.
    FEW = 64

    def __init__(self, place: Callable[[V], tuple[Any, ...] | None]) -> None:
        self._place = place
        self._places: list[tuple[Any, ...]] = []
        self._new: list[tuple[Any, ...]] = []

    def add(self, key: K, value: V) -> None:
        """Take in a row; one whose place is None is not kept."""
        place = self._place(value)
        if place is not None:
            self._new.append(place)

    def discard(self, key: K, value: V) -> None:
        """Leave out a row."""
        place = self._place(value)
        if place is not None:
            places = self._settled()
            del places[bisect_left(places, place)]

    def since(self, place: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        """Yield the places from `place` on. The table must not change meanwhile."""
        places = self._settled()
        for number in range(bisect_left(places, place), len(places)):
            yield places[number]

    def __len__(self) -> int:
        return len(self._places) + len(self._new)

    def _settled(self) -> list[tuple[Any, ...]]:
        if len(self._new) > self.FEW:
            self._places += self._new
            self._places.sort()
        else:
            for place in self._new:
                insort(self._places, place)
        self._new = []
        return self._places
