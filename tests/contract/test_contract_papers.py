"""Papers, numbers of their series and kept files, in both stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sample_rows import HARD

from engine.app.ports.papers import KeptFile, NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.app.ports.store import ConflictError, Store

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def paper(number: int, case: str = "inspection-1") -> PaperRecord:
    at = NOON + timedelta(minutes=number)
    fact = PaperFact(PaperState.DRAFTED, date(2026, 3, 2), at, "p-1", HARD)
    return PaperRecord(
        id=f"{case}/notice/{number}", case=case, kind="notice", document=f"{case}/{number}", facts=(fact,)
    )


def number(n: int, **more: object) -> PaperNumber:
    values = {"series": "notice", "year": 2026, "text": f"检通〔2026〕{n}号", "status": NumberStatus.GIVEN}
    return PaperNumber(number=n, **{**values, **more})  # type: ignore[arg-type]  # the fields by name


def test_papers_are_kept_with_their_facts_in_the_order_in_which_they_were_made(store: Store) -> None:
    second, first, other = paper(2), paper(1), paper(3, "inspection-2")
    later = PaperFact(PaperState.NUMBERED, date(2026, 3, 3), NOON + timedelta(days=1), "p-2")
    numbered = replace(first, facts=(*first.facts, later), number="检通〔2026〕1号", replaces=second.id)
    with store.write() as transaction:
        for one in (second, first, other):
            transaction.papers.put(one)
        transaction.papers.put(numbered)
    with store.read() as transaction:
        assert transaction.papers.of_case("inspection-1") == [numbered, second]
        assert transaction.papers.get(other.id) == other
        assert transaction.papers.get("inspection-9/notice/1") is None
        assert transaction.papers.of_case("inspection-9") == []


def test_the_next_number_is_the_lowest_open_one_else_the_one_after_the_last(store: Store) -> None:
    with store.write() as transaction:
        papers = transaction.papers
        assert papers.next_number("notice", 2026) == 1
        papers.add_number(number(1, paper="a", on=date(2026, 3, 2), by="p-1"))
        assert papers.next_number("notice", 2026) == 2
        for n in (3, 2):
            papers.add_number(number(n, status=NumberStatus.OPEN))
        papers.add_number(number(4, paper="b", out_of_order=True, reason=HARD))
        assert papers.next_number("notice", 2026) == number(2, status=NumberStatus.OPEN)
        papers.set_number(number(2, paper="c"), NumberStatus.OPEN)
        papers.set_number(number(3, status=NumberStatus.VOID, reason="作废"), NumberStatus.OPEN)
        assert papers.next_number("notice", 2026) == 5
        assert papers.next_number("notice", 2027) == papers.next_number("order", 2026) == 1


def test_a_number_is_taken_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.papers.add_number(number(1))
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.papers.add_number(number(1, text="another"))
    with store.read() as transaction:
        assert transaction.papers.numbers() == [number(1)]


def test_an_open_number_is_given_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.papers.add_number(number(1, status=NumberStatus.OPEN))
    with store.write() as transaction:
        transaction.papers.set_number(number(1, paper="a"), NumberStatus.OPEN)
    for there in (number(1, paper="b"), number(2, paper="b")):
        with pytest.raises(ConflictError), store.write() as transaction:
            transaction.papers.set_number(there, NumberStatus.OPEN)


def test_numbers_are_listed_by_series_year_and_number(store: Store) -> None:
    made = [
        number(2, paper="a", out_of_order=True),
        number(1, series="letter"),
        number(1, year=2027, paper="b"),
        number(10),
    ]
    with store.write() as transaction:
        for one in made:
            transaction.papers.add_number(one)
    with store.read() as transaction:
        assert transaction.papers.numbers() == [made[1], made[0], made[3], made[2]]
        assert transaction.papers.numbers(2027) == [made[2]]
        assert transaction.papers.numbers(series="letter") == [made[1]]
        assert transaction.papers.number("notice", 2026, 10) == made[3]
        assert transaction.papers.number("notice", 2026, 9) is None
        assert transaction.papers.number_of("b") == made[2]
        assert transaction.papers.number_of("c") is None


def test_kept_files_are_listed_by_case(store: Store) -> None:
    one = KeptFile(
        id="inspection-1/F1",
        case="inspection-1",
        title=HARD,
        name="a.pdf",
        sha256="0" * 64,
        size=10**10,
        type="pdf",
        at=NOON,
        by="p-1",
    )
    later = replace(one, id="inspection-1/F2", at=NOON + timedelta(hours=1))
    other = replace(one, id="a-1/F1", case="a-1", at=NOON + timedelta(hours=2))
    with store.write() as transaction:
        for file in (later, one, other):
            transaction.papers.add_file(file)
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.papers.add_file(later)
    with store.read() as transaction:
        assert transaction.papers.files("inspection-1") == [one, later]
        assert transaction.papers.files() == [other, one, later]
        assert transaction.papers.files("inspection-9") == []
    with store.write() as transaction:
        transaction.papers.call_file(one.id, "另称", "b.pdf")
        transaction.papers.call_file("inspection-9/F1", "另称", "b.pdf")
    with store.read() as transaction:
        assert transaction.papers.files() == [other, replace(one, title="另称", name="b.pdf"), later]
