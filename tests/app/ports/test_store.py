"""What the port of stores does itself: reads are put together where a store can, and a conflict names its case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.app.ports.store import ConflictError, read_together
from engine.store.memory import MemoryStore


class Together(MemoryStore):
    """A store that can put reads together, and counts how often it was asked to."""

    asked = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        self.asked += 1
        yield


def test_reads_are_put_together_where_the_store_can() -> None:
    store = Together()
    with read_together(store), store.read() as transaction:
        assert transaction.definitions.versions() == []
    assert store.asked == 1
    plain = MemoryStore()
    with read_together(plain), plain.read() as transaction:
        assert transaction.definitions.versions() == []


def test_a_conflict_names_its_case() -> None:
    assert (ConflictError("visit-1").case, str(ConflictError("visit-1"))) == ("visit-1", "visit-1")
