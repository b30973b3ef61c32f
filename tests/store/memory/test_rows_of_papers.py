"""Papers, numbers and kept files in memory, without a store around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.app.ports.papers import KeptFile, NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.app.ports.store import ConflictError
from engine.store.memory.papers import MemoryPapers
from engine.store.memory.undo_log import UndoLog

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
OPEN = PaperNumber(series="n", year=2026, number=1, text="1号", status=NumberStatus.OPEN)


def opened() -> MemoryPapers:
    """Return papers in a transaction that writes."""
    undo_log = UndoLog()
    undo_log.open = True
    return MemoryPapers(undo_log)


def test_papers_of_a_case_are_in_the_order_of_their_making() -> None:
    papers = opened()
    first, second = (
        PaperRecord(
            id=f"c/n/{n}",
            case="c",
            kind="n",
            document="d",
            facts=(PaperFact(PaperState.DRAFTED, date(2026, 3, 2), NOON + timedelta(hours=-n), "a"),),
        )
        for n in (2, 1)
    )
    papers.put(second)
    papers.put(first)
    papers.put(replace(second, number="1号"))
    assert papers.of_case("c") == [first, replace(second, number="1号")]
    assert papers.get("c/n/9") is None


def test_a_number_is_taken_and_given_once() -> None:
    papers = opened()
    papers.add_number(OPEN)
    with pytest.raises(ConflictError, match="1号"):
        papers.add_number(OPEN)
    assert papers.next_number("n", 2026) == OPEN
    given = replace(OPEN, status=NumberStatus.GIVEN, paper="p")
    papers.set_number(given, NumberStatus.OPEN)
    with pytest.raises(ConflictError, match="1号"):
        papers.set_number(given, NumberStatus.OPEN)
    assert papers.next_number("n", 2026) == 2
    assert papers.number_of("p") == given
    assert papers.numbers(2027) == []


def test_a_kept_file_is_added_once() -> None:
    papers = opened()
    file = KeptFile(
        id="c/F1", case="c", title="t", name="a", sha256="0" * 64, size=1, type="pdf", at=NOON, by="a"
    )
    papers.add_file(file)
    with pytest.raises(ConflictError, match="c/F1"):
        papers.add_file(replace(file, title="u"))
    assert papers.files() == papers.files("c") == [file]
    assert papers.files("d") == []
