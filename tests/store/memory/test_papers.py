"""What a memory store is undone to: the indexes follow."""

from __future__ import annotations

import pytest

from engine.app.ports.papers import NumberStatus, PaperNumber
from engine.app.ports.store import ConflictError
from engine.store.memory.store import MemoryStore


def test_a_number_that_is_undone_is_free_again() -> None:
    store = MemoryStore()
    one = PaperNumber(series="n", year=2026, number=1, text="1号", status=NumberStatus.GIVEN, paper="p")

    def twice() -> None:
        with store.write() as transaction:
            transaction.papers.add_number(one)
            transaction.papers.add_number(one)

    with pytest.raises(ConflictError):
        twice()
    with store.read() as transaction:
        assert transaction.papers.next_number("n", 2026) == 1
        assert transaction.papers.number_of("p") is None
